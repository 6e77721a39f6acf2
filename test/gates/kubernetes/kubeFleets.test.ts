import type { KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";
import { KubeFleets } from "../../../src/gates/kubernetes/kubeFleets.js";
import { raiseToMinimum } from "../../../src/gates/kubernetes/raise.js";

const COMPONENT = "shop/dev/web";

/** An API server that holds what it is given, by path. */
function serverOf(objects: Record<string, any>) {
  const patched: { path: string; body: any }[] = [];
  const api = {
    subject: "x",
    get: async (path: string) => objects[path],
    list: async (path: string) => objects[path] ?? [],
    call: async ({ path, body }: { path: string; body: any }) => void patched.push({ path, body }),
    attempt: async () => ({
      object: { items: [{ reason: "Unhealthy", message: "Readiness probe failed: 500", metadata: {} }] },
    }),
    text: async (path: string, query: any) => `${path.split("/").at(-2)}${query.previous ? " before" : ""}`,
  };
  return { fleets: new KubeFleets(api as unknown as KubeApi, "shop"), api: api as unknown as KubeApi, patched };
}

const deployment = (name: string, annotations: object = {}, more: object = {}) => ({
  metadata: {
    name,
    namespace: "shop",
    annotations: {
      "hitless.dev/component": COMPONENT,
      "hitless.dev/target": `arn:${name}`,
      "hitless.dev/version": "v1",
      ...annotations,
    },
    ...more,
  },
  spec: { replicas: 3, selector: { matchLabels: { fleet: name } } },
});
const DEPLOYMENTS = "/apis/apps/v1/namespaces/shop/deployments";
const AUTOSCALERS = "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers";
const PODS = "/api/v1/namespaces/shop/pods";

test("fleets of a component: their sizes, bounds, targets and tags", async () => {
  const { fleets } = serverOf({
    [DEPLOYMENTS]: [
      deployment("blue", { "hitless.dev/max-size": "5" }),
      deployment("green", { "hitless.dev/max-size": "5" }),
      deployment("leaves", {}, { deletionTimestamp: "2026-11-24T12:00:00Z" }),
      deployment("other", { "hitless.dev/component": "shop/prod/web" }),
    ],
    [AUTOSCALERS]: [{ spec: { maxReplicas: 12, scaleTargetRef: { kind: "Deployment", name: "green" } } }],
  });
  const found = await fleets.fleetsOf(COMPONENT);
  expect(
    found.map(({ name, desiredCapacity, maxSize, targetGroupArns }) => [
      name,
      desiredCapacity,
      maxSize,
      targetGroupArns,
    ]),
  ).toEqual([
    ["shop/blue", 3, 5, ["arn:blue"]],
    ["shop/green", 3, 12, ["arn:green"]],
  ]);
  expect(found[0]?.tags).toMatchObject({ "hitless:version": "v1", "hitless:component": COMPONENT });
});

test("a fleet only ever grows, through its scale", async () => {
  const scale = `${DEPLOYMENTS}/blue/scale`;
  const { fleets, patched } = serverOf({ [scale]: { spec: { replicas: 4 } } });
  await fleets.setDesiredCapacity("shop/blue", 3);
  await fleets.setDesiredCapacity("shop/blue", 6);
  expect(patched).toEqual([{ path: scale, body: { spec: { replicas: 6 } } }]);
});

test("a Deployment whose size nobody says is raised to its fewest pods, and a larger one is left alone", async () => {
  const path = `${DEPLOYMENTS}/blue`;
  const scale = { [`${path}/scale`]: { spec: { replicas: 1 } } };
  const woken = { ...deployment("blue", { "hitless.dev/min-size": "2" }), spec: { replicas: 1, selector: {} } };
  const { api, patched } = serverOf({ [path]: woken, ...scale });
  await raiseToMinimum(api, "shop", "blue");
  expect(patched.map(({ body }) => body.spec.replicas)).toEqual([2]);
  const large = serverOf({ [path]: deployment("blue", { "hitless.dev/min-size": "2" }), ...scale });
  await raiseToMinimum(large.api, "shop", "blue");
  expect(large.patched).toEqual([]);
});

describe("pods", () => {
  const ready = { type: "Ready", status: "True", lastTransitionTime: "2026-11-24T12:00:00Z" };
  const pods = [
    {
      metadata: { name: "blue-1", namespace: "shop" },
      status: { podIP: "10.0.0.1", conditions: [ready], containerStatuses: [{ name: "app", state: { running: {} } }] },
    },
    {
      metadata: { name: "blue-2", namespace: "shop" },
      spec: { nodeName: "n" },
      status: {
        podIP: "10.0.0.2",
        conditions: [{ type: "ContainersReady", status: "False" }],
        containerStatuses: [
          {
            name: "app",
            state: { waiting: { reason: "CrashLoopBackOff" } },
            lastState: { terminated: { exitCode: 1 } },
          },
        ],
      },
    },
  ];
  const { fleets } = serverOf({ [`${DEPLOYMENTS}/blue`]: deployment("blue"), [PODS]: pods });
  const view = { name: "shop/blue", desiredCapacity: 2, maxSize: 2, targetGroupArns: [], tags: {} };

  test("tell since when they are ready, by address and by name", async () => {
    // At the latest: the API server cuts fractions of seconds off.
    const moment = new Date("2026-11-24T12:00:01Z");
    expect(await fleets.seniority(view)).toEqual({
      since: "ready",
      moments: new Map([
        ["10.0.0.1", moment],
        ["blue-1", moment],
      ]),
    });
  });

  test("say their last words, those before a crash where there are none since", async () => {
    expect(await fleets.consoleTail("10.0.0.1")).toBe("blue-1");
    expect(await fleets.consoleTail("blue-2")).toBe("blue-2 before");
    expect(await fleets.consoleTail("10.9.9.9")).toBeUndefined();
  });

  test("tell what hinders them", async () => {
    const lines = await fleets.troubles(view);
    expect(lines[0]).toMatch(/^pod blue-2: CrashLoopBackOff; it ended with exit code 1/);
    expect(lines).toContain("  Unhealthy: Readiness probe failed: 500");
    expect(lines).toContain("| blue-2 before");
  });

  test("messages name commands", () => {
    expect(fleets.fleetWords.empty("shop/blue")).toBe("kubectl -n shop scale deployment blue --replicas=0");
    expect(fleets.fleetWords.empty("NAME")).toBe("kubectl scale deployment NAME --replicas=0");
    expect(fleets.fleetWords.logs("blue-1")).toBe("kubectl -n shop logs blue-1 --tail 50");
    expect(fleets.fleetWords.logs("10.0.0.1")).toContain("status.podIP=10.0.0.1");
  });
});
