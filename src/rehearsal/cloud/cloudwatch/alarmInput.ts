import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.js";
import type { MissingDataTreatment } from "./alarmVerdict.js";
import type { MetricIdentity } from "./metricStore.js";
import { accept, checkPeriod, dimensionRecord, required } from "./parameters.js";
import { percentOf, type Statistic, statisticOf } from "./statistic.js";

/** An alarm as PutMetricAlarm declares it, checked and with AWS's defaults filled in. */
export interface AlarmDeclaration {
  readonly name: string;
  readonly metric: MetricIdentity;
  readonly statistic: Statistic;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly breaches: (value: number) => boolean;
  readonly treatMissingData: MissingDataTreatment;
  /** Percentile alarms may stand still while there is too little data to say anything. */
  readonly leastSamples: number;
  readonly unit?: string;
  /** The input itself, which is read back as it was given. */
  readonly input: PutMetricAlarmCommandInput;
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const treatments: readonly MissingDataTreatment[] = ["breaching", "notBreaching", "ignore", "missing"];

/** Reads PutMetricAlarm's input; alarms on metric math, anomaly detection and queries are refused by name. */
export function readAlarm(input: PutMetricAlarmCommandInput): AlarmDeclaration {
  if (input.Metrics?.length) {
    throw invalidAlarm(
      "The local cloud does not serve Metrics (metric math): give MetricName, Namespace, Statistic and Period.",
    );
  }
  accept("PutMetricAlarm", input, servedMembers);
  const name = required(input.AlarmName, "AlarmName");
  if (name.length > 255) throw invalidAlarm("AlarmName has more than 255 characters.");
  const statisticName = statisticNameOf(input);
  const periodSeconds = checkPeriod(input.Period, [10, 20, 30]);
  const evaluationPeriods = atLeastOne(input.EvaluationPeriods, "EvaluationPeriods");
  const datapointsToAlarm = atLeastOne(input.DatapointsToAlarm ?? evaluationPeriods, "DatapointsToAlarm");
  if (datapointsToAlarm > evaluationPeriods) {
    throw invalidAlarm(
      `DatapointsToAlarm (${datapointsToAlarm}) must not exceed EvaluationPeriods (${evaluationPeriods}).`,
    );
  }
  // "EvaluationPeriods multiplied by Period can't exceed one day" (botocore model; seven days only from a period of an hour on).
  if (periodSeconds * evaluationPeriods > 86_400) {
    throw invalidAlarm(
      "Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).",
    );
  }
  const treatMissingData = treatments.find((treatment) => treatment === (input.TreatMissingData ?? "missing"));
  if (!treatMissingData) {
    throw invalidAlarm(`TreatMissingData is ${input.TreatMissingData}, expected ${treatments.join(", ")}.`);
  }
  const threshold = required(input.Threshold, "Threshold");
  const compare = comparisonOf(input);
  return {
    name,
    metric: {
      namespace: required(input.Namespace, "Namespace"),
      name: required(input.MetricName, "MetricName"),
      dimensions: dimensionRecord(input.Dimensions),
    },
    statistic: statisticOf(statisticName),
    periodSeconds,
    evaluationPeriods,
    datapointsToAlarm,
    breaches: (value) => compare(value, threshold),
    treatMissingData,
    leastSamples: leastSamplesOf(input, statisticName),
    unit: input.Unit,
    input,
  };
}

const servedMembers = [
  "AlarmName",
  "AlarmDescription",
  "ActionsEnabled",
  "OKActions",
  "AlarmActions",
  "InsufficientDataActions",
  "MetricName",
  "Namespace",
  "Statistic",
  "ExtendedStatistic",
  "Dimensions",
  "Period",
  "Unit",
  "EvaluationPeriods",
  "DatapointsToAlarm",
  "Threshold",
  "ComparisonOperator",
  "TreatMissingData",
  "EvaluateLowSampleCountPercentile",
  "Tags",
] as const;

function statisticNameOf(input: PutMetricAlarmCommandInput): string {
  if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined)) {
    throw new AwsError("InvalidParameterCombination", "Exactly one of Statistic and ExtendedStatistic must be given.");
  }
  if (
    input.ExtendedStatistic !== undefined &&
    /^[A-Z]/.test(input.ExtendedStatistic) &&
    input.ExtendedStatistic !== "IQM"
  ) {
    // Average and the like are statistics, not extended ones; the ranges PR(…), TM(…) are refused where they are read.
    if (!input.ExtendedStatistic.includes("("))
      throw invalidAlarm(`ExtendedStatistic ${input.ExtendedStatistic} is invalid.`);
  }
  return input.Statistic ?? (input.ExtendedStatistic as string);
}

function comparisonOf(input: PutMetricAlarmCommandInput): (value: number, threshold: number) => boolean {
  const operator = required(input.ComparisonOperator, "ComparisonOperator");
  const compare = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (compare) return compare;
  throw invalidAlarm(
    `The local cloud does not serve ${operator} (anomaly detection): use ${Object.keys(comparisons).join(", ")}.`,
  );
}

/** "10/(1-percentile) data points for percentiles from 0.5 on, 10/percentile below" (CloudWatch user guide, low data samples). */
function leastSamplesOf(input: PutMetricAlarmCommandInput, statisticName: string): number {
  const choice = input.EvaluateLowSampleCountPercentile ?? "evaluate";
  if (choice !== "evaluate" && choice !== "ignore") {
    throw invalidAlarm(`EvaluateLowSampleCountPercentile is ${choice}, expected evaluate or ignore.`);
  }
  const percent = percentOf(statisticName);
  if (choice === "evaluate" || percent === undefined) return 0;
  const share = percent / 100;
  return Math.ceil(10 / (share >= 0.5 ? 1 - share : share));
}

function atLeastOne(value: number | undefined, parameter: string): number {
  const number = required(value, parameter);
  if (Number.isInteger(number) && number >= 1) return number;
  throw invalidAlarm(`${parameter} is ${number}, expected a whole number from 1 on.`);
}

function invalidAlarm(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
