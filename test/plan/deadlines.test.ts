import { replacementTimeout, rolloutTimeout } from "../../src/plan/deadlines.js";

const times = {
  startupSeconds: 100,
  healthCheckIntervalSeconds: 10,
  healthCheckTimeoutSeconds: 5,
  unhealthyThreshold: 3,
  warmupSeconds: 20,
  drainSeconds: 30,
};

test("a replacement may take everything it is made of, and a minute for AWS", () => {
  expect(replacementTimeout(times)).toBe(100 + 3 * 10 + 5 + 20 + 30 + 60);
});

test("a rollout may take a replacement per batch, and the bake, but never longer than AWS lets it", () => {
  expect(rolloutTimeout(3, 245, 60)).toBe(3 * 245 + 60);
  expect(rolloutTimeout(100_000, 245, 0)).toBe(14 * 24 * 3600);
});
