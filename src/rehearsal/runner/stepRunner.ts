import { BUCKET_MS } from "../load/buckets.js";
import { isChange } from "../report/expectations.js";
import type { Happening } from "../report/model.js";
import { compareWithPreview, type PreviewTruth } from "../report/truth.js";
import type { Action } from "../scenario/actions.js";
import { actionOf } from "../scenario/actions.js";
import type { ScenarioStep } from "../scenario/schema.js";
import type { CloudWatcher } from "./cloudWatcher.js";
import { type EngineMessage, endedOf } from "./engineEvents.js";
import type { EngineEnd, EngineRun } from "./engineRun.js";
import { checkHalted, pause } from "./interruption.js";
import { type Hands, intervene, untilSteady } from "./interventions/intervene.js";
import { Timetable } from "./interventions/timetable.js";
import { INTERRUPT_GRACE_MS, type Stack } from "./stack.js";

/** What became of a step's action. */
export interface StepOutcome extends Done {
  readonly action: Action;
  /** When the step began; a preview before its update belongs to it. */
  readonly startedAt: number;
  /** When its action began. */
  readonly actedAt: number;
  readonly endedAt: number;
}

interface Done {
  /** In the words of `expect`, or `timed out`, or `ended before it was killed`. */
  readonly outcome: string;
  readonly reason: string;
  readonly changes: Readonly<Record<string, number>>;
  /** Operations on resources that had ended. */
  readonly operations: number;
  readonly preview: PreviewTruth | null;
  readonly happenings: readonly Happening[];
}

/** What a step works with. */
export interface Stage {
  readonly stack: Stack;
  readonly hands: Hands;
  readonly watcher: CloudWatcher;
  readonly halt: AbortSignal;
  readonly onMessage: (message: EngineMessage) => void;
  /** Runs on every sample of the cloud until the returned function is called. */
  readonly onSample: (look: () => void) => () => void;
  /** What dies with a killed engine in real life, and lives in our process. */
  readonly engineDied: () => Promise<void>;
}

const LONGEST_REASON = 6000;
const NOTHING: Done = { outcome: "", reason: "", changes: {}, operations: 0, preview: null, happenings: [] };

/**
 * Sets the step's configuration and faults, and does what it says.
 *
 * @param previewed whether a preview runs before the update, and is compared with it
 */
export async function runStep(step: ScenarioStep, previewed: boolean, stage: Stage): Promise<StepOutcome> {
  if (Object.keys(step.set).length > 0) stage.stack.config.set(step.set);
  const startedAt = Date.now();
  if (step.faults !== undefined) {
    // What the faults meet under way was sent just before, and counts for this step: losses go by the moment of sending, in buckets.
    await pause(BUCKET_MS, stage.halt);
    await stage.hands.link.setFaults(step.faults);
  }
  const announced = previewed ? await preview(step, step.up?.refresh ?? false, stage) : undefined;
  const previewSeconds = (Date.now() - startedAt) / 1000;
  const actedAt = Date.now();
  const action = actionOf(step);
  // A pipeline stops there as well: mandatory policies are for what must never be begun.
  if (announced?.violated) return { action, ...told(announced, () => ""), startedAt, actedAt, endedAt: actedAt };
  const { end, ...done } = await act(step, action, stage);
  const endedAt = Date.now();
  return {
    action,
    ...done,
    preview: previewed ? truthOf(announced, end, previewSeconds) : null,
    startedAt,
    actedAt,
    endedAt,
  };
}

type Acted = Done & { readonly end?: EngineEnd | undefined };

async function act(step: ScenarioStep, action: Action, stage: Stage): Promise<Acted> {
  switch (action) {
    case "up":
      return update(step, stage);
    case "preview": {
      const end = await preview(step, step.preview?.refresh ?? false, stage);
      return told(end, ({ changes }) => (isChange(changes) ? "changed" : "unchanged"));
    }
    case "kill":
      return kill(step, stage);
    case "cloud":
      return change(step, stage);
    case "observe":
      return { ...NOTHING, outcome: "observed" };
  }
}

function preview(step: ScenarioStep, refresh: boolean, stage: Stage): Promise<EngineEnd | undefined> {
  return bounded(stage.stack.preview(refresh, stage.onMessage), step.timeoutSeconds, stage.halt);
}

async function update(step: ScenarioStep, stage: Stage): Promise<Acted> {
  const run = stage.stack.up(step.up?.refresh ?? false, stage.onMessage);
  const { end, happenings } = await meanwhile(step, run, stage);
  return { ...told(end, () => "success"), happenings, end };
}

/** Waits for the engine, and lets happen what the step says happens in the middle. */
async function meanwhile(
  step: ScenarioStep,
  run: EngineRun,
  stage: Stage,
): Promise<{ end: EngineEnd | undefined; happenings: Happening[] }> {
  const { record } = stage.watcher;
  const beside = { run, record, startedAt: Date.now(), onSample: stage.onSample };
  const timetable = new Timetable(step.during, stage.hands, beside);
  let happenings: Happening[] = [];
  const end = await bounded(run, step.timeoutSeconds, stage.halt).finally(async () => {
    happenings = await timetable.end();
  });
  return { end, happenings };
}

/** Starts `up`, and kills the engine as soon as its moment has come; then clears its lock, as a person would. */
async function kill(step: ScenarioStep, stage: Stage): Promise<Acted> {
  const startedAt = Date.now();
  const { afterReplaced, afterOperations, afterMessage } = step.kill ?? {};
  let killed: Promise<number> | undefined;
  const run = stage.stack.up(false, (message) => {
    stage.onMessage(message);
    if (afterMessage !== undefined && new RegExp(afterMessage).test(message.text)) killed ??= run.kill();
  });
  if (afterOperations !== undefined) {
    run.onOperation((ended) => {
      if (ended >= afterOperations) killed ??= run.kill();
    });
  }
  const forget = stage.onSample(() => {
    if (afterReplaced === undefined) return;
    const lives = [...stage.watcher.record.lives.values()].filter((life) => life.launchedAt >= startedAt);
    const replaced = lives.filter((life) => life.firstHealthyAt !== undefined).length;
    if (lives.length > 0 && replaced >= afterReplaced) killed ??= run.kill();
  });
  const { end, happenings } = await meanwhile(step, run, stage).finally(forget);
  if (killed === undefined || end?.exitCode !== null) {
    // What it had ended with when the signal came is how it ended.
    await killed;
    const done = told(end, () => "ended before it was killed");
    const reason = done.reason || `it ended after ${done.operations} operations`;
    return { ...done, reason: end === undefined ? "" : reason, happenings };
  }
  await killed;
  await stage.engineDied();
  const cancelled = await stage.stack.cancel();
  const reason = cancelled.exitCode === 0 ? "" : `pulumi cancel failed: ${cancelled.tail.trim()}`;
  const outcome = reason === "" ? "killed" : "lock not cleared";
  return { ...NOTHING, outcome, reason, changes: end.changes, operations: endedOf(end.operations), happenings };
}

/** Somebody else changes the cloud. A group that is scaled is waited for: what comes next shall find it so. */
async function change(step: ScenarioStep, { hands }: Stage): Promise<Acted> {
  const startedAt = Date.now();
  const { scale, weights, terminate, kubectl, timeoutSeconds } = step;
  try {
    const what = await intervene({ scale, weights, terminate, kubectl }, hands);
    if (scale !== undefined) await untilSteady(scale.group, scale.to, hands, timeoutSeconds);
    const happening = { what: "behind the program's back", at: startedAt, done: what, problem: "" };
    return { ...NOTHING, outcome: "done", happenings: [happening] };
  } catch (error) {
    checkHalted(hands.halt);
    return { ...NOTHING, outcome: "not done", reason: (error as Error).message };
  }
}

function told(end: EngineEnd | undefined, success: (end: EngineEnd) => string): Done {
  if (end === undefined) return { ...NOTHING, outcome: "timed out" };
  const { changes } = end;
  const operations = endedOf(end.operations);
  if (end.exitCode === 0) return { ...NOTHING, outcome: success(end), changes, operations };
  const reason = end.errors.length > 0 ? end.errors.join("\n") : end.tail.trim();
  return { ...NOTHING, outcome: "refused", reason: reason.slice(0, LONGEST_REASON), changes, operations };
}

function truthOf(announced: EngineEnd | undefined, end: EngineEnd | undefined, seconds: number): PreviewTruth {
  const compared = compareWithPreview(announced?.operations ?? [], end?.operations ?? []);
  const { outcome, reason } = told(announced, () => "");
  return { seconds, ...compared, refused: reason || outcome };
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
