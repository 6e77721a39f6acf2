import * as pulumi from "@pulumi/pulumi";
import { CanaryRelease } from "../../../src/index.js";
import { setHitlessMocks } from "../../../src/testing/index.js";
import { canaryArgs, shared } from "./programs.js";

interface Request {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
}

/** What each resource of a program waits for, as the engine is told: `Listener web` → [`Group web-v1` …]. */
async function dependencies(args: ReturnType<typeof canaryArgs>): Promise<Map<string, string[]>> {
  const mocks = await setHitlessMocks();
  const found = new Map<string, string[]>();
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: Request, callback: unknown): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const names = request.getDependenciesList().map((urn) => {
      const [type, name] = urn.split("::").slice(-2);
      return `${type?.split(":").at(-1)} ${name}`;
    });
    found.set(`${request.getType().split(":").at(-1)} ${request.getName()}`, names.sort());
    return register(request, callback);
  };
  new CanaryRelease("web", args);
  await mocks.complete();
  return found;
}

test("target groups → the stable fleet → the others → entrance → audiences and autoscalers", async () => {
  const audience = { header: { name: "x-beta", values: ["1"] } };
  const base = canaryArgs({ stable: "v2", previous: "v1" });
  const found = await dependencies({
    ...base,
    canary: { ...shared("v3", 10), audience },
    fleet: { ...base.fleet, maxSize: 9, scaling: { cpuPercent: 50 } },
  });
  expect(found.get("TargetGroup web-v3")).toEqual([]);
  expect(found.get("Group web-v2")).toEqual(["LaunchTemplate web-v2", "TargetGroup web-v2"]);
  for (const version of ["v1", "v3"]) {
    const own = [`LaunchTemplate web-${version}`, `TargetGroup web-${version}`];
    expect(found.get(`Group web-${version}`)).toEqual(expect.arrayContaining(["Group web-v2", ...own]));
  }
  const groups = ["v1", "v2", "v3"].map((version) => `Group web-${version}`);
  expect(found.get("Listener web")).toEqual(expect.arrayContaining(groups));
  expect(found.get("ListenerRule web-canary-audience")).toEqual(
    expect.arrayContaining(["Group web-v3", "Listener web", "TargetGroup web-v3"]),
  );
  expect(found.get("Policy web-v3")).toEqual(expect.arrayContaining(["Group web-v3", "Listener web"]));
});
