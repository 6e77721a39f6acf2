import type {
  GetMetricDataCommandInput,
  GetMetricDataCommandOutput,
  GetMetricStatisticsCommandInput,
  GetMetricStatisticsCommandOutput,
  ListMetricsCommandInput,
  ListMetricsCommandOutput,
  MetricDataQuery,
  MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.js";
import type { Clock } from "../clock.js";
import type { Operation, Out } from "../service.js";
import type { MetricIdentity, MetricStore } from "./metricStore.js";
import { accept, checkPeriod, dimensionList, dimensionRecord, invalid, pageFrom, required } from "./parameters.js";
import { putMetricData } from "./putMetricData.js";
import { statisticOf } from "./statistic.js";

/** "The maximum number of data points returned from a single call is 1,440" (botocore model, GetMetricStatistics). */
const mostStatistics = 1440;
/** "The default is 100,800 data points" (botocore model, GetMetricData). */
const mostData = 100_800;

/** Metrics: putting, reading and listing them. */
export function metricOperations(store: MetricStore, clock: Clock): Record<string, Operation> {
  return {
    PutMetricData: putMetricData(store, clock),
    GetMetricStatistics: (input: GetMetricStatisticsCommandInput) => statistics(store, input),
    GetMetricData: (input: GetMetricDataCommandInput) => metricData(store, input),
    ListMetrics: (input: ListMetricsCommandInput) => list(store, clock, input),
  };
}

function statistics(store: MetricStore, input: GetMetricStatisticsCommandInput): Out<GetMetricStatisticsCommandOutput> {
  const metric = identity(input.Namespace, input.MetricName, input.Dimensions);
  const period = checkPeriod(input.Period);
  const { from, to } = range(input.StartTime, input.EndTime);
  const plain = input.Statistics ?? [];
  const extended = input.ExtendedStatistics ?? [];
  if (plain.length + extended.length === 0) throw required<never>(undefined, "Statistics");
  const readers = [...plain, ...extended].map((name) => [name, statisticOf(name)] as const);
  const found = [...store.query(metric, from, to, period, input.Unit)].sort(([a], [b]) => a - b);
  if (found.length > mostStatistics) {
    throw new AwsError(
      "InvalidParameterCombination",
      `You have requested up to ${found.length} datapoints, which exceeds the limit of ${mostStatistics}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const unit = input.Unit ?? (store.unitsOf(metric)[0] as GetMetricStatisticsCommandInput["Unit"]);
  return {
    Label: metric.name,
    Datapoints: found.map(([start, bucket]) => {
      const values = new Map(readers.map(([name, read]) => [name as string, read(bucket)]));
      const percentiles = extended
        .map((name) => [name, values.get(name)] as const)
        .filter(([, value]) => value !== undefined);
      return {
        Timestamp: new Date(start),
        Unit: unit,
        ...Object.fromEntries(plain.map((name) => [name, values.get(name)])),
        ...(percentiles.length > 0
          ? { ExtendedStatistics: Object.fromEntries(percentiles) as Record<string, number> }
          : {}),
      };
    }),
  };
}

function metricData(store: MetricStore, input: GetMetricDataCommandInput): Out<GetMetricDataCommandOutput> {
  accept("GetMetricData", input, [
    "MetricDataQueries",
    "StartTime",
    "EndTime",
    "ScanBy",
    "MaxDatapoints",
    "LabelOptions",
  ]);
  const { from, to } = range(input.StartTime, input.EndTime);
  const ascending = input.ScanBy === "TimestampAscending";
  const queries = required(input.MetricDataQueries?.length ? input.MetricDataQueries : undefined, "MetricDataQueries");
  const results = queries
    .map((query) => ({ query, result: queryResult(store, query, from, to, ascending) }))
    .filter(({ query }) => query.ReturnData !== false)
    .map(({ result }) => result);
  const count = results.reduce((sum, { Values }) => sum + (Values?.length ?? 0), 0);
  const most = input.MaxDatapoints ?? mostData;
  if (count > most) {
    throw invalid(
      `The local cloud answers in one page: ${count} datapoints are more than ${most}; narrow the time range or widen Period.`,
    );
  }
  return { MetricDataResults: results, Messages: [] };
}

function queryResult(
  store: MetricStore,
  query: MetricDataQuery,
  from: number,
  to: number,
  ascending: boolean,
): MetricDataResult {
  const id = required(query.Id, "MetricDataQueries.member.Id");
  if (query.Expression !== undefined) {
    throw new AwsError(
      "ValidationError",
      `The local cloud does not serve metric math: the query "${id}" has an Expression. Give a MetricStat.`,
    );
  }
  const stat = required(query.MetricStat, `MetricDataQueries.member.MetricStat (of ${id})`);
  const metric = identity(stat.Metric?.Namespace, stat.Metric?.MetricName, stat.Metric?.Dimensions);
  const read = statisticOf(required(stat.Stat, "MetricStat.Stat"));
  const points = [...store.query(metric, from, to, checkPeriod(stat.Period), stat.Unit)]
    .map(([start, bucket]) => ({ start, value: read(bucket) }))
    .filter((point): point is { start: number; value: number } => point.value !== undefined)
    .sort((a, b) => (ascending ? a.start - b.start : b.start - a.start));
  return {
    Id: id,
    Label: query.Label ?? metric.name,
    StatusCode: "Complete",
    Timestamps: points.map(({ start }) => new Date(start)),
    Values: points.map(({ value }) => value),
  };
}

function list(store: MetricStore, clock: Clock, input: ListMetricsCommandInput): Out<ListMetricsCommandOutput> {
  accept("ListMetrics", input, ["Namespace", "MetricName", "Dimensions", "RecentlyActive", "NextToken"]);
  const found = store.list().filter(({ namespace, name, dimensions, lastAt }) => {
    // "PT3H: metrics that published within the last three hours" (botocore model).
    if (input.RecentlyActive === "PT3H" && clock.secondsSince(lastAt) > 3 * 3600) return false;
    return (
      (input.Namespace === undefined || input.Namespace === namespace) &&
      (input.MetricName === undefined || input.MetricName === name) &&
      (input.Dimensions ?? []).every(({ Name = "", Value }) =>
        Value === undefined ? Object.hasOwn(dimensions, Name) : dimensions[Name] === Value,
      )
    );
  });
  const page = pageFrom(found, input.NextToken, 500);
  return {
    Metrics: page.items.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: dimensionList(dimensions),
    })),
    NextToken: page.nextToken,
  };
}

function identity(
  namespace: string | undefined,
  name: string | undefined,
  dimensions: Parameters<typeof dimensionRecord>[0],
): MetricIdentity {
  return {
    namespace: required(namespace, "Namespace"),
    name: required(name, "MetricName"),
    dimensions: dimensionRecord(dimensions),
  };
}

function range(start: Date | undefined, end: Date | undefined): { from: number; to: number } {
  const from = required(start, "StartTime").getTime();
  const to = required(end, "EndTime").getTime();
  if (from >= to) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  return { from, to };
}
