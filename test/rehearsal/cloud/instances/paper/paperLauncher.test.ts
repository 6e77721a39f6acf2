import { once } from "node:events";
import { Agent, request } from "node:http";
import { connect } from "node:net";
import { pino } from "pino";
import { InstanceSupervisor } from "../../../../../src/rehearsal/cloud/instances/instanceSupervisor.js";
import { PaperLauncher } from "../../../../../src/rehearsal/cloud/instances/paper/paperLauncher.js";
import type { InstanceEndpoint, InstanceExit } from "../../../../../src/rehearsal/cloud/instances/runtime.js";
import { instanceSpec } from "../spec.js";

const SPEED = 100;
let runtime: InstanceSupervisor;
let next = 1;

beforeEach(() => {
  runtime = new InstanceSupervisor(new PaperLauncher(SPEED), { log: pino({ level: "silent" }) });
});
afterEach(() => runtime.close());

const spec = (markers = "BOOT_SECONDS=0", more = {}) => instanceSpec(next++, `#!/bin/sh\n${markers}\n`, more);

interface Answer {
  status: number;
  version: string | undefined;
  body: any;
}

function get({ host, port }: InstanceEndpoint, path: string, options: object = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host, port, path, agent: false, ...options }, async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      const version = response.headers["x-version"] as string | undefined;
      resolve({ status: response.statusCode ?? 0, version, body: JSON.parse(text) });
    });
    sent.on("error", reject).end();
  });
}

const checker = { headers: { "user-agent": "ELB-HealthChecker/2.0" } };

/** Asks until it is answered; a boot ends by the clock. */
async function answered(endpoint: InstanceEndpoint): Promise<void> {
  while (!(await get(endpoint, "/").catch(() => undefined))) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function exitOf(instanceId: string): Promise<InstanceExit> {
  for (;;) {
    const [exit] = (await once(runtime.events, "exit")) as [InstanceExit];
    if (exit.instanceId === instanceId) return exit;
  }
}

test("each has its own address, and answers there with its own version", async () => {
  const [one, other] = await Promise.all([
    runtime.start(spec("BOOT_SECONDS=0\nVERSION=v1")),
    runtime.start(spec("BOOT_SECONDS=0", { tags: { "hitless:version": "v2" } })),
  ]);
  await Promise.all([answered(one), answered(other)]);
  expect(await get(one, "/a")).toEqual({
    status: 200,
    version: "v1",
    body: { version: "v1", path: "/a", uploaded: 0 },
  });
  expect((await get(other, "/")).version).toBe("v2");
  expect(`${one.host}:${one.port}`).not.toBe(`${other.host}:${other.port}`);
});

test("nobody is answered before it has booted", async () => {
  const endpoint = await runtime.start(spec("BOOT_SECONDS=7200"));
  await expect(get(endpoint, "/")).rejects.toThrow(/ECONNRESET|socket hang up/);
});

test("health checks are answered by the release's health, on any path", async () => {
  const sick = await runtime.start(spec("BOOT_SECONDS=0\nHEALTH=never"));
  await answered(sick);
  expect((await get(sick, "/ready", checker)).status).toBe(503);
  expect((await get(sick, "/ready")).status).toBe(200);
  const well = await runtime.start(spec("BOOT_SECONDS=0\nHEALTH=for:7200"));
  await answered(well);
  expect((await get(well, "/ready", checker)).status).toBe(200);
  const brief = await runtime.start(spec("BOOT_SECONDS=0\nHEALTH=for:0"));
  await answered(brief);
  expect((await get(brief, "/ready", checker)).status).toBe(503);
});

test("one that crashes at boot ends by itself with status 1, and its console says so", async () => {
  const crashing = spec("HEALTH=crash\nVERSION=v3");
  const exit = exitOf(crashing.instanceId);
  await runtime.start(crashing);
  expect(await exit).toEqual({ instanceId: crashing.instanceId, exitCode: 1, signal: null, expected: false });
  expect(await runtime.console(crashing.instanceId)).toContain("v3 crashes at boot on purpose");
});

test("stopping finishes what was begun, and lets nobody new in", async () => {
  const one = spec();
  const endpoint = await runtime.start(one);
  await answered(endpoint);
  const agent = new Agent({ keepAlive: true });
  await get(endpoint, "/", { agent }); // leaves an idle connection, which must not keep it up
  const slow = get(endpoint, "/slow?seconds=0.5");
  while ((await get(endpoint, "/")).status !== 200);
  const exit = exitOf(one.instanceId);
  const stopped = runtime.stop(one.instanceId, 10_000);
  expect((await slow).status).toBe(200);
  await stopped;
  expect(await exit).toEqual({ instanceId: one.instanceId, exitCode: 0, signal: null, expected: true });
  await expect(get(endpoint, "/")).rejects.toThrow("ECONNREFUSED");
  agent.destroy();
});

test("a power failure breaks off what was begun; so does a grace that is over", async () => {
  for (const how of ["kill", "stop"] as const) {
    const one = spec();
    const endpoint = await runtime.start(one);
    await answered(endpoint);
    const exit = exitOf(one.instanceId);
    const slow = get(endpoint, "/slow?seconds=60").catch((error: Error) => error.message);
    await get(endpoint, "/");
    await (how === "kill" ? runtime.kill(one.instanceId) : runtime.stop(one.instanceId, 20));
    expect(await slow).toMatch(/ECONNRESET|socket hang up/);
    expect(await exit).toMatchObject({ exitCode: null, signal: "SIGKILL", expected: true });
  }
});

test("a connection that never sends a request does not keep it up", async () => {
  const one = spec();
  const { host, port = 0 } = await runtime.start(one);
  await answered({ host, port });
  const silent = connect({ host, port });
  await once(silent, "connect");
  await runtime.stop(one.instanceId, 10_000);
  silent.destroy();
});

test("markers that it cannot use are told when the instance is started", async () => {
  await expect(runtime.start(spec("HEALTH=perhaps"))).rejects.toThrow(
    /cannot be started: its user data has HEALTH=perhaps/,
  );
});

test("user data that only cloud-init could carry out is no fault, as nothing is run", async () => {
  const endpoint = await runtime.start(instanceSpec(next++, "#cloud-config\npackages: [nginx]\n"));
  expect(endpoint.port).toBeGreaterThan(0);
});
