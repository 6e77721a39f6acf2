import { pino } from "pino";
import { CloudWatch } from "../../../src/rehearsal/cloud/cloudwatch/cloudWatch.js";
import { FakeClock } from "../../rehearsal/cloud/cloudwatch/fakeClock.js";
import { statement } from "../statement.js";

const alarm = {
  AlarmName: "a",
  Namespace: "n",
  MetricName: "m",
  Statistic: "Sum" as const,
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 5,
  ComparisonOperator: "GreaterThanThreshold" as const,
};

function setUp() {
  const clock = new FakeClock();
  const log = pino({ level: "silent" });
  const cloudWatch = new CloudWatch({ clock, log, region: "us-east-1", accountId: "123456789012" });
  const put = (value: number) =>
    cloudWatch.put([{ namespace: "n", name: "m", dimensions: {}, at: clock.now(), values: [value], unit: "Count" }]);
  return { clock, cloudWatch, put };
}

statement("A-64", async () => {
  const { clock, cloudWatch } = setUp();
  cloudWatch.putAlarm({ ...alarm, AlarmName: "default" });
  cloudWatch.putAlarm({ ...alarm, AlarmName: "quiet", TreatMissingData: "notBreaching" });
  clock.advance(600);
  expect(cloudWatch.alarm("default")?.state).toBe("INSUFFICIENT_DATA");
  expect(cloudWatch.alarm("quiet")?.state).toBe("OK");
  await cloudWatch.close();
});

test("an alarm tells its newest datapoint, which scaling policies size their steps by", async () => {
  const { clock, cloudWatch, put } = setUp();
  cloudWatch.putAlarm(alarm);
  expect(cloudWatch.alarm("a")?.latestValue).toBeUndefined();
  put(3);
  clock.advance(60);
  put(9);
  clock.advance(70);
  expect(cloudWatch.alarm("a")).toMatchObject({ state: "ALARM", latestValue: 9, threshold: 5 });
  await cloudWatch.close();
});

statement("A-67", async () => {
  const { cloudWatch } = setUp();
  const put = (Period: number) => () => cloudWatch.putAlarm({ ...alarm, Period });
  for (const seconds of [10, 20, 30, 60, 120, 3600]) expect(put(seconds)).not.toThrow();
  for (const seconds of [0, 5, 15, 45, 90]) expect(put(seconds)).toThrow(/[Pp]eriod/);
  await cloudWatch.close();
});
