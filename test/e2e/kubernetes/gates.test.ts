/** The gates of Kubernetes fleets before a real API server, real controllers and real pods. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { HitlessError } from "../../../src/errors/index.js";
import type { GateSurroundings } from "../../../src/gates/gate.js";
import { targetsOf } from "../../../src/gates/kubernetes/endpoints.js";
import { GatewayBalancer } from "../../../src/gates/kubernetes/gatewayBalancer.js";
import { APPLY, KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";
import { deploymentPath, KubeFleets } from "../../../src/gates/kubernetes/kubeFleets.js";
import { assertCluster } from "../../../src/gates/kubernetes/namespaceGate.js";
import type { Deployment } from "../../../src/gates/kubernetes/objects.js";
import { takeCensus } from "../../../src/gates/kubernetes/rollout/census.js";
import type { DeploymentContext } from "../../../src/gates/kubernetes/rollout/deploymentRollout.js";
import { differenceOf } from "../../../src/gates/kubernetes/rollout/difference.js";
import { rollOutDeployment } from "../../../src/gates/kubernetes/rollout/rollOutDeployment.js";
import type { KubeTransport } from "../../../src/gates/kubernetes/transport.js";
import type { RolloutOrder } from "../../../src/gates/rollout.js";
import { BUDGET, build, COMPONENT, DEPLOYMENT, goodFleet } from "../../fleet/kubernetes/build.js";
import { describeWithCluster } from "../../support/cluster.js";

const MANAGER = "pulumi-kubernetes-12345678";
const APP = path.resolve(__dirname, "../support/podApp");
const image = {
  name: "pod-app:v1",
  programs: [process.execPath],
  files: { "/app": APP },
  entrypoint: [process.execPath, "/app/server.js"],
  user: "1000",
};
const MINUTE = 60_000;

/** The client library is no CommonJS, which Jest cannot load: so the kubeconfig is read here. Hooks under the real engine use it. */
function transport(kubeconfig: string): KubeTransport {
  const config = parse(readFileSync(kubeconfig, "utf8"));
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const pem = (data: string | undefined, file: string | undefined) =>
    data !== undefined ? Buffer.from(data, "base64") : file && readFileSync(file);
  return {
    server: new URL(cluster.server),
    options: async () => ({
      ca: pem(cluster["certificate-authority-data"], cluster["certificate-authority"]),
      cert: pem(user["client-certificate-data"], user["client-certificate"]),
      key: pem(user["client-key-data"], user["client-key"]),
      ...(user.token ? { headers: { authorization: `Bearer ${user.token}` } } : {}),
    }),
  };
}

describeWithCluster(
  "gates of Kubernetes fleets",
  (cluster) => {
    let api: KubeApi;
    const said: string[] = [];
    const surroundings: GateSurroundings = {
      pace: {
        now: () => performance.now() / 1000,
        sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, Math.min(seconds, 0.5) * 1000)),
      },
      report: {
        progress: async (message) => void said.push(message),
        note: async (message) => void said.push(message),
        warn: async (message) => void said.push(message),
      },
      assertWatched: async () => {},
    };

    async function apply(resource: string, object: any): Promise<any> {
      const answer = await api.attempt({
        method: "PATCH",
        path: `${resource}/${object.metadata.name}`,
        query: { fieldManager: MANAGER, force: "true" },
        contentType: APPLY,
        body: object,
      });
      if ("status" in answer) throw new Error(`${resource}: ${answer.status.message}`);
      return answer.object;
    }

    /** What the provider is given for a fleet of one release, as the component builds it. */
    async function inputsOf(
      name: string,
      version: string,
      more: { env?: object; image?: string; replicas?: number; runAsUser?: number } = {},
    ) {
      const { runAsUser } = more;
      const mocks = await build({
        name,
        behind: "service",
        targetId: `default/${name}`,
        drainSeconds: 0,
        startupSeconds: 10,
        batch: { surge: true, batchSize: 1 },
        healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 2 },
        fleet: {
          ...goodFleet(),
          namespace: "default",
          desiredCapacity: more.replicas ?? 3,
          resources: { requests: { cpu: "10m", memory: "64Mi" } },
          shutdownSeconds: 1,
          ...(runAsUser !== undefined ? { runAsUser } : {}),
        },
        release: { version, image: more.image ?? image.name, env: { VERSION: version, ...more.env } },
      });
      const named = (inputs: any) => ({ ...inputs, metadata: { ...inputs.metadata, name } });
      return {
        deployment: named({ ...mocks.find(DEPLOYMENT).inputs, apiVersion: "apps/v1", kind: "Deployment" }),
        budget: named({ ...mocks.find(BUDGET).inputs, apiVersion: "policy/v1", kind: "PodDisruptionBudget" }),
      };
    }

    const order = (version: string, more: Partial<RolloutOrder> = {}): RolloutOrder => ({
      subject: 'RollingFleet "web"',
      release: { version },
      batch: { surge: true, batchSize: 1 },
      whenBusy: "supersede",
      warmupSeconds: 0,
      bakeSeconds: 0,
      alarmNames: [],
      replacementTimeoutSeconds: 45,
      ...more,
    });

    const context = (name: string, before: any, after: any, given: RolloutOrder): DeploymentContext => ({
      ...surroundings,
      api,
      order: given,
      cloud: { targets: (id) => targetsOf(api, id), alarms: async () => [] },
      rollout: {
        namespace: "default",
        name,
        before,
        after,
        fieldManager: MANAGER,
        target: `default/${name}`,
      },
    });

    const live = async (name: string) => (await api.get<Deployment>(deploymentPath("default", name))) as Deployment;

    async function begin(name: string): Promise<any> {
      const first = await inputsOf(name, "v1");
      await apply("/api/v1/namespaces/default/services", {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: "default" },
        spec: { selector: first.deployment.spec.selector.matchLabels, ports: [{ port: 80, targetPort: 8080 }] },
      });
      await apply("/apis/policy/v1/namespaces/default/poddisruptionbudgets", first.budget);
      await apply("/apis/apps/v1/namespaces/default/deployments", first.deployment);
      const idle = context(name, first.deployment, first.deployment, order("v1"));
      for (let look = 0; look < 120 && !(await takeCensus(idle)).complete; look += 1)
        await surroundings.pace.sleep(0.5);
      expect(await takeCensus(idle)).toMatchObject({ complete: true, size: 3 });
      return first.deployment;
    }

    beforeAll(async () => {
      const file = cluster().kubeconfig;
      api = new KubeApi('RollingFleet "web"', async () => transport(file));
      await cluster().importImage(image);
    }, 2 * MINUTE);

    test(
      "a rollout replaces every pod, and the provider's update after it changes none",
      async () => {
        const before = await begin("roll");
        const after = (await inputsOf("roll", "v2")).deployment;
        expect(await differenceOf(context("roll", before, after, order("v2")), "x")).toBe("other release");
        await rollOutDeployment(context("roll", before, after, order("v2")));
        const rolled = await live("roll");
        expect(rolled.metadata.annotations?.["hitless.dev/version"]).toBe("v1");
        expect(rolled.spec.template.metadata?.annotations?.["hitless.dev/version"]).toBe("v2");
        const sets = (await takeCensus(context("roll", before, after, order("v2")))).fresh.map(
          (pod) => pod.metadata.name,
        );
        const updated = await apply("/apis/apps/v1/namespaces/default/deployments", after);
        expect(updated.metadata.annotations["hitless.dev/version"]).toBe("v2");
        const census = await takeCensus(context("roll", before, after, order("v2")));
        expect(census.fresh.map((pod) => pod.metadata.name).sort()).toEqual([...sets].sort());
        expect(census.old).toEqual([]);
        const managers = new Set(
          updated.metadata.managedFields
            .filter(({ operation }: any) => operation === "Apply")
            .map(({ manager }: any) => manager),
        );
        expect([...managers]).toEqual([MANAGER]);
        // A second time there is nothing to do.
        expect(await differenceOf(context("roll", after, after, order("v2")), "x")).toBe("none");
        said.length = 0;
        await rollOutDeployment(context("roll", after, after, order("v2")));
        expect(said).toEqual(["every pod already runs v2"]);
      },
      3 * MINUTE,
    );

    test.each<[string, string, object, string, RegExp]>([
      [
        "crash",
        "a crash loop, with its last words",
        { env: { CRASH: "no database" } },
        "HIT310",
        /(CrashLoopBackOff|restarts)[\s\S]*exit code 3[\s\S]*\| v2 cannot go on: no database/,
      ],
      [
        "pull",
        "an image that is not there",
        { image: "registry.invalid/nobody:v2" },
        "HIT310",
        /(ErrImagePull|ImagePullBackOff)[\s\S]*registry\.invalid/,
      ],
      ["sick", "a probe that fails", { env: { SICK: "1" } }, "HIT311", /pod sick-[\s\S]*statuscode: 500/],
      [
        "root",
        "an image that would run as root",
        { image: "pod-root:v1" },
        "HIT310",
        /CreateContainerConfigError[\s\S]*runAsNonRoot/,
      ],
    ])(
      "%s: %s; the fleet is back on v1",
      async (name, _what, more, code, reason) => {
        if (name === "root") {
          const { user: _, ...asRoot } = image;
          await cluster().importImage({ ...asRoot, name: "pod-root:v1" });
        }
        const before = await begin(name);
        const after = (await inputsOf(name, "v2", more)).deployment;
        const old = (await takeCensus(context(name, before, after, order("v2")))).fresh
          .map((pod) => pod.metadata.name)
          .sort();
        const error = await rollOutDeployment(context(name, before, after, order("v2"))).then(
          () => undefined,
          (failure) => failure,
        );
        expect(error).toBeInstanceOf(HitlessError);
        expect((error as HitlessError).codes).toEqual([code]);
        expect((error as HitlessError).message).toMatch(reason);
        expect((error as HitlessError).message).toMatch(/the fleet is back on v1/);
        const census = await takeCensus(context(name, before, after, order("v2")));
        // With a surge nobody who serves has been touched.
        expect(census.fresh.map((pod) => pod.metadata.name).sort()).toEqual(old);
        expect((await live(name)).spec.template.metadata?.annotations?.["hitless.dev/version"]).toBe("v1");
        await api.call({ method: "DELETE", path: deploymentPath("default", name) });
      },
      3 * MINUTE,
    );

    test(
      "a pod that no node takes is told, and what the cluster refuses is refused before anything moves",
      async () => {
        const before = await begin("big");
        const after = (await inputsOf("big", "v2")).deployment;
        after.spec.template.spec.containers[0].resources.requests.cpu = "999";
        const failure = await rollOutDeployment(
          context("big", before, after, order("v2", { replacementTimeoutSeconds: 8 })),
        ).catch((error) => error);
        expect(failure.codes).toEqual(["HIT311"]);
        expect(failure.message).toMatch(/no node takes it: .*Insufficient cpu/);
        const wrong = structuredClone(after);
        wrong.spec.template.spec.containers[0].lifecycle.preStop.sleep.seconds = 100_000;
        const refused = await rollOutDeployment(context("big", before, wrong, order("v3"))).catch((error) => error);
        expect(refused.codes).toEqual(["HIT386"]);
        await api.call({ method: "DELETE", path: deploymentPath("default", "big") });
      },
      2 * MINUTE,
    );

    test(
      "a rollout that an earlier update has left is joined, and one to another release gives way",
      async () => {
        const before = await begin("left");
        const slow = (await inputsOf("left", "v2", { env: { BOOT_MS: "1500" } })).deployment;
        await apply("/apis/apps/v1/namespaces/default/deployments", { ...slow, metadata: before.metadata });
        said.length = 0;
        await rollOutDeployment(context("left", before, slow, order("v2")));
        expect(said.join("\n")).toMatch(/joining the rollout to v2/);
        const next = (await inputsOf("left", "v3", { env: { BOOT_MS: "1500" } })).deployment;
        await apply("/apis/apps/v1/namespaces/default/deployments", { ...next, metadata: before.metadata });
        const last = (await inputsOf("left", "v4")).deployment;
        const busy = await rollOutDeployment(context("left", slow, last, order("v4", { whenBusy: "fail" }))).catch(
          (error) => error,
        );
        expect(busy.codes).toEqual(["HIT303"]);
        said.length = 0;
        await rollOutDeployment(context("left", slow, last, order("v4")));
        expect(said.join("\n")).toMatch(/the rollout to v3 .* gives way to v4/);
        await api.call({ method: "DELETE", path: deploymentPath("default", "left") });
      },
      3 * MINUTE,
    );

    test(
      "fleets are found by their component, grow, and tell since when their pods are ready",
      async () => {
        await begin("find");
        const fleets = new KubeFleets(api, "default");
        const found = (await fleets.fleetsOf(COMPONENT)).find(({ name }) => name === "default/find");
        expect(found).toMatchObject({ desiredCapacity: 3, maxSize: 3, targetGroupArns: ["default/find"] });
        expect(found?.tags["hitless:version"]).toBe("v1");
        expect(await fleets.fleetsOf("another/dev/web")).toEqual([]);
        await fleets.setDesiredCapacity("default/find", 4);
        await fleets.setDesiredCapacity("default/find", 2);
        expect((await live("find")).spec.replicas).toBe(4);
        if (!found) throw new Error("no fleet");
        const { since, moments } = await fleets.seniority(found);
        expect(since).toBe("ready");
        expect(moments.size).toBeGreaterThanOrEqual(6); // by address and by name
        const [id] = [...moments.keys()];
        expect(await fleets.consoleTail(id as string)).toContain("v1 starts");
        await api.call({ method: "DELETE", path: deploymentPath("default", "find") });
      },
      2 * MINUTE,
    );

    test(
      "a Gateway's weights are set and read back",
      async () => {
        const gateway = new GatewayBalancer(api, { component: "shop/prod/web", namespace: "default" });
        await apply("/apis/gateway.networking.k8s.io/v1/namespaces/default/httproutes", {
          apiVersion: "gateway.networking.k8s.io/v1",
          kind: "HTTPRoute",
          metadata: { name: "shop", namespace: "default", annotations: { "hitless.dev/live": "blue" } },
          spec: {
            parentRefs: [{ name: "front" }],
            rules: [
              {
                matches: [{ headers: [{ name: "X-Tenant", value: "a" }] }],
                backendRefs: [
                  { name: "blue", port: 80, weight: 100 },
                  { name: "green", port: 80, weight: 0 },
                ],
              },
            ],
          },
        });
        const at = (blue: number, green: number) => ({
          targets: [
            { targetGroupArn: "default/blue", weight: blue },
            { targetGroupArn: "default/green", weight: green },
          ],
        });
        expect(await gateway.forwardAction("default/shop")).toEqual(at(100, 0));
        await gateway.setForwardAction("default/shop", at(10, 90));
        expect(await gateway.forwardAction("default/shop")).toEqual(at(10, 90));
        expect(await gateway.listenerOf("default/shop")).toBe("default/front");
        expect(await gateway.rules("default/front")).toEqual([
          {
            arn: "default/shop",
            priority: "none",
            targetGroupArns: ["default/blue", "default/green"],
            headers: { "x-tenant": ["a"] },
          },
        ]);
        expect(await gateway.entranceTags("default/shop")).toEqual({ "hitless:live": "blue" });
        expect(await gateway.forwardAction("default/none")).toBeUndefined();
      },
      MINUTE,
    );

    test(
      "what a cluster lacks is said at once",
      async () => {
        const needs = { namespace: "nowhere", behind: "targetGroup" as const, preview: false };
        await expect(assertCluster(api, needs)).rejects.toMatchObject({ codes: ["HIT380"] });
        await expect(assertCluster(api, { ...needs, preview: true })).resolves.toBeUndefined();
        await expect(assertCluster(api, { ...needs, namespace: "default" })).rejects.toMatchObject({
          codes: ["HIT381"],
        });
        await expect(
          assertCluster(api, { ...needs, namespace: "default", behind: "service" }),
        ).resolves.toBeUndefined();
      },
      MINUTE,
    );
  },
  { nodes: 1 },
);
