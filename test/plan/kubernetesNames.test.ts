import fc from "fast-check";
import { annotationsOf, fleetSelector, labelValue, objectName, tagsOf } from "../../src/plan/kubernetesNames.js";
import { podTimes, providerTimeout, startupFailures } from "../../src/plan/kubernetesTimes.js";

const LABEL = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

test("every text becomes a label's value, different ones stay different", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 200 }),
      fc.string({ minLength: 1, maxLength: 200 }),
      (one, other) => {
        expect(labelValue(one)).toMatch(LABEL);
        if (one !== other) expect(labelValue(one)).not.toBe(labelValue(other));
      },
    ),
  );
  expect(labelValue("v1.2.3")).toBe("v1.2.3");
  expect(labelValue("shop/dev/web")).toMatch(/^shop-dev-web-[0-9a-f]{5}$/);
});

test("a selector is made of the component and the fleet, not of the release", () => {
  expect(fleetSelector("shop/dev/web", "web-blue")).toEqual({
    "hitless.dev/component": labelValue("shop/dev/web"),
    "hitless.dev/fleet": "web-blue",
  });
});

test("names of objects are in lower case and stay apart", () => {
  expect(objectName("web-v2")).toBe("web-v2");
  expect(objectName("web-V2")).toMatch(/^web-v2-[0-9a-f]{5}$/);
  expect(objectName("web-V2")).not.toBe(objectName("WEB-v2"));
});

test("tags are kept as annotations and come back", () => {
  const tags = { "hitless:version": "v2", "hitless:data-reads": "6 7" };
  expect(annotationsOf(tags)).toEqual({ "hitless.dev/version": "v2", "hitless.dev/data-reads": "6 7" });
  expect(tagsOf({ ...annotationsOf(tags), "kubectl.kubernetes.io/restartedAt": "x" })).toEqual(tags);
  expect(tagsOf(undefined)).toEqual({});
});

test("a pod outlives its last request, and the grace period contains the wait", () => {
  fc.assert(
    fc.property(fc.nat(3600), fc.nat(3600), (drain, shutdown) => {
      const { preStopSeconds, terminationGracePeriodSeconds } = podTimes(drain, shutdown);
      expect(preStopSeconds).toBeGreaterThan(drain);
      expect(terminationGracePeriodSeconds - preStopSeconds).toBe(shutdown);
      expect(providerTimeout(terminationGracePeriodSeconds, 0)).toBeGreaterThan(terminationGracePeriodSeconds);
    }),
  );
  expect(startupFailures(300)).toBe(150);
  expect(startupFailures(0)).toBe(1);
});
