import { unknown } from "@pulumi/pulumi/output";
import { routeIn } from "../../../src/traffic/gateway/httpRoute.js";

const route = (backendRefs: object[], metadata: object = { namespace: "shop", name: "web" }) => ({
  metadata,
  spec: { rules: [{ backendRefs }] },
});

test("a route's properties in a hook: its id, its targets with their weights, its tags", () => {
  const annotations = { "hitless.dev/live": "blue", "pulumi.com/patchForce": "true" };
  const properties = route(
    [{ name: "blue", port: 80, weight: 90 }, { name: "green", port: 80, weight: 0 }, { name: "more" }],
    { namespace: "shop", name: "web", annotations },
  );
  expect(routeIn(properties)).toEqual({
    id: "shop/web",
    targets: [
      { id: "shop/blue", weight: 90 },
      { id: "shop/green", weight: 0 },
      { id: "shop/more", weight: 1 }, // the API's own default
    ],
    tags: { "hitless:live": "blue" },
  });
});

test("what is not known yet in a preview is absent, and nothing is awaited", () => {
  expect(routeIn(route([{ name: unknown, weight: 100 }], { namespace: "shop", name: unknown }))).toEqual({
    targets: [{ weight: 100 }],
    tags: {},
  });
  expect(routeIn({})).toEqual({ targets: [], tags: {} });
});
