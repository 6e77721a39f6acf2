import type {
  DeleteAlarmsCommandInput,
  DescribeAlarmHistoryCommandInput,
  DescribeAlarmHistoryCommandOutput,
  DescribeAlarmsCommandInput,
  DescribeAlarmsCommandOutput,
  DescribeAlarmsForMetricCommandInput,
  DescribeAlarmsForMetricCommandOutput,
  DisableAlarmActionsCommandInput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceCommandOutput,
  PutMetricAlarmCommandInput,
  SetAlarmStateCommandInput,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import type { Alarm } from "./alarm.js";
import type { Alarms } from "./alarms.js";
import { accept, dimensionRecord, invalid, pageFrom, required } from "./parameters.js";

/** Alarms: declaring, reading, setting and tagging them. */
export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  const tagged = (arn: string | undefined): Alarm => {
    const alarm = alarms.byArn(required(arn, "ResourceARN"));
    if (alarm) return alarm;
    throw new AwsError("ResourceNotFoundException", `Unknown resource: ${arn}`, 404);
  };
  const setActions = (enabled: boolean) => (input: DisableAlarmActionsCommandInput) => {
    for (const name of required(input.AlarmNames, "AlarmNames")) {
      const alarm = alarms.find(name);
      if (alarm) alarm.actionsEnabled = enabled;
    }
    return {};
  };
  return {
    PutMetricAlarm: (input: PutMetricAlarmCommandInput) => {
      alarms.put(input);
      return {};
    },
    DescribeAlarms: (input: DescribeAlarmsCommandInput): Out<DescribeAlarmsCommandOutput> => describe(alarms, input),
    DescribeAlarmsForMetric: (
      input: DescribeAlarmsForMetricCommandInput,
    ): Out<DescribeAlarmsForMetricCommandOutput> => {
      const wanted = JSON.stringify(Object.entries(dimensionRecord(input.Dimensions)).sort());
      const found = alarms.list().filter(({ declaration: { metric, input: declared, unit } }) => {
        return (
          metric.name === required(input.MetricName, "MetricName") &&
          metric.namespace === required(input.Namespace, "Namespace") &&
          JSON.stringify(Object.entries(metric.dimensions).sort()) === wanted &&
          (input.Statistic === undefined || input.Statistic === declared.Statistic) &&
          (input.ExtendedStatistic === undefined || input.ExtendedStatistic === declared.ExtendedStatistic) &&
          (input.Period === undefined || input.Period === declared.Period) &&
          (input.Unit === undefined || input.Unit === unit)
        );
      });
      return { MetricAlarms: found.map((alarm) => alarm.shape()) };
    },
    SetAlarmState: (input: SetAlarmStateCommandInput) => {
      const name = required(input.AlarmName, "AlarmName");
      const state = required(input.StateValue, "StateValue");
      if (state !== "OK" && state !== "ALARM" && state !== "INSUFFICIENT_DATA") {
        throw invalid(`StateValue is ${state}, expected OK, ALARM or INSUFFICIENT_DATA.`);
      }
      const alarm = alarms.find(name);
      if (!alarm) throw new AwsError("ResourceNotFound", `Alarm ${name} does not exist.`, 404);
      alarms.setState(alarm, state, required(input.StateReason, "StateReason"), input.StateReasonData);
      return {};
    },
    DeleteAlarms: (input: DeleteAlarmsCommandInput) => {
      alarms.remove(required(input.AlarmNames, "AlarmNames"));
      return {};
    },
    EnableAlarmActions: setActions(true),
    DisableAlarmActions: setActions(false),
    DescribeAlarmHistory: (input: DescribeAlarmHistoryCommandInput): Out<DescribeAlarmHistoryCommandOutput> =>
      history(alarms, input),
    ListTagsForResource: (input: ListTagsForResourceCommandInput): Out<ListTagsForResourceCommandOutput> => {
      const { arn } = tagged(input.ResourceARN);
      return { Tags: Object.entries(alarms.tagsOf(arn)).map(([Key, Value]) => ({ Key, Value })) };
    },
    TagResource: (input: TagResourceCommandInput) => {
      alarms.tag(tagged(input.ResourceARN).arn, required(input.Tags, "Tags"));
      return {};
    },
    UntagResource: (input: UntagResourceCommandInput) => {
      alarms.untag(tagged(input.ResourceARN).arn, required(input.TagKeys, "TagKeys"));
      return {};
    },
  };
}

function describe(alarms: Alarms, input: DescribeAlarmsCommandInput): Out<DescribeAlarmsCommandOutput> {
  accept("DescribeAlarms", input, [
    "AlarmNames",
    "AlarmNamePrefix",
    "AlarmTypes",
    "StateValue",
    "ActionPrefix",
    "MaxRecords",
    "NextToken",
  ]);
  if (input.AlarmNames?.length && input.AlarmNamePrefix) {
    throw new AwsError("InvalidParameterCombination", "AlarmNames and AlarmNamePrefix cannot be given together.");
  }
  const wantsMetricAlarms = !input.AlarmTypes?.length || input.AlarmTypes.includes("MetricAlarm");
  const found = alarms.list().filter((alarm) => {
    const { name, input: declared } = alarm.declaration;
    const actions = [
      ...(declared.AlarmActions ?? []),
      ...(declared.OKActions ?? []),
      ...(declared.InsufficientDataActions ?? []),
    ];
    return (
      wantsMetricAlarms &&
      (!input.AlarmNames?.length || input.AlarmNames.includes(name)) &&
      name.startsWith(input.AlarmNamePrefix ?? "") &&
      (input.StateValue === undefined || alarm.state === input.StateValue) &&
      (input.ActionPrefix === undefined || actions.some((action) => action.startsWith(input.ActionPrefix ?? "")))
    );
  });
  const page = pageFrom(found, input.NextToken, pageSize(input.MaxRecords));
  return { MetricAlarms: page.items.map((alarm) => alarm.shape()), CompositeAlarms: [], NextToken: page.nextToken };
}

function history(alarms: Alarms, input: DescribeAlarmHistoryCommandInput): Out<DescribeAlarmHistoryCommandOutput> {
  accept("DescribeAlarmHistory", input, [
    "AlarmName",
    "AlarmTypes",
    "HistoryItemType",
    "StartDate",
    "EndDate",
    "MaxRecords",
    "NextToken",
    "ScanBy",
  ]);
  const found = alarms.history.list().filter((item) => {
    const at = item.Timestamp ?? new Date(0);
    return (
      (input.AlarmName === undefined || item.AlarmName === input.AlarmName) &&
      (!input.AlarmTypes?.length || input.AlarmTypes.includes("MetricAlarm")) &&
      (input.HistoryItemType === undefined || item.HistoryItemType === input.HistoryItemType) &&
      (input.StartDate === undefined || at >= input.StartDate) &&
      (input.EndDate === undefined || at <= input.EndDate)
    );
  });
  const ordered = input.ScanBy === "TimestampAscending" ? found.reverse() : found;
  const page = pageFrom(ordered, input.NextToken, pageSize(input.MaxRecords));
  return { AlarmHistoryItems: page.items, NextToken: page.nextToken };
}

/** "MaxRecords: 1 to 100" (botocore model); 50 where it is not given. */
function pageSize(maxRecords: number | undefined): number {
  const size = maxRecords ?? 50;
  if (Number.isInteger(size) && size >= 1 && size <= 100) return size;
  throw invalid(`MaxRecords is ${size}, expected 1 to 100.`);
}
