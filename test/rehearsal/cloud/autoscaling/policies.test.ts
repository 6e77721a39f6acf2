import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };
const LABEL = "app/lb/1/targetgroup/tg-1/1";
const TRACKING = {
  ...WEB,
  PolicyName: "requests",
  PolicyType: "TargetTrackingScaling",
  TargetTrackingConfiguration: {
    PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel: LABEL },
    TargetValue: 100,
  },
};
const STEPS = {
  ...WEB,
  PolicyName: "steps",
  PolicyType: "StepScaling",
  AdjustmentType: "ChangeInCapacity",
  EstimatedInstanceWarmup: 60,
  StepAdjustments: [
    { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 1 },
    { MetricIntervalLowerBound: 10, ScalingAdjustment: 3 },
  ],
};

describe("target tracking", () => {
  it("makes its own alarms, follows them, and takes them along when it goes [B-21]", async () => {
    const world = new World();
    await world.steadyGroup(2, { MaxSize: 10, MinSize: 1, DefaultInstanceWarmup: 30 });
    const { PolicyARN, Alarms } = await world.call("PutScalingPolicy", TRACKING);
    const [high, low] = Alarms.map((one: { AlarmName: string }) => one.AlarmName);
    expect(high).toMatch(/^TargetTracking-web-AlarmHigh-/);
    expect(world.monitoring.inputs.get(high)).toMatchObject({
      Namespace: "AWS/ApplicationELB",
      MetricName: "RequestCountPerTarget",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 3,
      Threshold: 100,
      AlarmActions: [PolicyARN],
      Dimensions: [
        { Name: "LoadBalancer", Value: "app/lb/1" },
        { Name: "TargetGroup", Value: "targetgroup/tg-1/1" },
      ],
    });
    expect(world.monitoring.inputs.get(low)).toMatchObject({ Threshold: 90, EvaluationPeriods: 15 });
    world.monitoring.set(high, "ALARM", { latestValue: 240 });
    expect((await world.describe()).DesiredCapacity).toBe(5);
    await world.clock.until(() => world.healthy().length === 5);
    expect((await world.activities())[0]?.Cause).toMatch(
      /a monitor alarm TargetTracking-web-AlarmHigh-\S+ in state ALARM triggered policy requests changing the desired capacity from 2 to 5\./,
    );
    // Scale-in waits for the warm-up, and the alarm is heard again every minute.
    world.monitoring.set(high, "OK");
    world.monitoring.set(low, "ALARM", { latestValue: 40 });
    expect((await world.describe()).DesiredCapacity).toBe(5);
    await world.clock.advance(61);
    expect((await world.describe()).DesiredCapacity).toBe(2);
    await world.call("DeletePolicy", { ...WEB, PolicyName: "requests" });
    expect(world.monitoring.alarms.size).toBe(0);
  });

  it("goes with its group, and reads the value from the alarm's reason where it must [B-21]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    const { Alarms } = await world.call("PutScalingPolicy", {
      ...TRACKING,
      TargetTrackingConfiguration: { ...TRACKING.TargetTrackingConfiguration, DisableScaleIn: true },
    });
    expect(Alarms).toHaveLength(1);
    const local = "Threshold Crossed: [9, 140] against greater than threshold (100), which means ALARM.";
    world.monitoring.set(Alarms[0].AlarmName, "ALARM", { reason: local });
    expect((await world.describe()).DesiredCapacity).toBe(3);
    await world.clock.until(() => world.healthy().length === 3);
    const reason =
      "Threshold Crossed: 3 datapoints [150.0 (01/01/24 00:02:00), 9.0 (01/01/24 00:01:00)] were greater than the threshold (100.0).";
    world.monitoring.set(Alarms[0].AlarmName, "ALARM", { reason });
    expect((await world.describe()).DesiredCapacity).toBe(5);
    await world.call("DeleteAutoScalingGroup", { ...WEB, ForceDelete: true });
    await world.clock.advance(10);
    expect(world.monitoring.alarms.size).toBe(0);
  });

  it("needs the target group attached, and refuses what it cannot do [B-19, B-20]", async () => {
    const world = new World();
    await world.group(0, { TargetGroupARNs: [] });
    expect(await refusal(world.call("PutScalingPolicy", TRACKING))).toMatch(/^ValidationError: .*not attached/);
    const put = (TargetTrackingConfiguration: object) =>
      refusal(world.call("PutScalingPolicy", { ...TRACKING, TargetTrackingConfiguration }));
    expect(await put({ PredefinedMetricSpecification: { PredefinedMetricType: "Karma" }, TargetValue: 1 })).toMatch(
      /Karma/,
    );
    expect(await put({ CustomizedMetricSpecification: { Metrics: [{}] }, TargetValue: 1 })).toMatch(
      /Metric math .* not served/,
    );
    expect(await put({ TargetValue: 1 })).toMatch(/Specify either/);
    expect(await refusal(world.call("PutScalingPolicy", { ...TRACKING, PolicyType: "PredictiveScaling" }))).toMatch(
      /Predictive scaling .* not served/,
    );
    await world.call("PutScalingPolicy", {
      ...TRACKING,
      TargetTrackingConfiguration: {
        PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
        TargetValue: 50,
      },
    });
    expect((await world.call("DescribePolicies", WEB)).ScalingPolicies).toMatchObject([
      { PolicyName: "requests", PolicyType: "TargetTrackingScaling", TargetTrackingConfiguration: { TargetValue: 50 } },
    ]);
  });
});

describe("step scaling", () => {
  it("takes the step that holds the breach, and does not count instances that warm up twice", async () => {
    const world = new World();
    await world.steadyGroup(4);
    await world.clock.advance(60);
    const { PolicyARN } = await world.call("PutScalingPolicy", STEPS);
    const alarm = { alarmActions: [PolicyARN], threshold: 50 };
    world.monitoring.set("busy", "ALARM", { ...alarm, latestValue: 55 });
    expect((await world.describe()).DesiredCapacity).toBe(5);
    await world.clock.advance(10);
    world.monitoring.set("busy", "ALARM", { ...alarm, latestValue: 55 });
    expect((await world.describe()).DesiredCapacity).toBe(5);
    world.monitoring.set("busy", "ALARM", { ...alarm, latestValue: 60 });
    expect((await world.describe()).DesiredCapacity).toBe(7);
  });

  it("can be executed by hand, with a value", async () => {
    const world = new World();
    await world.steadyGroup(4);
    await world.clock.advance(60);
    await world.call("PutScalingPolicy", STEPS);
    const run = { ...WEB, PolicyName: "steps" };
    expect(await refusal(world.call("ExecutePolicy", run))).toMatch(/MetricValue and BreachThreshold are required/);
    await world.call("ExecutePolicy", { ...run, MetricValue: 70, BreachThreshold: 50 });
    await world.clock.settle();
    expect((await world.describe()).DesiredCapacity).toBe(7);
    expect((await world.activities())[0]?.Cause).toMatch(
      /executed policy steps changing the desired capacity from 4 to 7/,
    );
  });

  it("refuses steps that overlap or leave a gap", async () => {
    const world = new World();
    await world.group(0);
    const put = (StepAdjustments: object[]) => refusal(world.call("PutScalingPolicy", { ...STEPS, StepAdjustments }));
    expect(
      await put([
        { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 },
        { MetricIntervalLowerBound: 6, ScalingAdjustment: 2 },
      ]),
    ).toMatch(/gap/);
    expect(await put([{ MetricIntervalLowerBound: 5, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 }])).toMatch(
      /less than its upper/,
    );
    expect(await put([])).toMatch(/required/);
  });
});

describe("simple scaling", () => {
  it("adjusts by percentage with a least magnitude, within the bounds, and respects its cooldown for alarms [B-07]", async () => {
    const world = new World();
    await world.steadyGroup(10, { MaxSize: 13 });
    const { PolicyARN } = await world.call("PutScalingPolicy", {
      ...WEB,
      PolicyName: "more",
      AdjustmentType: "PercentChangeInCapacity",
      ScalingAdjustment: 15,
      MinAdjustmentMagnitude: 2,
      Cooldown: 100,
    });
    world.monitoring.set("busy", "ALARM", { alarmActions: [PolicyARN] });
    expect((await world.describe()).DesiredCapacity).toBe(12);
    await world.clock.advance(61); // heard again, but cooling down
    expect((await world.describe()).DesiredCapacity).toBe(12);
    await world.clock.advance(60);
    expect((await world.describe()).DesiredCapacity).toBe(13);
    expect(await refusal(world.call("ExecutePolicy", { PolicyName: PolicyARN, HonorCooldown: true }))).toMatch(
      /^ScalingActivityInProgress/,
    );
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["AlarmNotification"] });
    await world.call("UpdateAutoScalingGroup", { ...WEB, MaxSize: 20 });
    await world.clock.advance(300);
    expect((await world.describe()).DesiredCapacity).toBe(13);
  });

  it("is refused where it makes no sense", async () => {
    const world = new World();
    await world.group(0);
    const put = (more: object) => refusal(world.call("PutScalingPolicy", { ...WEB, PolicyName: "p", ...more }));
    expect(await put({})).toMatch(/ScalingAdjustment is required/);
    expect(await put({ ScalingAdjustment: 1 })).toMatch(/AdjustmentType '' must be one of/);
    expect(await put({ ScalingAdjustment: 1, AdjustmentType: "ExactCapacity", MinAdjustmentMagnitude: 1 })).toMatch(
      /only supported with/,
    );
    expect(await put({ PolicyType: "Guess" })).toMatch(/Guess/);
    expect(await refusal(world.call("DeletePolicy", { ...WEB, PolicyName: "p" }))).toMatch(/No such policy: p/);
  });
});
