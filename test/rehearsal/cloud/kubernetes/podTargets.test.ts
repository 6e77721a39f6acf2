import type { Pod } from "../../../../src/rehearsal/cloud/kubernetes/api/kubeObjects.js";
import type { TargetGroupBinding } from "../../../../src/rehearsal/cloud/kubernetes/bindings/binding.js";
import { podTargets } from "../../../../src/rehearsal/cloud/kubernetes/bindings/podTargets.js";
import { endpoint, service, slice, viewOf } from "./view.js";

const binding = (port: number | string = 80): TargetGroupBinding => ({
  metadata: { name: "web", namespace: "shop" },
  spec: { serviceRef: { name: "web", port }, targetGroupARN: "arn", targetType: "ip" },
});
const pod = (name: string, containersReady: boolean, nodeName = "node-1"): Pod => ({
  metadata: { name, namespace: "shop" },
  spec: { nodeName, readinessGates: [{ conditionType: "target-health.elbv2.k8s.aws/web" }] },
  status: { conditions: [{ type: "ContainersReady", status: containersReady ? "True" : "False" }] },
});
const node = (name: string, ready: boolean) => ({
  metadata: { name },
  status: { conditions: [{ type: "Ready", status: ready ? ("True" as const) : ("Unknown" as const) }] },
});

/** Which of the pods are to be targets. */
function targets(conditions: object, containersReady: boolean, nodeReady = true): string[] {
  const view = viewOf({
    services: [service("web")],
    slices: [slice("web", [endpoint("10.0.0.1", "web-1", conditions)])],
    pods: [pod("web-1", containersReady)],
    nodes: [node("node-1", nodeReady)],
  });
  return (podTargets(view, binding()) ?? []).map(({ id, port }) => `${id}:${port}`);
}

const present = ["10.0.0.1:8080"];
test.each([
  ["ready", { ready: true, serving: true, terminating: false }, true, true, present],
  ["of unknown readiness, which counts as ready", {}, false, true, present],
  [
    "waiting for its gate, its containers ready",
    { ready: false, serving: true, terminating: false },
    true,
    true,
    present,
  ],
  ["waiting for its gate on a node that is lost", { ready: false, terminating: false }, true, false, []],
  ["not ready, its probe failing", { ready: false, serving: false, terminating: false }, false, true, []],
  ["being deleted", { ready: false, serving: true, terminating: true }, true, true, []],
])("a pod that is %s", (_what, conditions, containersReady, nodeReady, expected) => {
  expect(targets(conditions, containersReady, nodeReady)).toEqual(expected);
});

test("the port may be named, an endpoint may have no pod, and one that is listed twice is one target", () => {
  const bare = { addresses: ["10.0.0.9", "10.0.0.8"] };
  const listed = endpoint("10.0.0.1", "web-1", { ready: true });
  const again = { ...slice("web", [listed]), metadata: { ...slice("web", []).metadata, name: "web-2" } };
  const view = viewOf({
    services: [service("web")],
    slices: [slice("web", [bare, listed]), again],
    pods: [pod("web-1", true)],
  });
  expect(podTargets(view, binding("http"))?.map(({ id }) => id)).toEqual(["10.0.0.9", "10.0.0.8", "10.0.0.1"]);
});

test("a Service or a port that is not there leads to no answer, which is not the same as to no targets", () => {
  expect(podTargets(viewOf({}), binding())).toBeUndefined();
  expect(podTargets(viewOf({ services: [service("web")] }), binding(81))).toBeUndefined();
  expect(podTargets(viewOf({ services: [service("web")] }), binding())).toEqual([]);
});
