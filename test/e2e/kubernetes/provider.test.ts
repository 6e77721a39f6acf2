/** The rehearsal's Kubernetes provider under the real engine, before a real API server, real controllers and real pods. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { pauseImage } from "../../../src/rehearsal/cluster/images/pauseImage.js";
import { describeWithCluster } from "../../support/cluster.js";
import { KubernetesStack } from "../support/kubernetesStack.js";

const MINUTE = 60_000;
/** The one program in the image of the cluster's own pods. */
const [SLEEP] = pauseImage.entrypoint ?? [];
/** A program of one Deployment with pods that do nothing, and what else a test adds. */
const program = (more: string): string => `
  const namespace = "shop";
  const space = new k8s.core.v1.Namespace("shop", { metadata: { name: namespace } });
  const within = { dependsOn: [space], customTimeouts: { create: "10s", update: "10s" } };
  const labels = { app: config.get("app") || "web" };
  const web = new k8s.apps.v1.Deployment("web", {
    metadata: { namespace, name: config.get("name"), annotations: { "pulumi.com/patchFieldManager": "shop-web" } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { version: config.get("version") || "1" } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [{
            name: "web",
            image: config.get("image") || "${pauseImage.name}",
            imagePullPolicy: "Never",
            resources: { requests: { cpu: "0.01", memory: "8192Ki" } },
            securityContext: {},
            env: [],
          }],
        },
      },
    },
  }, { ...within, hooks: globalThis.hooks });
  exports.deployment = web.metadata.name;
  exports.ready = web.status.readyReplicas;
  ${more}
`;

const NOTHING = { unchanged: expect.any(Number) };

describeWithCluster(
  "the Kubernetes provider under the real engine",
  (cluster) => {
    const stack = new KubernetesStack();

    beforeAll(() => stack.start(cluster().kubeconfig), MINUTE);
    afterAll(async () => {
      try {
        await stack.must("destroy", "--stack", "test", "--yes", "--skip-preview");
        expect(await kubectl("get", "namespace", "shop", "--ignore-not-found", "--output", "name")).toBe("");
      } finally {
        await stack.close();
      }
    }, 2 * MINUTE);

    async function kubectl(...args: string[]): Promise<string> {
      const { stdout } = await promisify(execFile)(cluster().kubectl, ["--kubeconfig", cluster().kubeconfig, ...args]);
      return stdout.trim();
    }

    test(
      "kinds of every sort are made, show no difference afterwards, and keep secrets secret",
      async () => {
        stack.write(
          program(`
        const settings = new k8s.core.v1.ConfigMap("settings", { metadata: { namespace }, data: { a: "1" } }, within);
        const key = new k8s.core.v1.Secret(
          "key", { metadata: { namespace }, stringData: { key: config.requireSecret("key") } }, within);
        new k8s.core.v1.Service(
          "web", { metadata: { namespace }, spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } }, within);
        new k8s.policy.v1.PodDisruptionBudget(
          "web", { metadata: { namespace }, spec: { minAvailable: 1, selector: { matchLabels: labels } } }, within);
        new k8s.autoscaling.v2.HorizontalPodAutoscaler("web", { metadata: { namespace }, spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: web.metadata.name }, minReplicas: 2, maxReplicas: 4 } }, within);
        new k8s.batch.v1.Job("once", { metadata: { namespace }, spec: { template: { spec: { restartPolicy: "Never", containers: [
          { name: "once", image: "${pauseImage.name}", imagePullPolicy: "Never", command: ["${SLEEP}", "1"] }] } } } }, within);
        new k8s.apiextensions.v1.CustomResourceDefinition("widgets", { metadata: { name: "widgets.example.com" }, spec: {
          group: "example.com", scope: "Namespaced", names: { plural: "widgets", singular: "widget", kind: "Widget" },
          versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: {
            type: "object", x_kubernetes_preserve_unknown_fields: true } } }] } });
        new k8s.apiextensions.CustomResource("widget", {
          apiVersion: "example.com/v1", kind: "Widget", metadata: { namespace }, spec: { size: 1 } }, within);
        exports.settings = settings.metadata.name;
      `),
        );
        await stack.set({ key: "s3cret" });
        const previewed = await stack.preview();
        expect(previewed.steps).toEqual({ "to create": 11 });
        expect(await stack.up()).toEqual({ created: 11 });
        expect((await stack.outputs()).ready).toBe(2);
        expect(await kubectl("get", "widgets,jobs", "--namespace", "shop", "--output", "name")).toMatch(
          /widget-.*\n.*once-/,
        );
        const state = await stack.state();
        expect(state).not.toContain("s3cret");
        expect(state).not.toContain(Buffer.from("s3cret").toString("base64"));
        // Against the state, and against what the cluster made of it.
        expect((await stack.preview()).steps).toEqual(NOTHING);
        expect((await stack.preview("--refresh")).steps).toEqual(NOTHING);
      },
      4 * MINUTE,
    );

    test(
      "what the preview shows is what happens: changed in place, replaced, deleted",
      async () => {
        stack.write(
          program(`
        const settings = new k8s.core.v1.ConfigMap("settings", { metadata: { namespace }, data: { a: "2" } }, within);
        new k8s.core.v1.ConfigMap("fixed", { metadata: { namespace, name: "fixed" }, data: { a: config.get("fixed") || "1" } }, within);
        exports.settings = settings.metadata.name;
      `),
        );
        await stack.set({ version: "2" });
        const before = await stack.outputs();
        const { steps, output } = await stack.preview();
        expect(steps).toEqual({
          "to create": 1,
          "to update": 1,
          "to replace": 1,
          "to delete": 7,
          unchanged: 2,
          changes: expect.anything(),
        });
        expect(output).toMatch(/version: "1" => "2"/);
        expect(await stack.up()).toMatchObject({ created: 1, updated: 1, replaced: 1, deleted: 7 });
        const after = await stack.outputs();
        expect(after.settings).not.toBe(before.settings);
        expect(after.deployment).toBe(before.deployment);
        // A name of the program's own: the old one goes first.
        await stack.set({ fixed: "2" });
        expect(await stack.up()).toMatchObject({ replaced: 1 });
        expect(
          await kubectl("get", "configmap", "fixed", "--namespace", "shop", "--output", "jsonpath={.data.a}"),
        ).toBe("2");
      },
      4 * MINUTE,
    );

    test(
      "a release that does not start fails with the pods' reason, and the next update goes on from there",
      async () => {
        stack.write(program(""));
        await stack.set({ image: "absent:1" });
        const { exitCode, output } = await stack.failingUp();
        expect(exitCode).not.toBe(0);
        expect(output).toMatch(/waited 10 s for Deployment "web-.*" to get ready/);
        expect(output).toMatch(/Pod web-.*: container web: ErrImageNeverPull/);
        // Pulumi knows of it: a refresh says so as well, and the update takes it up again though the program is the same.
        const refreshed = await stack.must("refresh", "--stack", "test", "--yes", "--skip-preview");
        expect(refreshed.output).toMatch(/is not ready/);
        expect((await stack.preview()).steps).toMatchObject({ "to update": 1 });
        await stack.set({ image: pauseImage.name });
        expect(await stack.up()).toMatchObject({ updated: 1 });
        expect((await stack.preview("--refresh")).steps).toEqual(NOTHING);
      },
      4 * MINUTE,
    );

    test(
      "a hook that applies the new object itself, as the same manager, leaves nothing to do for the update",
      async () => {
        stack.write(
          `const { execFileSync } = require("node:child_process");
       globalThis.hooks = { beforeUpdate: [new pulumi.ResourceHook("gate", ({ newInputs }) => {
         const input = JSON.stringify(newInputs, (key, value) => key.startsWith("__") ? undefined : value);
         const args = ["--kubeconfig", process.env.KUBECONFIG, "apply", "--server-side", "--field-manager", "shop-web", "--filename", "-"];
         execFileSync(${JSON.stringify(cluster().kubectl)}, args, { input });
       })] };${program("")}`,
        );
        await stack.up();
        const revision = () => kubectl("get", "replicasets", "--namespace", "shop", "--output", "name");
        await stack.set({ version: "3" });
        expect(await stack.up()).toMatchObject({ updated: 1 });
        const sets = await revision();
        expect((await stack.preview("--refresh")).steps).toEqual(NOTHING);
        expect(await revision()).toBe(sets);
        const owners = await kubectl(
          "get",
          "deployments",
          "--namespace",
          "shop",
          "--output",
          "jsonpath={.items[0].metadata.managedFields[*].manager}",
          "--show-managed-fields",
        );
        expect(owners.split(" ").sort()).toEqual(["kube-controller-manager", "shop-web"]);
      },
      4 * MINUTE,
    );

    test(
      "drift shows after a refresh, what is gone comes again, and what exists can be imported",
      async () => {
        const name = (await stack.outputs()).deployment as string;
        const patch = (manager: string) => {
          const theirs = JSON.stringify({ spec: { template: { metadata: { annotations: { version: manager } } } } });
          return kubectl(
            "patch",
            "deployment",
            name,
            "--namespace",
            "shop",
            "--patch",
            theirs,
            "--field-manager",
            manager,
          );
        };
        stack.write(program(""));
        await patch("kubectl-patch");
        const { steps, output } = await stack.preview("--refresh");
        expect(steps).toMatchObject({ "to update": 1 });
        expect(output).toMatch(/version: "kubectl-patch" => "3"/);
        expect(await stack.up("--refresh")).toMatchObject({ updated: 1 });
        // A controller would set it again: taking it back is for the user to decide.
        await patch("other-tool");
        const refused = await stack.failingUp("--refresh");
        expect(refused.output).toMatch(/field conflict.*version.*other-tool.*patchForce/s);
        await kubectl("delete", "deployment", name, "--namespace", "shop");
        await kubectl("create", "configmap", "theirs", "--namespace", "shop", "--from-literal", "a=1");
        stack.write(
          program(
            'new k8s.core.v1.ConfigMap("theirs", { metadata: { namespace, name: "theirs" }, data: { a: "1" } }, { import: "shop/theirs" });',
          ),
        );
        expect(await stack.up("--refresh")).toMatchObject({ created: 1, imported: 1 });
        expect((await stack.preview("--refresh")).steps).toEqual(NOTHING);
      },
      4 * MINUTE,
    );

    test(
      "without the cluster a preview says so and shows the inputs; an update fails with the reason",
      async () => {
        const lost = new KubernetesStack();
        try {
          await lost.start("/not/there");
          lost.write('new k8s.core.v1.ConfigMap("settings", { data: { a: "1" } });');
          const { output } = await lost.preview();
          expect(output).toMatch(/warning:.*has no Kubernetes cluster/);
          expect(output).toMatch(/to create/);
          expect((await lost.failingUp()).output).toMatch(/has no Kubernetes cluster.*--kubeconfig FILE/);
        } finally {
          await lost.close();
        }
      },
      MINUTE,
    );
  },
  { nodes: 1 },
);
