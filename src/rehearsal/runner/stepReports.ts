import type { LoadProcess } from "../load/loadProcess.js";
import type { LoadCounts } from "../load/model.js";
import { capacityBetween } from "../report/capacity.js";
import { unmetBy } from "../report/expectations.js";
import { limitBetween } from "../report/limit.js";
import type { StepReport } from "../report/model.js";
import type { CloudRecord } from "../report/record.js";
import { switchSeconds } from "../report/weightMoves.js";
import { expectedOf, nameOf } from "../scenario/actions.js";
import type { ScenarioStep } from "../scenario/schema.js";
import type { StepOutcome } from "./stepRunner.js";

/** A step that has been carried out and watched. */
export interface StepRun extends StepOutcome {
  readonly step: ScenarioStep;
  readonly index: number;
  /** The window in which shares are counted. */
  readonly observedFrom: number;
  readonly observedTo: number;
}

const EVER = Number.MAX_SAFE_INTEGER;

/**
 * Sums up every step. Each request belongs to the step that was the newest when it was scheduled, so that the steps' losses
 * add up to the load's. To be called when no request is in flight any more.
 */
export async function stepReports(
  runs: readonly StepRun[],
  record: CloudRecord,
  load: LoadProcess | undefined,
  speed: number,
): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for (const [position, run] of runs.entries()) {
    const from = position === 0 ? 0 : run.startedAt;
    const to = runs[position + 1]?.startedAt ?? EVER;
    const whole = await load?.window(from, to);
    const after = await load?.window(run.observedFrom, run.observedTo);
    reports.push(stepReport(run, record, speed, whole, after));
  }
  return reports;
}

function stepReport(
  run: StepRun,
  record: CloudRecord,
  speed: number,
  whole: LoadCounts | undefined,
  after: LoadCounts | undefined,
): StepReport {
  const { step, action, outcome, reason, changes, startedAt, actedAt, endedAt } = run;
  const { peakServers, peakDraining, minHealthy } = capacityBetween(
    record,
    startedAt,
    Math.max(endedAt, run.observedTo),
  );
  const computed =
    action === "up" && outcome === "success" ? limitBetween(record, startedAt, endedAt, speed, step.waits) : null;
  const limit = computed === null || computed.limitSeconds === 0 ? null : computed;
  const moves = record.weightMoves.filter(({ at }) => at >= startedAt && at <= run.observedTo);
  const versionsOf = Object.entries(after?.versionsOf ?? {});
  const found = {
    outcome,
    reason,
    changes,
    preview: run.preview,
    happenings: run.happenings,
    share: shareOf(after?.versions ?? {}),
    answers: sumOf(after?.versions ?? {}),
    shareOf: Object.fromEntries(versionsOf.map(([name, versions]) => [name, shareOf(versions)])),
    answersOf: Object.fromEntries(versionsOf.map(([name, versions]) => [name, sumOf(versions)])),
    versionChanges: whole?.versionChanges ?? 0,
    peakServers,
    minHealthy,
  };
  return {
    name: nameOf(step, run.index),
    action,
    expected: expectedOf(step),
    ...found,
    seconds: (endedAt - actedAt) / 1000,
    operations: run.operations,
    switchSeconds: switchSeconds(moves, whole?.lastPlainAnswer ?? {}),
    limitSeconds: limit === null ? null : round(limit.limitSeconds),
    lost: whole?.lost ?? 0,
    sent: whole?.sent ?? 0,
    appErrors: whole?.appErrors ?? 0,
    peakDraining,
    unmet: unmetBy(step, found),
    startedAt,
    endedAt,
    limit,
  };
}

/** Counts as fractions of their sum. */
export function shareOf(versions: Readonly<Record<string, number>>): Record<string, number> {
  const total = sumOf(versions);
  return Object.fromEntries(Object.entries(versions).map(([version, count]) => [version, count / total]));
}

function sumOf(versions: Readonly<Record<string, number>>): number {
  return Object.values(versions).reduce((sum, count) => sum + count, 0);
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
