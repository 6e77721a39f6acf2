import { limitBetween } from "../../../src/rehearsal/report/limit.js";
import { recorded, rollingInTwos, six } from "./snapshots.js";

const from = 9_000;

test("rounds × (boot + warm-up) + last drain, AWS's seconds divided by the speed", () => {
  // At speed 10: a warm-up of 10 AWS seconds is 1 s, a deregistration delay of 30 is 3 s.
  const record = recorded(rollingInTwos(), 40, { warmupSeconds: 10, drainSeconds: 30, refresh: [10, 19] });
  expect(limitBetween(record, from, 30_000, 10)).toEqual({
    limitSeconds: 3 * (2 + 1) + 3,
    rounds: 3,
    batch: 2,
    bootSeconds: 2,
    warmupSeconds: 1,
    lastDrainSeconds: 3,
    stages: 0,
    waitSeconds: 0,
    rolloutSeconds: 12,
  });
});

test("the rollout ends with its refresh, also when no server changes any more", () => {
  const record = recorded(rollingInTwos(), 40, { refresh: [10, 24] });
  expect(limitBetween(record, from, 30_000, 10).rolloutSeconds).toBe(14);
});

test("a step that did not wait for the last drain gets no time for it", () => {
  const record = recorded(rollingInTwos(), 40, { warmupSeconds: 10, refresh: [10, 19] });
  expect(limitBetween(record, from, 20_000, 10)).toMatchObject({ limitSeconds: 9, lastDrainSeconds: 0 });
});

test("a drain that ended early gives no more time than it took", () => {
  const record = recorded(rollingInTwos(), 40, { drainSeconds: 300 });
  expect(limitBetween(record, from, 30_000, 10).lastDrainSeconds).toBe(3);
});

test("a drain longer than its delay gives no more time than the delay", () => {
  const record = recorded(rollingInTwos(), 40, { drainSeconds: 10 });
  expect(limitBetween(record, from, 30_000, 10).lastDrainSeconds).toBe(1);
});

test("boot is the least of the step's new servers", () => {
  const slow = rollingInTwos().map((server, index) => (index === 7 ? { ...server, healthy: 12.9 } : server));
  expect(limitBetween(recorded(slow, 40), from, 30_000, 10).bootSeconds).toBe(2);
});

test("one after another is as many rounds as servers", () => {
  const fresh = six.map((_, index) => ({ version: "v2", launched: 10 + index * 2, healthy: 12 + index * 2 }));
  expect(limitBetween(recorded([...six, ...fresh], 40), from, 30_000, 1)).toMatchObject({ rounds: 6, batch: 1 });
});

test("a first creation is one round, without warm-up and without drain", () => {
  const fresh = six.map((_, index) => ({ version: "v1", launched: 1, healthy: 3 + index / 10 }));
  const record = recorded(fresh, 10, { warmupSeconds: 60 });
  expect(limitBetween(record, 0, 10_000, 10)).toMatchObject({ limitSeconds: 2, rounds: 1, batch: 6, warmupSeconds: 0 });
});

test("groups that change side by side do not add up", () => {
  const fresh = six.flatMap((_, index) => [
    { group: "blue", version: "v2", launched: 10, healthy: 12 },
    { group: "green", version: "v2", launched: 10, healthy: index < 3 ? 15 : 16 },
  ]);
  expect(limitBetween(recorded(fresh, 40), from, 30_000, 1)).toMatchObject({ limitSeconds: 5, rounds: 1 });
});

test("nothing launched, nothing to wait for", () => {
  expect(limitBetween(recorded(six, 10), 0, 10_000, 1)).toMatchObject({ limitSeconds: 0, rounds: 0 });
});
