import { refusal } from "../../../src/errors/faults.js";
import { HitlessError } from "../../../src/errors/index.js";
import type { ShiftContext, ShiftRequest, ShiftTarget } from "../../../src/gates/shift/shiftRequest.js";
import { COMPONENT, type FakeEntrance, LISTENER, tg, violations } from "./fakeEntrance.js";

/** The targets of a program: `{ v1: 90, v2: 10 }`. */
export function targetsOf(percents: Record<string, number>): ShiftTarget[] {
  return Object.entries(percents).map(([name, percent]) => ({
    label: name,
    version: name,
    targetGroupArn: tg(name),
    percent,
  }));
}

/** A shift in virtual time, and what was said. */
export function shiftOf(cloud: FakeEntrance, percents: Record<string, number>, more: Partial<ShiftRequest> = {}) {
  const said: string[] = [];
  const say = async (message: string): Promise<void> => void said.push(message);
  const context: ShiftContext = {
    pace: {
      now: () => cloud.now,
      sleep: async (seconds) => cloud.advance(Math.max(seconds, 0.001)),
      secondsSince: (moment) => cloud.now - moment.getTime() / 1000,
    },
    report: { progress: say, note: say, warn: say },
    assertWatched: async () => {},
    cloud,
    request: {
      subject: 'CanaryRelease "web"',
      component: COMPONENT,
      entranceArn: LISTENER,
      targets: targetsOf(percents),
      autoscaled: false,
      stages: [100],
      bakeSeconds: 0,
      warmupSeconds: 0,
      alarmNames: [],
      capacitySeconds: 120,
      spreadSeconds: 10,
      ...more,
    },
  };
  return { context, said };
}

/** An engine that is gone from its nth look on. */
export function lostFrom(look: number): () => Promise<void> {
  let looks = 0;
  return async () => {
    looks += 1;
    if (looks >= look) throw refusal("x", { code: "HIT330", problem: "gone.", fix: "again" });
  };
}

export async function refused(promise: Promise<void>): Promise<HitlessError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HitlessError)) throw new Error(`expected a HitlessError, got ${String(error)}`);
  return error;
}

export function expectHealth(cloud: FakeEntrance): void {
  expect(violations(cloud)).toEqual([]);
}
