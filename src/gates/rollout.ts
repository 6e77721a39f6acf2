import type { BatchRule } from "../plan/batches.js";
import type { DataContract } from "../plan/dataContract.js";

/**
 * What an `up` does when another rollout of the same fleet is still running.
 * - `supersede`: stop it and roll to the new release at once
 * - `queue`: let it end, then roll
 * - `fail`: refuse, and let it go on
 */
export type WhenBusy = "supersede" | "queue" | "fail";

/** The numbers of a rollout. */
export interface RolloutNumbers {
  readonly warmupSeconds: number;
  readonly bakeSeconds: number;
  readonly alarmNames: readonly string[];
  /** How long it may go without progress. */
  readonly replacementTimeoutSeconds: number;
  /** How long it may take in all; derived from the batches when absent. */
  readonly timeoutSeconds?: number;
  /** New servers that may fail; derived from the size when absent. */
  readonly toleratedFailures?: number;
}

/** How one fleet is brought to another release, on whichever platform. */
export interface RolloutOrder extends RolloutNumbers {
  /** Whom messages are about, such as `RollingFleet "web"`. */
  readonly subject: string;
  readonly release: { readonly version: string; readonly data?: DataContract };
  readonly batch: BatchRule;
  readonly whenBusy: WhenBusy;
}
