import { targetsOf } from "../../../src/gates/kubernetes/endpoints.js";
import type { KubeApi } from "../../../src/gates/kubernetes/kubeApi.js";

const pod = (name: string, conditions?: object) => ({
  addresses: ["10.0.0.1"],
  targetRef: { kind: "Pod", name },
  ...(conditions ? { conditions } : {}),
});

/** An API server with these endpoints, a list for each slice. */
const withSlices = (...slices: object[][]) =>
  ({ list: async () => slices.map((endpoints) => ({ metadata: { name: "s" }, endpoints })) }) as unknown as KubeApi;

const states = async (api: KubeApi) =>
  Object.fromEntries((await targetsOf(api, "shop/web")).map(({ instanceId, state }) => [instanceId, state]));

test("a pod gets requests when its endpoint is ready, or says nothing; none while it ends", async () => {
  const endpoints = [
    pod("silent"),
    pod("ready", { ready: true }),
    pod("starting", { ready: false }),
    pod("leaving", { ready: false, serving: true, terminating: true }),
  ];
  expect(await states(withSlices(endpoints))).toEqual({
    silent: "healthy",
    ready: "healthy",
    starting: "unhealthy",
    leaving: "draining",
  });
});

test.each([
  ["the old slice first", [pod("a", { ready: false })], [pod("a", { ready: true })]],
  ["the new slice first", [pod("a", { ready: true })], [pod("a", { ready: false })]],
])("a pod that moves from slice to slice counts once, as ready: %s", async (_order, ...slices) => {
  expect(await states(withSlices(...slices))).toEqual({ a: "healthy" });
});
