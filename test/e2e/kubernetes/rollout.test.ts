/** A `RollingFleet` of pods under the real engine, before a real API server, real controllers and real pods. */
import { execFile } from "node:child_process";
import * as path from "node:path";
import { promisify } from "node:util";
import { describeWithCluster } from "../../support/cluster.js";
import { KubernetesStack } from "../support/kubernetesStack.js";
import { root } from "../support/rehearse.js";

const MINUTE = 60_000;
const image = {
  name: "pod-app:v1",
  programs: [process.execPath],
  files: { "/app": path.resolve(__dirname, "../support/podApp") },
  entrypoint: [process.execPath, "/app/server.js"],
  user: "1000",
};

const PROGRAM = `
  const { RollingFleet } = require(${JSON.stringify(path.join(root, "dist/index.js"))});
  const { gateway, kubernetes } = require(${JSON.stringify(path.join(root, "dist/kubernetes/index.js"))});
  const version = config.require("version");
  const name = config.get("name") ?? "web";
  const web = new RollingFleet(name, {
    release: { version, image: "pod-app:v1", env: { VERSION: version, CRASH: config.get("crash") ?? "" } },
    fleet: kubernetes({
      namespace: config.get("namespace") ?? "default",
      desiredCapacity: Number(config.get("pods") ?? 3),
      resources: { requests: { cpu: "10m", memory: "64Mi" } },
      shutdownSeconds: 1,
      ...(config.get("scaling") ? { minSize: 2, maxSize: 6, scaling: { cpuPercent: 60 } } : {}),
    }),
    entrance: gateway({ gateway: "front", hosts: ["shop.example.com"] }),
    healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 2 },
    batchSize: 1,
    drainSeconds: 0,
    startupSeconds: 20,
  }, name === "web" ? {} : { aliases: [{ name: "web" }] });
  exports.version = web.version;
`;

describeWithCluster(
  "a RollingFleet of pods",
  (cluster) => {
    const stack = new KubernetesStack();

    interface PodView {
      readonly name: string;
      readonly version: string;
    }

    async function kubectl(...args: string[]): Promise<string> {
      const { stdout } = await promisify(execFile)(cluster().kubectl, ["--kubeconfig", cluster().kubeconfig, ...args]);
      return stdout.trim();
    }
    async function pods(): Promise<PodView[]> {
      return (JSON.parse(await kubectl("get", "pods", "-o", "json")).items as any[])
        .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
        .map(({ metadata }) => ({ name: metadata.name, version: metadata.annotations["hitless.dev/version"] }));
    }
    const versions = async () => (await pods()).map(({ version }) => version);

    beforeAll(async () => {
      await cluster().importImage(image);
      await stack.start(cluster().kubeconfig);
      stack.write(PROGRAM);
    }, 2 * MINUTE);
    afterAll(() => stack.close());

    test(
      "comes up, and a second `up` changes nothing",
      async () => {
        await stack.set({ version: "v1" });
        await stack.up();
        expect(await versions()).toEqual(["v1", "v1", "v1"]);
        expect(await stack.up()).not.toHaveProperty("updated");
      },
      3 * MINUTE,
    );

    test(
      "a release goes through its pods, and then nothing is left to change",
      async () => {
        await stack.set({ version: "v2" });
        const { output } = await stack.preview();
        expect(output).toMatch(/v1.*=>.*v2/);
        await stack.up();
        expect(await versions()).toEqual(["v2", "v2", "v2"]);
        const before = await pods();
        const steps = await stack.up("--refresh");
        expect(steps).not.toHaveProperty("updated");
        expect(await pods()).toEqual(before);
        expect(await stack.outputs()).toMatchObject({ version: "v2" });
      },
      3 * MINUTE,
    );

    test(
      "a release that crashes is refused with its last words; pods and state keep the old one",
      async () => {
        const before = await pods();
        await stack.set({ version: "v3", crash: "no database" });
        const { exitCode, output } = await stack.failingUp();
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/HIT310 RollingFleet "web": release v3 was refused/);
        expect(output).toMatch(/v3 cannot go on: no database/);
        expect(output).toMatch(/the fleet is back on v2/);
        expect((await pods()).sort(byName)).toEqual(before.sort(byName));
        await stack.set({ version: "v2", crash: "" });
        expect(await stack.up()).not.toHaveProperty("updated");
        expect((await pods()).sort(byName)).toEqual(before.sort(byName));
      },
      3 * MINUTE,
    );

    test(
      "another size replaces no pod",
      async () => {
        const before = (await pods()).map(({ name }) => name);
        await stack.set({ pods: "4" });
        await stack.up();
        const after = (await pods()).map(({ name }) => name);
        expect(after).toHaveLength(4);
        expect(after).toEqual(expect.arrayContaining(before));
      },
      2 * MINUTE,
    );

    test(
      "what an autoscaler has made of the size is kept",
      async () => {
        await stack.set({ scaling: "yes" });
        await stack.up();
        // As an autoscaler does it; this cluster measures no processors.
        const [name] = (await kubectl("get", "deployments", "-o", "name")).split("\n");
        await kubectl("scale", name as string, "--replicas=5");
        await stack.set({ version: "v4" });
        await stack.up();
        expect(await versions()).toEqual(["v4", "v4", "v4", "v4", "v4"]);
        expect(await stack.up("--refresh")).not.toHaveProperty("updated");
        expect(await versions()).toHaveLength(5);
      },
      3 * MINUTE,
    );

    test(
      "a name that would take the pods from users is refused in the preview",
      async () => {
        await stack.set({ name: "shop" });
        const { exitCode, output } = await stack.pulumi("preview", "--stack", "test");
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/HIT260 RollingFleet "shop": the pods of shop are selected by/);
        await stack.set({ name: "web" });
      },
      MINUTE,
    );

    test(
      "goes away, and waits for its pods to leave",
      async () => {
        await stack.must("destroy", "--stack", "test", "--yes", "--skip-preview");
        expect(await pods()).toEqual([]);
      },
      2 * MINUTE,
    );
  },
  { nodes: 1 },
);

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
