import type { CloudSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";
import { limitBetween } from "../../../src/rehearsal/report/limit.js";
import { CloudRecord } from "../../../src/rehearsal/report/record.js";
import { switchSeconds, versionsLeft } from "../../../src/rehearsal/report/weightMoves.js";
import { recorded, type Script, type Weighing } from "./snapshots.js";

const blue: Script = { group: "blue", version: "v1", launched: -100, healthy: -90 };
const green: Script = { group: "green", version: "v2", launched: 10, healthy: 14 };
const switched: Weighing[] = [
  { at: 0, weights: { blue: 100 } },
  { at: 12, weights: { blue: 100, green: 0 } },
  { at: 20, weights: { blue: 90, green: 10 } },
  { at: 25, weights: { blue: 0, green: 100 } },
];

test("a move is where requests begin to go elsewhere; a group that comes with weight 0 is none", () => {
  const { weightMoves } = recorded([blue, green], 40, { weighings: switched });
  expect(weightMoves.map(({ at, before, after }) => [at, before, after])).toEqual([
    [20_000, ["v1"], ["v1", "v2"]],
    [25_000, ["v1", "v2"], ["v2"]],
  ]);
});

test("other numbers for the same shares move nothing", () => {
  const weighings: Weighing[] = [
    { at: 0, weights: { blue: 1 } },
    { at: 5, weights: { blue: 100, green: 0 } },
  ];
  expect(recorded([blue, green], 10, { weighings }).weightMoves).toEqual([]);
});

test("the switch lasts from the last move to the last answer by the version that left", () => {
  const { weightMoves } = recorded([blue, green], 40, { weighings: switched });
  expect(versionsLeft(weightMoves)).toEqual(["v1"]);
  expect(switchSeconds(weightMoves, { v1: 25_120, v2: 39_000 })).toBe(0.12);
  expect(switchSeconds(weightMoves, { v1: 24_000 })).toBe(0);
  // A canary's first weight takes nobody's away.
  expect(switchSeconds(weightMoves.slice(0, 1), { v1: 39_000 })).toBeNull();
  expect(switchSeconds([], { v1: 39_000 })).toBeNull();
});

test("a boot and a switch add up: boot + warm-up + stages × bake + spread", () => {
  const record = recorded([blue, green], 60, { weighings: switched, warmupSeconds: 20 });
  const waits = { bakeSeconds: 30, spreadSeconds: 10 };
  expect(limitBetween(record, 9000, 60_000, 10, waits)).toEqual({
    limitSeconds: 4 + 2 + 2 * 3 + 1,
    rounds: 1,
    batch: 1,
    bootSeconds: 4,
    warmupSeconds: 2,
    lastDrainSeconds: 0,
    stages: 2,
    waitSeconds: 7,
    rolloutSeconds: 15,
  });
});

test("the fleet that lost its weight drains last", () => {
  const leaving = { ...blue, leaves: 30, gone: 33 };
  const record = recorded([leaving, green], 60, { weighings: switched, drainSeconds: 30 });
  expect(limitBetween(record, 9000, 60_000, 10)).toMatchObject({
    limitSeconds: 4 + 3,
    lastDrainSeconds: 3,
    rolloutSeconds: 23,
  });
});

test("a switch to a fleet that stands already is the waits alone", () => {
  const record = recorded([blue, { ...green, launched: -100, healthy: -90 }], 60, {
    weighings: switched,
    warmupSeconds: 20,
  });
  const limit = limitBetween(record, 9000, 60_000, 10, { bakeSeconds: 30, spreadSeconds: 10 });
  expect(limit).toMatchObject({ limitSeconds: 7, rounds: 0, warmupSeconds: 0, stages: 2, rolloutSeconds: 5 });
});

test("a rule that is new has moved nothing", () => {
  const record = new CloudRecord();
  const weights = [{ targetGroupArn: "arn:blue", weight: 1 }];
  const rules = [{ arn: "rule", priority: "default" as const, weights, weightsChangedAt: 5 }];
  const listeners = [{ arn: "listener", loadBalancerArn: "lb", url: "http://x", rules }];
  record.add({ at: 10, groups: [], targetGroups: [], listeners } satisfies CloudSnapshot);
  expect(record.weightMoves).toEqual([]);
});
