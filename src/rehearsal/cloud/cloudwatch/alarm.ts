import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { AlarmView } from "../ports.js";
import type { AlarmDeclaration } from "./alarmInput.js";
import { type AlarmState, alarmVerdict, extraPeriods } from "./alarmVerdict.js";
import type { MetricStore } from "./metricStore.js";

/** One alarm: what was declared, and the state that the data gave it. */
export class Alarm {
  state: AlarmState = "INSUFFICIENT_DATA";
  reason = "Unchecked: Initial alarm creation";
  reasonData?: string;
  /** The newest datapoint of the last evaluation, if it had any. */
  latestValue: number | undefined;
  stateUpdatedAt = new Date();
  configuredAt = new Date();
  actionsEnabled: boolean;

  constructor(
    public declaration: AlarmDeclaration,
    readonly arn: string,
  ) {
    this.actionsEnabled = declaration.input.ActionsEnabled ?? true;
  }

  /** Replaces the declaration; the state stays until the next evaluation (botocore model, PutMetricAlarm). */
  declare(declaration: AlarmDeclaration): void {
    this.declaration = declaration;
    this.actionsEnabled = declaration.input.ActionsEnabled ?? true;
    this.configuredAt = new Date();
  }

  /**
   * What the data says now, or undefined where the state stays as it is.
   * @param end the end of the newest whole period, in wall clock ms
   * @param periodMs the period in real milliseconds
   */
  verdict(store: MetricStore, end: number, periodMs: number): { state: AlarmState; reason: string } | undefined {
    const { metric, periodSeconds, unit, statistic, breaches, evaluationPeriods, leastSamples } = this.declaration;
    const count = evaluationPeriods + extraPeriods;
    // Starts are multiples of the period up to rounding, so they are compared by number, not by time.
    const found = new Map(
      [...store.query(metric, end - (count + 1) * periodMs, end, periodSeconds, unit)].map(
        ([start, bucket]) => [Math.round((end - start) / periodMs), bucket] as const,
      ),
    );
    const buckets = Array.from({ length: count }, (_, index) => found.get(count - index));
    if (leastSamples > 0 && buckets.some((bucket) => bucket && bucket.count < leastSamples)) return undefined;
    const values = buckets.map((bucket) => (bucket && bucket.count > 0 ? statistic(bucket) : undefined));
    this.latestValue = values.findLast((value) => value !== undefined);
    const state = alarmVerdict(
      values.map((value) => (value === undefined ? undefined : breaches(value))),
      this.declaration,
    );
    return state && { state, reason: this.explain(state, values) };
  }

  /** The alarm as other services see it; actions that are disabled are not there. */
  view(): AlarmView {
    const { AlarmActions = [], OKActions = [], Threshold } = this.declaration.input;
    return {
      name: this.declaration.name,
      arn: this.arn,
      state: this.state,
      reason: this.reason,
      alarmActions: this.actionsEnabled ? [...AlarmActions] : [],
      okActions: this.actionsEnabled ? [...OKActions] : [],
      ...(this.latestValue !== undefined ? { latestValue: this.latestValue } : {}),
      ...(Threshold !== undefined ? { threshold: Threshold } : {}),
    };
  }

  /** The alarm as DescribeAlarms shows it. */
  shape(): MetricAlarm {
    const { Tags: _tags, Metrics: _metrics, ...input } = this.declaration.input;
    return {
      ...input,
      AlarmArn: this.arn,
      ActionsEnabled: this.actionsEnabled,
      AlarmActions: input.AlarmActions ?? [],
      OKActions: input.OKActions ?? [],
      InsufficientDataActions: input.InsufficientDataActions ?? [],
      Dimensions: input.Dimensions ?? [],
      AlarmConfigurationUpdatedTimestamp: this.configuredAt,
      StateValue: this.state,
      StateReason: this.reason,
      StateReasonData: this.reasonData,
      StateUpdatedTimestamp: this.stateUpdatedAt,
      StateTransitionedTimestamp: this.stateUpdatedAt,
    };
  }

  private explain(state: AlarmState, values: readonly (number | undefined)[]): string {
    const { input, evaluationPeriods, treatMissingData } = this.declaration;
    const real = values.filter((value) => value !== undefined).slice(-evaluationPeriods);
    const shown =
      real.length > 0 ? `[${real.map((value) => Number(value.toPrecision(6))).join(", ")}]` : "no datapoints";
    if (state === "INSUFFICIENT_DATA") {
      return `Insufficient Data: ${evaluationPeriods} datapoints were unknown.`;
    }
    const missing = evaluationPeriods - real.length;
    const filled = missing > 0 ? `; ${missing} missing datapoints were treated as [${treatMissingData}]` : "";
    const words = (input.ComparisonOperator ?? "").replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
    return `Threshold Crossed: ${shown} against ${words} (${input.Threshold})${filled}, which means ${state}.`;
  }
}
