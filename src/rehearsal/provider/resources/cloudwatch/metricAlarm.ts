/** `aws.cloudwatch.MetricAlarm` */
import {
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  ListTagsForResourceCommand,
  type MetricDataQuery,
  PutMetricAlarmCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import {
  flag,
  integer,
  map,
  number,
  object,
  type Properties,
  regional,
  set,
  tagged,
  text,
} from "../../schema/property.js";
import { fromAwsTags, tagChanges, toAwsTags } from "../../tags.js";

const METRIC: Properties = {
  metricName: text({ required: true }),
  namespace: text(),
  period: integer({ required: true }),
  stat: text({ required: true }),
  unit: text(),
  dimensions: map(),
};

export const metricAlarm: ResourceType = {
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  maxNameLength: 255,
  properties: {
    ...regional,
    ...tagged,
    name: text({ computed: true, replace: true, range: [1, 255] }),
    comparisonOperator: text({ required: true }),
    evaluationPeriods: integer({ required: true, range: [1, 10000] }),
    datapointsToAlarm: integer({ range: [1, 10000] }),
    threshold: number(),
    thresholdMetricId: text(),
    metricName: text({ conflictsWith: ["metricQueries"] }),
    namespace: text({ conflictsWith: ["metricQueries"] }),
    period: integer({ conflictsWith: ["metricQueries"] }),
    statistic: text({
      conflictsWith: ["extendedStatistic", "metricQueries"],
      oneOf: ["SampleCount", "Average", "Sum", "Minimum", "Maximum"],
    }),
    extendedStatistic: text({ conflictsWith: ["metricQueries", "statistic"] }),
    unit: text(),
    dimensions: map(),
    metricQueries: set(
      object({
        id: text({ required: true }),
        accountId: text(),
        expression: text(),
        label: text(),
        period: integer(),
        returnData: flag({ default: false }),
        metric: object(METRIC),
      }),
      { key: "id" },
    ),
    actionsEnabled: flag({ default: true }),
    alarmActions: set(text()),
    okActions: set(text()),
    insufficientDataActions: set(text()),
    alarmDescription: text({ range: [0, 1024] }),
    treatMissingData: text({ default: "missing", oneOf: ["breaching", "notBreaching", "ignore", "missing"] }),
    evaluateLowSampleCountPercentiles: text({ computed: true, oneOf: ["evaluate", "ignore"] }),
    arn: text({ output: true }),
  },

  async create(call, planned) {
    const { MetricAlarms } = await call.aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [planned.name] }));
    // PutMetricAlarm would take over an alarm that someone else owns.
    if (MetricAlarms && MetricAlarms.length > 0) throw new Error(`a metric alarm named ${planned.name} exists already`);
    await put(call, planned, true);
    return planned.name;
  },

  async read({ aws }, name) {
    const { MetricAlarms } = await aws.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
    const found = MetricAlarms?.[0];
    if (!found) return undefined;
    const { Tags } = await aws.cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: found.AlarmArn }));
    const tags = fromAwsTags(Tags);
    return {
      tags,
      tagsAll: tags,
      arn: found.AlarmArn,
      name: found.AlarmName,
      comparisonOperator: found.ComparisonOperator,
      evaluationPeriods: found.EvaluationPeriods,
      datapointsToAlarm: found.DatapointsToAlarm,
      threshold: found.Threshold,
      thresholdMetricId: found.ThresholdMetricId,
      metricName: found.MetricName,
      namespace: found.Namespace,
      period: found.Period,
      statistic: found.Statistic,
      extendedStatistic: found.ExtendedStatistic,
      unit: found.Unit,
      dimensions: fromDimensions(found.Dimensions),
      metricQueries: (found.Metrics ?? []).map(fromQuery),
      actionsEnabled: found.ActionsEnabled ?? true,
      alarmActions: found.AlarmActions ?? [],
      okActions: found.OKActions ?? [],
      insufficientDataActions: found.InsufficientDataActions ?? [],
      alarmDescription: found.AlarmDescription ?? "",
      treatMissingData: found.TreatMissingData ?? "missing",
      evaluateLowSampleCountPercentiles: found.EvaluateLowSampleCountPercentile ?? "",
    };
  },

  async update(call, { state, planned, changed }) {
    const { cloudwatch } = call.aws;
    if ([...changed].some((name) => name !== "tags")) await put(call, planned, false);
    if (!changed.has("tags")) return;
    const { set: fresh, removed } = tagChanges(state.tags, planned.tags);
    const ResourceARN = state.arn;
    if (removed.length > 0) await cloudwatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: removed }));
    if (Object.keys(fresh).length > 0) {
      await cloudwatch.send(new TagResourceCommand({ ResourceARN, Tags: toAwsTags(fresh) }));
    }
  },

  async delete({ aws }, name) {
    await unlessMissing(aws.cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] })), "ResourceNotFound");
  },
};

/** Tags are taken by the creation only (CloudWatch API reference, PutMetricAlarm). */
async function put({ aws }: Call, planned: Values, withTags: boolean): Promise<void> {
  await aws.cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: planned.name,
      ComparisonOperator: planned.comparisonOperator,
      EvaluationPeriods: planned.evaluationPeriods,
      DatapointsToAlarm: planned.datapointsToAlarm,
      Threshold: planned.threshold,
      ThresholdMetricId: planned.thresholdMetricId,
      MetricName: planned.metricName,
      Namespace: planned.namespace,
      Period: planned.period,
      Statistic: planned.statistic,
      ExtendedStatistic: planned.extendedStatistic,
      Unit: planned.unit,
      Dimensions: toDimensions(planned.dimensions),
      Metrics: planned.metricQueries?.length ? planned.metricQueries.map(toQuery) : undefined,
      ActionsEnabled: planned.actionsEnabled,
      AlarmActions: planned.alarmActions,
      OKActions: planned.okActions,
      InsufficientDataActions: planned.insufficientDataActions,
      AlarmDescription: planned.alarmDescription,
      TreatMissingData: planned.treatMissingData,
      EvaluateLowSampleCountPercentile: planned.evaluateLowSampleCountPercentiles || undefined,
      Tags: withTags && planned.tags ? toAwsTags(planned.tags) : undefined,
    }),
  );
}

function toDimensions(dimensions: Values | undefined) {
  if (!dimensions) return undefined;
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value: String(Value) }));
}

function fromDimensions(dimensions: readonly { Name?: string | undefined; Value?: string | undefined }[] = []): Values {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}

function toQuery({ id, accountId, expression, label, period, returnData, metric }: Values): MetricDataQuery {
  return {
    Id: id,
    AccountId: accountId,
    Expression: expression,
    Label: label,
    Period: period,
    ReturnData: returnData,
    MetricStat: metric && {
      Metric: {
        MetricName: metric.metricName,
        Namespace: metric.namespace,
        Dimensions: toDimensions(metric.dimensions),
      },
      Period: metric.period,
      Stat: metric.stat,
      Unit: metric.unit,
    },
  };
}

function fromQuery({ Id, AccountId, Expression, Label, Period, ReturnData, MetricStat }: MetricDataQuery): Values {
  return {
    id: Id,
    accountId: AccountId,
    expression: Expression,
    label: Label,
    period: Period,
    returnData: ReturnData ?? false,
    metric: MetricStat && {
      metricName: MetricStat.Metric?.MetricName,
      namespace: MetricStat.Metric?.Namespace,
      dimensions: fromDimensions(MetricStat.Metric?.Dimensions),
      period: MetricStat.Period,
      stat: MetricStat.Stat,
      unit: MetricStat.Unit,
    },
  };
}
