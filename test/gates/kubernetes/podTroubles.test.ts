import type { KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";
import type { ContainerStatus, Pod } from "../../../src/gates/kubernetes/objects.js";
import { troubleOf, warningsOf } from "../../../src/gates/kubernetes/podTroubles.js";

interface Given {
  readonly container?: Partial<ContainerStatus>;
  readonly status?: Partial<NonNullable<Pod["status"]>>;
  readonly leaving?: boolean;
  readonly ready?: boolean;
}

function pod({ container, status, leaving = false, ready = false }: Given): Pod {
  const met = ready ? "True" : "False";
  return {
    metadata: { name: "web-1", ...(leaving ? { deletionTimestamp: "2026-11-24T12:00:00Z" } : {}) },
    spec: { nodeName: "node" },
    status: {
      phase: "Running",
      conditions: [
        { type: "Ready", status: met },
        { type: "ContainersReady", status: met },
      ],
      containerStatuses: [{ name: "app", state: { running: {} }, ...container }],
      ...status,
    },
  };
}

const waiting = (reason: string, message?: string) => ({
  state: { waiting: { reason, ...(message ? { message } : {}) } },
});
const ended = { terminated: { exitCode: 137, reason: "OOMKilled" } };

test.each<[string, Given, "failed" | "waiting" | undefined, RegExp]>([
  ["serves", { ready: true }, undefined, /$/],
  ["leaves", { leaving: true, container: waiting("CrashLoopBackOff") }, undefined, /$/],
  [
    "has no image",
    { container: waiting("ImagePullBackOff", 'Back-off pulling image "shop:v2"') },
    "failed",
    /^ImagePullBackOff: Back-off pulling image "shop:v2"$/,
  ],
  [
    "crashes over and over",
    { container: { ...waiting("CrashLoopBackOff"), lastState: ended, restartCount: 4 } },
    "failed",
    /^CrashLoopBackOff; it ended with exit code 137 \(OOMKilled\), 4 restarts$/,
  ],
  [
    "crashes, and just runs",
    { container: { lastState: ended, restartCount: 2 } },
    "failed",
    /^restarts: it ended with exit code 137/,
  ],
  ["has been restarted once", { container: { lastState: ended, restartCount: 1 } }, "waiting", /^was restarted/],
  [
    "is no good container",
    { container: waiting("CreateContainerConfigError", "runs as root") },
    "failed",
    /runs as root/,
  ],
  [
    "finds no node",
    {
      status: {
        phase: "Pending",
        containerStatuses: [],
        conditions: [
          { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes are available" },
        ],
      },
    },
    "waiting",
    /^no node takes it: 0\/3 nodes/,
  ],
  ["does not pass its probe", {}, "waiting", /^runs, but its probe does not pass$/],
  [
    "is not healthy behind the load balancer",
    {
      status: {
        conditions: [
          { type: "Ready", status: "False" },
          { type: "ContainersReady", status: "True" },
          { type: "target-health.elbv2.k8s.aws/web", status: "False", message: "Target registration is in progress" },
        ],
      },
    },
    "waiting",
    /load balancer does not find it healthy: Target registration is in progress/,
  ],
  [
    "was evicted",
    { status: { phase: "Failed", reason: "Evicted", message: "The node was low on memory" } },
    "failed",
    /^failed: Evicted: The node/,
  ],
  [
    "has a sidecar that fails",
    { container: { name: "proxy", ...waiting("CrashLoopBackOff"), lastState: ended, restartCount: 1 } },
    "failed",
    /^container proxy CrashLoopBackOff/,
  ],
  [
    "is being started",
    { status: { containerStatuses: [{ name: "app", state: { waiting: { reason: "ContainerCreating" } } }] } },
    "waiting",
    /^is being started$/,
  ],
])("a pod that %s", (_what, given, kind, words) => {
  const trouble = troubleOf(pod(given));
  expect(trouble?.kind).toBe(kind);
  expect(trouble?.what ?? "").toMatch(words);
});

test("warnings are the last two that say more than the status does, oldest first, each once", async () => {
  const event = (minute: number, reason: string, message: string) => ({
    reason,
    message,
    metadata: {},
    lastTimestamp: `2026-11-24T12:0${minute}:00Z`,
  });
  const items = [
    event(5, "BackOff", "Back-off restarting failed container app"),
    event(4, "Unhealthy", "Readiness probe failed: 503"),
    event(3, "Unhealthy", "Readiness probe failed: 503"),
    event(2, "FailedMount", "no such volume"),
    event(1, "FailedScheduling", "0/2 nodes are available"),
    event(6, "Failed", "Error: ImagePullBackOff"),
  ];
  const api = { attempt: async () => ({ object: { items } }) } as unknown as KubeApi;
  expect(await warningsOf(api, pod({}))).toEqual([
    "FailedMount: no such volume",
    "Unhealthy: Readiness probe failed: 503",
  ]);
});

test("events that may not be read are said to be so", async () => {
  const api = {
    attempt: async () => ({ status: { code: 403, message: "events is forbidden" } }),
  } as unknown as KubeApi;
  expect(await warningsOf(api, pod({}))).toEqual(["(its events cannot be read: events is forbidden)"]);
});
