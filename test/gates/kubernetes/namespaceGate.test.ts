import type { KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";
import { assertCluster, type ClusterNeeds } from "../../../src/gates/kubernetes/namespaceGate.js";

const LABELLED = { metadata: { labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } } };
const NAMESPACE = "/api/v1/namespaces/shop";
const BINDINGS = "/apis/elbv2.k8s.aws/v1beta1";
const ROUTES = "/apis/gateway.networking.k8s.io/v1";

async function codesOf(
  objects: Record<string, unknown>,
  needs: Partial<ClusterNeeds> = {},
): Promise<readonly string[]> {
  const api = { subject: "x", get: async (path: string) => objects[path] } as unknown as KubeApi;
  const asked: ClusterNeeds = { namespace: "shop", behind: "targetGroup", preview: false, ...needs };
  return assertCluster(api, asked).then(
    () => [],
    (error) => error.codes,
  );
}

const bindings = { [BINDINGS]: { resources: [{ kind: "TargetGroupBinding" }] } };
const routes = { [ROUTES]: { resources: [{ kind: "HTTPRoute" }] } };

test.each<[string, Record<string, unknown>, Partial<ClusterNeeds>, string[]]>([
  ["has all", { [NAMESPACE]: LABELLED, ...bindings }, {}, []],
  ["has nothing", {}, {}, ["HIT380", "HIT382"]],
  ["gives no readiness gates", { [NAMESPACE]: { metadata: {} }, ...bindings }, {}, ["HIT381"]],
  ["knows no binding", { [NAMESPACE]: LABELLED, [BINDINGS]: { resources: [] } }, {}, ["HIT382"]],
  ["may get its namespace yet", bindings, { preview: true }, []],
  [
    "has a Gateway, which asks for no readiness gates",
    { [NAMESPACE]: { metadata: {} }, ...routes },
    { behind: "service" },
    [],
  ],
  ["has no Gateway", { [NAMESPACE]: LABELLED, ...bindings }, { behind: "service" }, ["HIT382"]],
])("a cluster that %s", async (_what, objects, needs, codes) => {
  expect(await codesOf(objects, needs)).toEqual(codes);
});
