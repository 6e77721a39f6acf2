import type { CloudStatus } from "../cloud/snapshot.js";
import type { Latency, LoadSecond, LossKind, LostRequest, RequestSummary } from "../load/model.js";
import type { StepLimit } from "./limit.js";
import type { PreviewTruth } from "./truth.js";

/** What `hitless rehearse --json FILE` writes. */
export interface RehearsalReport {
  /** `passed` only when every expectation held and no request was lost. */
  readonly verdict: "passed" | "failed";
  /** Why the verdict is `failed`, one sentence each. */
  readonly failures: readonly string[];
  /** What does not touch the verdict but should be known. */
  readonly warnings: readonly string[];
  readonly requests: RequestsReport;
  readonly steps: readonly StepReport[];
  readonly speed: number;
  /** How servers were kept apart; on `paper` the cloud answered for them. */
  readonly isolation: CloudStatus["isolation"];
  /** Requests per second asked for. */
  readonly rate: number;
  /** Real seconds from the first step to the last. */
  readonly seconds: number;
  /** The load, second by second. */
  readonly timeline: readonly LoadSecond[];
}

export interface RequestsReport {
  readonly sent: number;
  /** Requests without a complete answer from a server. */
  readonly lost: number;
  /** Complete answers with a 5xx that a release itself sent. */
  readonly appErrors: number;
  readonly latencyMs: Latency;
  readonly completed: number;
  /** Requests that met a closed idle connection and were sent once more; see docs/rehearsal.md. */
  readonly retriedOnClosedConnection: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly lostByKind: Readonly<Partial<Record<LossKind, number>>>;
  readonly perRequest: readonly RequestSummary[];
  readonly evidence: readonly LostRequest[];
  /** The load generator's own longest stall: latencies below it say nothing about the service. */
  readonly generatorLagMs: number;
  /** How often a user saw another version than before. */
  readonly versionChanges: number;
}

export interface StepReport {
  readonly name: string;
  readonly action: "up" | "preview" | "kill" | "cloud" | "observe";
  readonly expected: string;
  readonly outcome: string;
  /** Real seconds of the step's action. */
  readonly seconds: number;
  /** The least real seconds it could have taken; null where nothing was rolled out to an end. */
  readonly limitSeconds: number | null;
  /** Requests lost from the step's beginning to the next one's. */
  readonly lost: number;
  /** Fraction of answers by version, in the window after the step. */
  readonly share: Readonly<Record<string, number>>;
  readonly peakServers: number;
  readonly peakDraining: number;
  readonly minHealthy: number;
  readonly sent: number;
  readonly appErrors: number;
  /** Expectations of this step that did not hold. */
  readonly unmet: readonly string[];
  /** What the engine said when it refused. */
  readonly reason: string;
  /** Resources by what happened to them: `{ same: 12, update: 2 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Operations on resources that had ended, well or badly, when the engine did. */
  readonly operations: number;
  /** How far the preview before the update told the truth; null where none was asked for. */
  readonly preview: PreviewTruth | null;
  /** What happened in the middle of the update. */
  readonly happenings: readonly Happening[];
  /** Real seconds from the last change of weights to the last short answer by a version that lost all its weight; else null. */
  readonly switchSeconds: number | null;
  /** How often a user saw another version than before, from the step's beginning to the next one's. */
  readonly versionChanges: number;
  /** How many answers `share` is of. */
  readonly answers: number;
  /** As `share`, for each kind of request. */
  readonly shareOf: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly answersOf: Readonly<Record<string, number>>;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly limit: StepLimit | null;
}

/** One thing that was to happen in the middle of an update. */
export interface Happening {
  readonly what: string;
  /** Wall clock milliseconds; null when its moment never came. */
  readonly at: number | null;
  /** What was done exactly. */
  readonly done: string;
  /** Why it was not done; empty when it was. */
  readonly problem: string;
}
