import { isChange } from "../report/expectations.js";
import type { Action } from "../scenario/actions.js";
import { actionOf } from "../scenario/actions.js";
import type { ScenarioStep } from "../scenario/schema.js";
import type { CloudLink } from "./cloudLink.js";
import type { CloudWatcher } from "./cloudWatcher.js";
import type { EngineMessage } from "./engineEvents.js";
import type { EngineEnd, EngineRun } from "./engineRun.js";
import { checkHalted } from "./interruption.js";
import { INTERRUPT_GRACE_MS, type Stack } from "./stack.js";

/** What became of a step's action. */
export interface StepOutcome {
  readonly action: Action;
  /** In the words of `expect`, or `timed out`, or `ended before it was killed`. */
  readonly outcome: string;
  readonly reason: string;
  readonly changes: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What a step works with. */
export interface Stage {
  readonly stack: Stack;
  readonly cloud: CloudLink;
  readonly watcher: CloudWatcher;
  readonly halt: AbortSignal;
  readonly onMessage: (message: EngineMessage) => void;
  /** Runs on every sample of the cloud until the returned function is called. */
  readonly onSample: (look: () => void) => () => void;
  /** What dies with a killed engine in real life, and lives in our process. */
  readonly engineDied: () => Promise<void>;
}

const LONGEST_REASON = 6000;

/** Sets the step's configuration and faults, and does what it says. */
export async function runStep(step: ScenarioStep, stage: Stage): Promise<StepOutcome> {
  if (Object.keys(step.set).length > 0) stage.stack.config.set(step.set);
  if (step.faults !== undefined) await stage.cloud.setFaults(step.faults);
  const startedAt = Date.now();
  const action = actionOf(step);
  const done = await act(step, action, stage, startedAt);
  return { action, ...done, startedAt, endedAt: Date.now() };
}

type Done = Pick<StepOutcome, "outcome" | "reason" | "changes">;

async function act(step: ScenarioStep, action: Action, stage: Stage, startedAt: number): Promise<Done> {
  switch (action) {
    case "up": {
      const run = stage.stack.up(step.up?.refresh ?? false, stage.onMessage);
      return told(await bounded(run, step.timeoutSeconds, stage.halt), () => "success");
    }
    case "preview": {
      const run = stage.stack.preview(step.preview?.refresh ?? false, stage.onMessage);
      const end = await bounded(run, step.timeoutSeconds, stage.halt);
      return told(end, ({ changes }) => (isChange(changes) ? "changed" : "unchanged"));
    }
    case "kill":
      return kill(step, stage, startedAt);
    case "observe":
      return { outcome: "observed", reason: "", changes: {} };
  }
}

/** Starts `up`, and kills the engine as soon as so many new servers are healthy; then clears its lock, as a person would. */
async function kill(step: ScenarioStep, stage: Stage, startedAt: number): Promise<Done> {
  const wanted = step.kill?.afterReplaced ?? 0;
  const run = stage.stack.up(false, stage.onMessage);
  let killed: Promise<number> | undefined;
  const forget = stage.onSample(() => {
    const lives = [...stage.watcher.record.lives.values()];
    const replaced = lives.filter((life) => life.launchedAt >= startedAt && life.firstHealthyAt !== undefined).length;
    const begun = lives.some((life) => life.launchedAt >= startedAt);
    if (begun && replaced >= wanted) killed ??= run.kill();
  });
  const end = await bounded(run, step.timeoutSeconds, stage.halt).finally(forget);
  if (killed === undefined) return told(end, () => "ended before it was killed");
  await killed;
  await stage.engineDied();
  const cancelled = await stage.stack.cancel();
  const reason = cancelled.exitCode === 0 ? "" : `pulumi cancel failed: ${cancelled.tail.trim()}`;
  return { outcome: reason === "" ? "killed" : "lock not cleared", reason, changes: end?.changes ?? {} };
}

function told(end: EngineEnd | undefined, success: (end: EngineEnd) => string): Done {
  if (end === undefined) return { outcome: "timed out", reason: "", changes: {} };
  if (end.exitCode === 0) return { outcome: success(end), reason: "", changes: end.changes };
  const reason = end.errors.length > 0 ? end.errors.join("\n") : end.tail.trim();
  return { outcome: "refused", reason: reason.slice(0, LONGEST_REASON), changes: end.changes };
}

/** Waits for the engine; undefined when it did not end in time and was stopped. */
async function bounded(run: EngineRun, timeoutSeconds: number, halt: AbortSignal): Promise<EngineEnd | undefined> {
  let late = false;
  const stop = (): Promise<void> => run.stop(INTERRUPT_GRACE_MS);
  const deadline = setTimeout(() => {
    late = true;
    void stop();
  }, timeoutSeconds * 1000);
  const onHalt = (): void => void stop();
  halt.addEventListener("abort", onHalt, { once: true });
  try {
    const end = await run.ended;
    return late ? undefined : end;
  } finally {
    clearTimeout(deadline);
    halt.removeEventListener("abort", onHalt);
    if (halt.aborted) {
      await stop();
      checkHalted(halt);
    }
  }
}
