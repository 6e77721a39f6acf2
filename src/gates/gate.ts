import type { HitlessError } from "../errors/hitlessError.js";
import { type Pace, pollSeconds } from "./pace.js";

/** What a look at the world showed. */
export type GateState =
  | { readonly state: "waiting"; readonly progress: string }
  | { readonly state: "passed"; readonly note?: string }
  | { readonly state: "refused"; readonly error: HitlessError };

/** A condition that must hold before traffic moves or capacity goes. */
export interface Gate {
  /** Short name, such as `rollout`. */
  readonly name: string;
  /** What it waits for, such as `6 servers on v2`. */
  readonly waitsFor: string;
  /** When it stops waiting. Every gate has one. */
  readonly deadlineSeconds: number;
  /** Looks once. */
  check(): Promise<GateState>;
  /** What it says when the deadline has passed. */
  expired(lastProgress: string): HitlessError | Promise<HitlessError>;
}

/** Where a gate tells how it is going. */
export interface Reporter {
  /** The present state, replaced by the next one. */
  progress(message: string): Promise<void>;
  /** Worth keeping. */
  note(message: string): Promise<void>;
  warn(message: string): Promise<void>;
}

/** What a gate needs from where it runs. */
export interface GateSurroundings {
  readonly pace: Pace;
  readonly report: Reporter;
  /**
   * Throws when the engine that asked is gone. A process that outlives its engine must not go on acting: the next update may
   * already be at work on the same fleet.
   */
  assertWatched(): Promise<void>;
}

/** Where the display is a log, each message is a line of it: one that says nothing new waits for so many seconds. */
const TELL_AGAIN_SECONDS = 3;

/** Waits until a gate passes; throws its error when it refuses, or its deadline has passed. */
export async function runGate(gate: Gate, surroundings: GateSurroundings): Promise<void> {
  const { pace, report } = surroundings;
  const start = pace.now();
  let told = { progress: "", at: Number.NEGATIVE_INFINITY };
  for (;;) {
    await surroundings.assertWatched();
    const seen = await gate.check();
    if (seen.state === "passed") {
      if (seen.note !== undefined) await report.note(seen.note);
      return;
    }
    if (seen.state === "refused") throw seen.error;
    const waited = pace.now() - start;
    if (waited >= gate.deadlineSeconds) throw await gate.expired(seen.progress);
    if (seen.progress !== told.progress || waited - told.at >= TELL_AGAIN_SECONDS) {
      await report.progress(`${seen.progress} (${Math.round(waited)} s)`);
      told = { progress: seen.progress, at: waited };
    }
    await pace.sleep(Math.min(pollSeconds(waited), gate.deadlineSeconds - waited));
  }
}
