import pino from "pino";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import { CpuMetrics, type MeasuredInstance } from "../../../../src/rehearsal/cloud/ec2/cpuMetrics.js";
import type { MetricDatum } from "../../../../src/rehearsal/cloud/ports.js";
import { FakeRuntime } from "./fakeRuntime.js";

const SPEED = 10;
const one: MeasuredInstance = {
  instanceId: "i-1",
  imageId: "ami-1",
  instanceType: "t3.micro",
  isDetailed: true,
  group: "web",
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** Runs minutes of AWS's, in each of which every instance works for so many real seconds; answers what was put. */
async function measure(instances: readonly MeasuredInstance[], seconds: readonly number[]): Promise<MetricDatum[]> {
  const runtime = new FakeRuntime();
  const data: MetricDatum[] = [];
  const metrics = new CpuMetrics({
    clock: new Clock(SPEED),
    log: pino({ level: "silent" }),
    runtime,
    instances: () => instances,
    put: (more) => data.push(...more),
  });
  for (const each of seconds) {
    for (const { instanceId } of instances) runtime.cpu[instanceId] = (runtime.cpu[instanceId] ?? 0) + each;
    await jest.advanceTimersByTimeAsync((60 * 1000) / SPEED);
  }
  metrics.close();
  await jest.advanceTimersByTimeAsync(60_000);
  return data;
}

const dimensionsAndValues = (data: readonly MetricDatum[]) =>
  data.map(({ dimensions, values }) => [Object.entries(dimensions).flat().join("="), Math.round(Number(values[0]))]);

test("detailed monitoring: each minute, from the first whole one on, of the type's two processors and in real seconds", async () => {
  // A minute of AWS's takes six real seconds here; of twelve seconds of two processors three are a quarter.
  const data = await measure([one], [6, 3, 0]);
  expect(dimensionsAndValues(data)).toEqual([
    ["InstanceId=i-1", 25],
    ["AutoScalingGroupName=web", 25],
    ["ImageId=ami-1", 25],
    ["InstanceType=t3.micro", 25],
    ["InstanceId=i-1", 0],
    ["AutoScalingGroupName=web", 0],
    ["ImageId=ami-1", 0],
    ["InstanceType=t3.micro", 0],
  ]);
  expect(data[0]).toMatchObject({ namespace: "AWS/EC2", name: "CPUUtilization", unit: "Percent" });
});

test("basic monitoring: every five minutes, by instance and group; of an instance without a group by itself alone", async () => {
  const { group: _, ...alone } = one;
  const basic = [
    { ...one, isDetailed: false },
    { ...alone, instanceId: "i-2", isDetailed: false },
  ];
  const data = await measure(basic, [0, 6, 6, 6, 6, 6, 6]);
  expect(dimensionsAndValues(data)).toEqual([
    ["InstanceId=i-1", 50],
    ["AutoScalingGroupName=web", 50],
    ["InstanceId=i-2", 50],
  ]);
});

test("never above a hundred; nothing for an instance about which nothing is known", async () => {
  expect(dimensionsAndValues(await measure([one], [0, 60])).map(([, value]) => value)).toEqual([100, 100, 100, 100]);
  expect(await measure([], [1, 1, 1])).toEqual([]);
});
