import pino from "pino";
import { CloudWatch } from "../../../../src/rehearsal/cloud/cloudwatch/cloudWatch.js";
import { FakeClock } from "./fakeClock.js";

const context = { requestId: "r", region: "us-east-1", accountId: "123456789012" };
const elb = "AWS/ApplicationELB";

function setUp(speed = 1) {
  const clock = new FakeClock(speed);
  const log = pino({ level: "silent" });
  const cloudWatch = new CloudWatch({ clock, log, region: "us-east-1", accountId: "123456789012" });
  const call = async (operation: string, input: object = {}): Promise<any> =>
    cloudWatch.service.operations[operation]?.(input, context);
  const refusal = async (operation: string, input: object = {}) => {
    try {
      await call(operation, input);
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error(`${operation} was not refused`);
  };
  const put = (name: string, values: number[], dimensions: Record<string, string> = { LoadBalancer: "app/a/1" }) =>
    cloudWatch.put([{ namespace: elb, name, dimensions, at: clock.now(), values, unit: "Count" }]);
  const changes: string[] = [];
  cloudWatch.events.on("alarm", ({ name, state }) => changes.push(`${name} ${state}`));
  return { clock, cloudWatch, call, refusal, put, changes };
}

const errorsAlarm = {
  AlarmName: "errors",
  Namespace: elb,
  MetricName: "HTTPCode_Target_5XX_Count",
  Dimensions: [{ Name: "LoadBalancer", Value: "app/a/1" }],
  Statistic: "Sum",
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold",
  TreatMissingData: "notBreaching",
};

describe.each([1, 10, 7])("alarms at speed %d", (speed) => {
  test("go to OK without data, to ALARM on a breach, and back; each change is told once [A-82]", async () => {
    const { clock, cloudWatch, call, put, changes } = setUp(speed);
    await call("PutMetricAlarm", { ...errorsAlarm, AlarmActions: ["arn:scale"], OKActions: ["arn:ok"] });
    expect(cloudWatch.alarm("errors")).toMatchObject({ state: "INSUFFICIENT_DATA", alarmActions: ["arn:scale"] });
    clock.advance(70);
    put("HTTPCode_Target_5XX_Count", [1, 1, 1, 1, 1, 1]);
    clock.advance(70);
    put("HTTPCode_Target_5XX_Count", [1]);
    clock.advance(600);
    expect(changes).toEqual(["errors OK", "errors ALARM", "errors OK"]);
    expect((await call("DescribeAlarms", { AlarmNames: ["errors"] })).MetricAlarms).toMatchObject([
      { StateValue: "OK", Threshold: 5, Period: 60, TreatMissingData: "notBreaching", ActionsEnabled: true },
    ]);
    const { AlarmHistoryItems } = await call("DescribeAlarmHistory", {
      AlarmName: "errors",
      HistoryItemType: "StateUpdate",
    });
    expect(AlarmHistoryItems[0].HistorySummary).toBe("Alarm updated from ALARM to OK");
    expect(AlarmHistoryItems).toHaveLength(3);
  });
});

test("the period passes with the clock: sixty AWS seconds at speed 10 are six real ones", async () => {
  const { clock, call, put, changes } = setUp(10);
  await call("PutMetricAlarm", errorsAlarm);
  put("HTTPCode_Target_5XX_Count", [10]);
  const before = clock.now();
  clock.advance(64);
  expect(changes).toEqual(["errors ALARM"]);
  expect(clock.now() - before).toBe(6400);
});

test.each([
  ["GreaterThanThreshold", 5, false],
  ["GreaterThanOrEqualToThreshold", 5, true],
  ["LessThanThreshold", 5, false],
  ["LessThanOrEqualToThreshold", 5, true],
])("%s with the value at the threshold", async (ComparisonOperator, value, alarms) => {
  const { clock, call, put, cloudWatch } = setUp();
  await call("PutMetricAlarm", { ...errorsAlarm, ComparisonOperator });
  put("HTTPCode_Target_5XX_Count", [value]);
  clock.advance(64);
  expect(cloudWatch.alarm("errors")?.state).toBe(alarms ? "ALARM" : "OK");
});

test("M out of N, a percentile, and too few samples [A-82]", async () => {
  const { clock, call, put, cloudWatch } = setUp();
  const latency = { MetricName: "TargetResponseTime", Statistic: undefined, ExtendedStatistic: "p90", Threshold: 1 };
  await call("PutMetricAlarm", {
    ...errorsAlarm,
    ...latency,
    AlarmName: "slow",
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
  });
  await call("PutMetricAlarm", {
    ...errorsAlarm,
    ...latency,
    AlarmName: "careful",
    EvaluateLowSampleCountPercentile: "ignore",
  });
  const good = Array.from({ length: 20 }, () => 0.1);
  const bad = [...good.slice(0, 10), ...Array.from({ length: 10 }, () => 2)];
  for (const values of [good, bad, good]) {
    put("TargetResponseTime", values);
    clock.advance(60);
  }
  clock.advance(4);
  expect(cloudWatch.alarm("slow")?.state).toBe("OK");
  put("TargetResponseTime", bad);
  clock.advance(60);
  expect(cloudWatch.alarm("slow")?.state).toBe("ALARM");
  // 100 samples are the least for p90 (10 / (1 - 0.9)): it never said anything.
  expect(cloudWatch.alarm("careful")?.state).toBe("INSUFFICIENT_DATA");
});

test("a replaced alarm keeps its state and tags; disabled actions are not there; deleted ones are silent", async () => {
  const { clock, call, put, cloudWatch, changes } = setUp();
  const Tags = [{ Key: "a", Value: "1" }];
  await call("PutMetricAlarm", { ...errorsAlarm, Tags, AlarmActions: ["arn:x"] });
  put("HTTPCode_Target_5XX_Count", [9]);
  clock.advance(64);
  await call("PutMetricAlarm", {
    ...errorsAlarm,
    Threshold: 100,
    AlarmActions: ["arn:x"],
    Tags: [{ Key: "b", Value: "2" }],
  });
  expect(cloudWatch.alarm("errors")?.state).toBe("ALARM");
  const { MetricAlarms } = await call("DescribeAlarms");
  expect(await call("ListTagsForResource", { ResourceARN: MetricAlarms[0].AlarmArn })).toEqual({ Tags });
  await call("DisableAlarmActions", { AlarmNames: ["errors"] });
  expect(cloudWatch.alarm("errors")?.alarmActions).toEqual([]);
  await call("EnableAlarmActions", { AlarmNames: ["errors"] });
  expect(cloudWatch.alarm("errors")?.alarmActions).toEqual(["arn:x"]);
  cloudWatch.deleteAlarms(["errors", "unknown"]);
  clock.advance(600);
  expect(changes).toEqual(["errors ALARM"]);
  expect(clock.armed).toBe(0);
});

test("a state that is set holds until the next evaluation", async () => {
  const { clock, call, refusal, changes } = setUp();
  await call("PutMetricAlarm", errorsAlarm);
  await call("SetAlarmState", { AlarmName: "errors", StateValue: "ALARM", StateReason: "try" });
  clock.advance(64);
  expect(changes).toEqual(["errors ALARM", "errors OK"]);
  expect(await refusal("SetAlarmState", { AlarmName: "x", StateValue: "OK", StateReason: "r" })).toMatchObject({
    code: "ResourceNotFound",
  });
});

test("tags of alarms", async () => {
  const { call, refusal } = setUp();
  await call("PutMetricAlarm", errorsAlarm);
  const ResourceARN = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:errors";
  await call("TagResource", {
    ResourceARN,
    Tags: [
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ],
  });
  await call("UntagResource", { ResourceARN, TagKeys: ["a"] });
  expect((await call("ListTagsForResource", { ResourceARN })).Tags).toEqual([{ Key: "b", Value: "2" }]);
  expect(await refusal("ListTagsForResource", { ResourceARN: `${ResourceARN}x` })).toMatchObject({
    code: "ResourceNotFoundException",
  });
});

test("alarms are found by prefix, state, action and metric, a page at a time", async () => {
  const { call } = setUp();
  for (const AlarmName of ["web-1", "web-2", "db"])
    await call("PutMetricAlarm", { ...errorsAlarm, AlarmName, AlarmActions: [`arn:${AlarmName}`] });
  const names = async (input: object) =>
    (await call("DescribeAlarms", input)).MetricAlarms.map((a: any) => a.AlarmName);
  expect(await names({ AlarmNamePrefix: "web-" })).toEqual(["web-1", "web-2"]);
  expect(await names({ ActionPrefix: "arn:db" })).toEqual(["db"]);
  expect(await names({ StateValue: "OK" })).toEqual([]);
  expect(await names({ AlarmTypes: ["CompositeAlarm"] })).toEqual([]);
  const first = await call("DescribeAlarms", { MaxRecords: 2 });
  expect(await names({ MaxRecords: 2, NextToken: first.NextToken })).toEqual(["web-2"]);
  const { Namespace, MetricName, Dimensions } = errorsAlarm;
  expect((await call("DescribeAlarmsForMetric", { Namespace, MetricName, Dimensions })).MetricAlarms).toHaveLength(3);
  expect((await call("DescribeAlarmsForMetric", { Namespace, MetricName })).MetricAlarms).toHaveLength(0);
});

test.each([
  ["no threshold", { Threshold: undefined }, "MissingParameter"],
  ["no metric", { MetricName: undefined }, "MissingParameter"],
  ["a period of 45 s", { Period: 45 }, "InvalidParameterValue"],
  ["both kinds of statistic", { ExtendedStatistic: "p99" }, "InvalidParameterCombination"],
  ["M over N", { DatapointsToAlarm: 2 }, "ValidationError"],
  ["more than a day", { Period: 3600, EvaluationPeriods: 25 }, "ValidationError"],
  ["an unknown treatment", { TreatMissingData: "guess" }, "ValidationError"],
  ["metric math", { Metrics: [{ Id: "a", Expression: "1" }] }, "ValidationError"],
  ["anomaly detection", { ComparisonOperator: "GreaterThanUpperThreshold" }, "ValidationError"],
  ["a trimmed mean", { Statistic: undefined, ExtendedStatistic: "tm90" }, "InvalidParameterValue"],
  ["a parameter that is not served", { EvaluationInterval: 10 }, "InvalidParameterValue"],
])("PutMetricAlarm refuses %s [A-67]", async (_, change, code) => {
  const { refusal } = setUp();
  expect(await refusal("PutMetricAlarm", { ...errorsAlarm, ...change })).toMatchObject({ code });
});

describe("metrics", () => {
  test("all statistics of a period, with wall clock timestamps", async () => {
    const { clock, call, put } = setUp(10);
    const start = clock.now();
    put("RequestCount", [1, 2, 3, 4]);
    clock.advance(60);
    put("RequestCount", [10]);
    const { Datapoints } = await call("GetMetricStatistics", {
      Namespace: elb,
      MetricName: "RequestCount",
      Dimensions: [{ Name: "LoadBalancer", Value: "app/a/1" }],
      StartTime: new Date(start),
      EndTime: new Date(start + 60_000),
      Period: 60,
      Statistics: ["Sum", "Average", "Minimum", "Maximum", "SampleCount"],
      ExtendedStatistics: ["p50", "p100"],
    });
    expect(Datapoints).toEqual([
      {
        Timestamp: new Date(start),
        Unit: "Count",
        Sum: 10,
        Average: 2.5,
        Minimum: 1,
        Maximum: 4,
        SampleCount: 4,
        ExtendedStatistics: { p50: 2, p100: 4 },
      },
      expect.objectContaining({ Timestamp: new Date(start + 6000), Sum: 10, SampleCount: 1 }),
    ]);
  });

  test("PutMetricData takes values, counted values and statistic sets, each unit by itself", async () => {
    const { clock, call } = setUp();
    await call("PutMetricData", {
      Namespace: "App",
      MetricData: [
        { MetricName: "m", Value: 1 },
        { MetricName: "m", Values: [2, 3], Counts: [2, 1] },
        { MetricName: "m", StatisticValues: { SampleCount: 2, Sum: 12, Minimum: 4, Maximum: 8 } },
        { MetricName: "m", Value: 1000, Unit: "Bytes" },
      ],
    });
    const read = async (Unit?: string) =>
      (
        await call("GetMetricData", {
          StartTime: new Date(clock.now() - 60_000),
          EndTime: new Date(clock.now() + 60_000),
          MetricDataQueries: [
            { Id: "sum", MetricStat: { Metric: { Namespace: "App", MetricName: "m" }, Period: 60, Stat: "Sum", Unit } },
            { Id: "p50", MetricStat: { Metric: { Namespace: "App", MetricName: "m" }, Period: 60, Stat: "p50", Unit } },
            {
              Id: "hidden",
              ReturnData: false,
              MetricStat: { Metric: { Namespace: "App", MetricName: "m" }, Period: 60, Stat: "Sum" },
            },
          ],
        })
      ).MetricDataResults.map(({ Id, Values }: any) => [Id, Values]);
    // A set of which only the extremes are known has no percentiles.
    expect(await read("None")).toEqual([
      ["sum", [20]],
      ["p50", []],
    ]);
    expect(await read("Bytes")).toEqual([
      ["sum", [1000]],
      ["p50", [1000]],
    ]);
    expect(await read()).toEqual([
      ["sum", [1020]],
      ["p50", []],
    ]);
  });

  test.each([
    ["an AWS namespace", { Namespace: "AWS/EC2" }, "InvalidParameterValue"],
    ["no data", { MetricData: [] }, "MissingParameter"],
    ["a value that is none", { MetricData: [{ MetricName: "m", Value: Number.NaN }] }, "InvalidParameterValue"],
    ["two kinds of value", { MetricData: [{ MetricName: "m", Value: 1, Values: [1] }] }, "InvalidParameterCombination"],
    ["unequal counts", { MetricData: [{ MetricName: "m", Values: [1, 2], Counts: [1] }] }, "InvalidParameterValue"],
    ["an old moment", { MetricData: [{ MetricName: "m", Value: 1, Timestamp: new Date(0) }] }, "InvalidParameterValue"],
  ])("PutMetricData refuses %s", async (_, change, code) => {
    const { refusal } = setUp();
    expect(
      await refusal("PutMetricData", { Namespace: "App", MetricData: [{ MetricName: "m", Value: 1 }], ...change }),
    ).toMatchObject({ code });
  });

  test("metric math and backward ranges are refused", async () => {
    const { refusal, clock } = setUp();
    const range = { StartTime: new Date(clock.now() - 1000), EndTime: new Date(clock.now()) };
    expect(
      await refusal("GetMetricData", { ...range, MetricDataQueries: [{ Id: "e", Expression: "a+b" }] }),
    ).toMatchObject({
      code: "ValidationError",
      message: expect.stringContaining("metric math"),
    });
    expect(
      await refusal("GetMetricData", { StartTime: range.EndTime, EndTime: range.StartTime, MetricDataQueries: [{}] }),
    ).toMatchObject({
      code: "InvalidParameterValue",
    });
  });

  test("ListMetrics by namespace, name and dimension", async () => {
    const { call, put } = setUp();
    put("RequestCount", [1]);
    put("RequestCount", [1], { LoadBalancer: "app/a/1", TargetGroup: "targetgroup/t/1" });
    const found = async (input: object) => (await call("ListMetrics", input)).Metrics.length;
    expect(await found({ Namespace: elb })).toBe(2);
    expect(await found({ Dimensions: [{ Name: "TargetGroup" }] })).toBe(1);
    expect(await found({ Dimensions: [{ Name: "TargetGroup", Value: "other" }] })).toBe(0);
    expect(await found({ MetricName: "Other" })).toBe(0);
  });
});
