import type { Pod } from "../../../../src/rehearsal/cloud/kubernetes/api/kubeObjects.js";
import type { TargetGroupBinding } from "../../../../src/rehearsal/cloud/kubernetes/bindings/binding.js";
import { type Deployment, fleetSnapshots } from "../../../../src/rehearsal/cloud/kubernetes/fleetSnapshots.js";
import { service } from "./view.js";

const labels = { app: "web" };
const deployment: Deployment = {
  metadata: { name: "web", namespace: "shop" },
  spec: { replicas: 3, minReadySeconds: 4, selector: { matchLabels: labels }, template: { metadata: { labels } } },
};
const pod = (name: string, podIP: string, ready: boolean, more: Partial<Pod["metadata"]> = {}): Pod => ({
  metadata: {
    name,
    namespace: "shop",
    labels: { ...labels, "app.kubernetes.io/version": "v2" },
    creationTimestamp: "2026-01-01T00:00:00Z",
    ...more,
  },
  spec: {},
  status: {
    podIP,
    conditions: [{ type: "Ready", status: ready ? "True" : "False", lastTransitionTime: "2026-01-01T00:00:09Z" }],
  },
});
const binding: TargetGroupBinding = {
  metadata: { name: "web", namespace: "shop" },
  spec: { serviceRef: { name: "web", port: 80 }, targetGroupARN: "arn:web" },
};
const group = {
  arn: "arn:web",
  name: "web",
  deregistrationDelaySeconds: 30,
  healthCheckIntervalSeconds: 5,
  targets: [{ id: "10.0.0.1", state: "healthy" }],
};

test("pods are counted as servers are: in service, on the way, leaving, and how the balancer sees them", () => {
  const pods = [
    pod("web-1", "10.0.0.1", true),
    pod("web-2", "10.0.0.2", false),
    pod("web-3", "10.0.0.3", true, { deletionTimestamp: "2026-01-01T00:01:00Z" }),
    pod("other", "10.0.0.4", true, { labels: { app: "other" } }),
    pod("elsewhere", "10.0.0.5", true, { namespace: "elsewhere" }),
  ];
  const [fleet] = fleetSnapshots([deployment], pods, [binding], [group], () => service("web"), 10);
  expect(fleet).toMatchObject({
    name: "shop/web",
    desiredCapacity: 3,
    defaultInstanceWarmupSeconds: 40, // real seconds: ten times as many of AWS's pass
    targetGroupArns: ["arn:web"],
  });
  expect(
    fleet?.instances.map(({ instanceId, lifecycleState, targetHealth }) => [instanceId, lifecycleState, targetHealth]),
  ).toEqual([
    ["web-1", "InService", "healthy"],
    ["web-2", "Pending", undefined],
    ["web-3", "Terminating", undefined],
  ]);
  expect(fleet?.instances[0]).toMatchObject({
    launchedAt: Date.parse("2026-01-01T00:00:00Z"),
    firstHealthyAt: Date.parse("2026-01-01T00:00:09Z"),
    tags: { "hitless:version": "v2" },
  });
});

test("without a binding a pod's own word counts", () => {
  const [fleet] = fleetSnapshots([deployment], [pod("web-1", "10.0.0.1", true)], [], [group], () => undefined, 1);
  expect(fleet?.targetGroupArns).toEqual([]);
  expect(fleet?.instances[0]).toMatchObject({ lifecycleState: "InService", healthStatus: "Healthy" });
  expect(fleet?.instances[0]?.targetHealth).toBeUndefined();
});
