import type { MetricDatum, PutMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.js";
import type { Clock } from "../clock.js";
import type { Operation } from "../service.js";
import { type MetricStore, mostMetrics } from "./metricStore.js";
import { accept, dimensionRecord, invalid, required } from "./parameters.js";

const hourMs = 3_600_000;

/** PutMetricData: single values, values with counts, and statistic sets. All data of a call is checked before any is taken. */
export function putMetricData(store: MetricStore, clock: Clock): Operation<PutMetricDataCommandInput, object> {
  return (input) => {
    accept("PutMetricData", input, ["Namespace", "MetricData", "StrictEntityValidation"]);
    const namespace = required(input.Namespace, "Namespace");
    if (namespace.startsWith("AWS/")) throw invalid("The value AWS/ for parameter Namespace is reserved.");
    const data = required(input.MetricData?.length ? input.MetricData : undefined, "MetricData");
    // "Each request is limited to 1000 different metrics" (botocore model, PutMetricData).
    if (data.length > 1000) throw invalid(`MetricData has ${data.length} members, at most 1000 are allowed.`);
    const now = clock.now();
    const writes = data.map((datum) => ({
      identity: {
        namespace,
        name: required(datum.MetricName, "MetricData.member.MetricName"),
        dimensions: dimensionRecord(datum.Dimensions),
      },
      unit: datum.Unit ?? "None",
      at: timeOf(datum, now),
      write: writerOf(datum),
    }));
    for (const { identity, unit, at, write } of writes) {
      const bucket = store.bucket(identity, unit, at);
      if (!bucket) {
        throw new AwsError(
          "LimitExceeded",
          `The local cloud keeps at most ${mostMetrics} metrics: ${identity.name} is one more.`,
        );
      }
      write(bucket);
    }
    return {};
  };
}

type Bucket = NonNullable<ReturnType<MetricStore["bucket"]>>;

/** "Between two weeks before the current date and up to two hours into the future" (botocore model, MetricDatum). */
function timeOf(datum: MetricDatum, now: number): number {
  const at = datum.Timestamp?.getTime() ?? now;
  if (at > now + 2 * hourMs || at < now - 14 * 24 * hourMs) {
    throw invalid(
      "The parameter MetricData.member.Timestamp must specify a time within the past two weeks and two hours.",
    );
  }
  return at;
}

function writerOf(datum: MetricDatum): (bucket: Bucket) => void {
  const { Value, Values, Counts, StatisticValues } = datum;
  const given = [Value !== undefined, Boolean(Values?.length), StatisticValues !== undefined].filter(Boolean).length;
  if (given !== 1) {
    throw new AwsError(
      "InvalidParameterCombination",
      "A datum needs exactly one of Value, Values and StatisticValues.",
    );
  }
  if (StatisticValues) {
    const set = {
      count: required(StatisticValues.SampleCount, "StatisticValues.SampleCount"),
      sum: required(StatisticValues.Sum, "StatisticValues.Sum"),
      minimum: required(StatisticValues.Minimum, "StatisticValues.Minimum"),
      maximum: required(StatisticValues.Maximum, "StatisticValues.Maximum"),
    };
    if (set.count <= 0) throw invalid("StatisticValues.SampleCount must be greater than 0.");
    for (const value of Object.values(set)) finite(value);
    return (bucket) => bucket.addStatistics(set);
  }
  const values = Values?.length ? Values : [Value as number];
  if (Counts && Counts.length !== values.length) {
    throw invalid(`Values has ${values.length} members and Counts ${Counts.length}: they must be equally many.`);
  }
  if (values.length > 150) throw invalid(`Values has ${values.length} members, at most 150 are allowed.`);
  for (const value of values) finite(value);
  if (Counts?.some((count) => !(count > 0))) throw invalid("Counts must be greater than 0.");
  return (bucket) => {
    for (const [index, value] of values.entries()) bucket.add(value, Counts?.[index] ?? 1);
  };
}

function finite(value: number): void {
  if (!Number.isFinite(value)) throw invalid(`The value ${value} is not supported: it must be finite.`);
}
