import { capacityBetween } from "../../../src/rehearsal/report/capacity.js";
import { recorded, rollingInTwos, six } from "./snapshots.js";

const seconds = (count: number): number => count * 1000;

test("a rollout in twos with surge has eight servers at most and six healthy at least", () => {
  const record = recorded(rollingInTwos(), 30, { refresh: [10, 19] });
  expect(capacityBetween(record, seconds(9), seconds(25))).toEqual({
    peakServers: 8,
    peakDraining: 2,
    minHealthy: 6,
    healthyBefore: 6,
  });
});

test("sabotaged: an old server that leaves too early shows", () => {
  const servers = rollingInTwos();
  const early = servers.map((server, index) => (index === 0 ? { ...server, leaves: 11 } : server));
  expect(capacityBetween(recorded(early, 30), seconds(9), seconds(25)).minHealthy).toBe(5);
});

test("sabotaged: a batch too many shows", () => {
  const servers = [...rollingInTwos(), { version: "v2", launched: 10, healthy: 12 }];
  expect(capacityBetween(recorded(servers, 30), seconds(9), seconds(25)).peakServers).toBe(9);
});

test("what was in force when a step began counts, though its sample is older", () => {
  const record = recorded(six, 10);
  expect(record.samples).toHaveLength(1);
  expect(record.taken).toBe(101);
  expect(capacityBetween(record, seconds(5), seconds(6))).toMatchObject({ peakServers: 6, minHealthy: 6 });
});

test("a server that never was healthy counts as running, not as healthy", () => {
  const record = recorded([...six, { version: "v3", launched: 2, gone: 8, leaves: 7 }], 10);
  expect(capacityBetween(record, 0, seconds(10))).toMatchObject({ peakServers: 7, minHealthy: 6, peakDraining: 1 });
});

test("lives tell when each server came, got healthy, left and was gone", () => {
  const record = recorded(rollingInTwos(), 30);
  expect(record.lives.get("i-0")).toEqual({
    instanceId: "i-0",
    group: "web",
    version: "v1",
    launchedAt: -100_000,
    firstHealthyAt: -90_000,
    leavingAt: 13_000,
    goneAt: 16_000,
  });
  expect(record.lives.get("i-6")).toMatchObject({ version: "v2", launchedAt: 10_000, firstHealthyAt: 12_000 });
});
