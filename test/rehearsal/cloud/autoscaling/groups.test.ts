import { refusal, World } from "./world.js";

const WEB = { AutoScalingGroupName: "web" };

describe("creating a group", () => {
  it("applies the API's defaults and is described in full [B-01, B-04, B-06, B-07]", async () => {
    const world = new World();
    await world.call("CreateAutoScalingGroup", {
      ...WEB,
      LaunchTemplate: { LaunchTemplateName: "web" },
      MinSize: 1,
      MaxSize: 3,
      VPCZoneIdentifier: "subnet-b, subnet-a",
    });
    expect(await world.describe()).toMatchObject({
      LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web", Version: "$Default" },
      DesiredCapacity: 1,
      DefaultCooldown: 300,
      HealthCheckType: "EC2",
      HealthCheckGracePeriod: 0,
      AvailabilityZones: ["us-east-1b", "us-east-1a"],
      VPCZoneIdentifier: "subnet-b,subnet-a",
      TerminationPolicies: ["Default"],
      TargetGroupARNs: [],
      NewInstancesProtectedFromScaleIn: false,
      DeletionProtection: "none",
    });
    expect((await world.describe()).AutoScalingGroupARN).toMatch(
      /^arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:[0-9a-f-]{36}:autoScalingGroupName\/web$/,
    );
    await world.clock.until(() => world.inService().length === 1);
    expect((await world.describe()).Instances).toEqual([
      {
        InstanceId: "i-00001",
        InstanceType: "t3.micro",
        AvailabilityZone: "us-east-1b",
        LifecycleState: "InService",
        HealthStatus: "Healthy",
        LaunchTemplate: { LaunchTemplateId: "lt-1", LaunchTemplateName: "web", Version: "1" },
        ProtectedFromScaleIn: false,
      },
    ]);
    expect(
      (await world.call("DescribeAutoScalingInstances", { InstanceIds: ["i-00001"] })).AutoScalingInstances,
    ).toMatchObject([{ AutoScalingGroupName: "web", HealthStatus: "HEALTHY", LifecycleState: "InService" }]);
  });

  it.each([
    [
      { DesiredCapacity: 1, MinSize: 2, MaxSize: 4 },
      "Desired capacity:1 must be between the specified min size:2 and max size:4",
    ],
    [
      { DesiredCapacity: 5, MinSize: 2, MaxSize: 4 },
      "Desired capacity:5 must be between the specified min size:2 and max size:4",
    ],
    [{ MinSize: 3, MaxSize: 2, DesiredCapacity: 3 }, "Max bound, 2, must be greater than or equal to min bound, 3"],
    [{ VPCZoneIdentifier: "" }, "At least one Availability Zone or VPC Subnet is required."],
    [{ VPCZoneIdentifier: "subnet-x" }, "The subnet ID 'subnet-x' does not exist"],
    [{ TargetGroupARNs: ["tg-9"] }, "Provided Target Groups may not be valid. Please ensure they exist and try again."],
    [{ HealthCheckType: "EC3" }, "Unsupported health check type 'EC3'"],
    [{ TerminationPolicies: ["Youngest"] }, "Unsupported termination policy 'Youngest'"],
    [{ LaunchTemplate: {} }, "Valid requests must contain either launchTemplateId or LaunchTemplateName"],
    [{ LaunchTemplate: undefined }, "Valid requests must contain either LaunchTemplate"],
    [{ InstanceMaintenancePolicy: { MinHealthyPercentage: 10, MaxHealthyPercentage: 150 } }, "at most 100 apart"],
    [{ InstanceMaintenancePolicy: { MinHealthyPercentage: 10 } }, "needs both"],
    [{ DefaultInstanceWarmup: 4000 }, "DefaultInstanceWarmup is 4000"],
    [{ AutoScalingGroupName: "a:b" }, "without a colon"],
    [{ Tags: [{ Key: "aws:x", Value: "y" }] }, "aws: prefixed tag key names are not allowed"],
    [{ DeletionProtection: "some" }, "DeletionProtection 'some'"],
  ])("refuses %j [B-02, B-03, B-22, B-32]", async (more, message) => {
    const world = new World();
    expect(await refusal(world.group(3, more as object))).toContain(`ValidationError: `);
    expect(await refusal(world.group(3, more as object))).toContain(message);
    expect(world.cloud.snapshots()).toEqual([]);
  });

  it.each([
    ["MixedInstancesPolicy", {}],
    ["LaunchConfigurationName", "lc"],
    ["InstanceId", "i-1"],
    ["LoadBalancerNames", ["lb"]],
    ["AvailabilityZoneIds", ["use1-az1"]],
    ["PlacementGroup", "pg"],
    ["CapacityRebalance", true],
    ["MaxInstanceLifetime", 86400],
    ["DesiredCapacityType", "vcpu"],
    ["AvailabilityZoneDistribution", { CapacityDistributionStrategy: "balanced-only" }],
    ["AvailabilityZoneImpairmentPolicy", { ZonalShiftEnabled: true }],
    ["CapacityReservationSpecification", { CapacityReservationPreference: "capacity-reservations-only" }],
    ["InstanceLifecyclePolicy", { RetentionTriggers: { TerminateHookAbandon: "retain" } }],
    ["Operator", {}],
    ["HealthCheckType", "VPC_LATTICE"],
    ["TerminationPolicies", ["arn:aws:lambda:x"]],
    ["TrafficSources", [{ Identifier: "x", Type: "vpc-lattice" }]],
  ])("refuses %s, which the cloud cannot honour", async (name, value) => {
    expect(await refusal(new World().group(1, { [name]: value }))).toMatch(
      /^ValidationError: .* is not served by the local cloud\. /,
    );
  });

  it("takes inputs that only spell a default out", async () => {
    await new World().group(1, {
      CapacityRebalance: false,
      MaxInstanceLifetime: 0,
      DesiredCapacityType: "units",
      PlacementGroup: "",
      AvailabilityZoneDistribution: { CapacityDistributionStrategy: "balanced-best-effort" },
      CapacityReservationSpecification: { CapacityReservationPreference: "default" },
    });
  });

  it("of a name that exists is refused", async () => {
    const world = new World();
    await world.group(0);
    expect(await refusal(world.group(0))).toMatch(/^AlreadyExists: /);
  });
});

describe("updating a group", () => {
  it("moves desired capacity into new bounds and says so in the activities", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.call("UpdateAutoScalingGroup", { ...WEB, MinSize: 4, MaxSize: 6 });
    await world.clock.until(() => world.healthy().length === 4);
    expect((await world.activities())[0]?.Cause).toMatch(
      /a user request update of AutoScalingGroup constraints to min: 4, max: 6, desired: 4 changing the desired capacity from 2 to 4\. {2}At \S+ an instance was started .* increasing the capacity from 2 to 4\.$/,
    );
    await world.call("UpdateAutoScalingGroup", { ...WEB, MinSize: 0, MaxSize: 3 });
    expect((await world.describe()).DesiredCapacity).toBe(3);
  });

  it("changes all or nothing", async () => {
    const world = new World();
    await world.group(2);
    expect(
      await refusal(world.call("UpdateAutoScalingGroup", { ...WEB, DesiredCapacity: 3, HealthCheckType: "EC3" })),
    ).toMatch(/EC3/);
    expect((await world.describe()).DesiredCapacity).toBe(2);
    expect(await refusal(world.call("UpdateAutoScalingGroup", { ...WEB, DesiredCapacity: 9, MaxSize: 8 }))).toMatch(
      /^ValidationError: Desired capacity:9/,
    );
  });

  it("sets and clears what can be cleared [B-06, B-32]", async () => {
    const world = new World();
    await world.group(0, {
      DefaultInstanceWarmup: 30,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 90, MaxHealthyPercentage: 120 },
    });
    expect(await world.describe()).toMatchObject({
      DefaultInstanceWarmup: 30,
      InstanceMaintenancePolicy: { MinHealthyPercentage: 90 },
    });
    await world.call("UpdateAutoScalingGroup", {
      ...WEB,
      DefaultInstanceWarmup: -1,
      InstanceMaintenancePolicy: { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 },
    });
    const group = await world.describe();
    expect([group.DefaultInstanceWarmup, group.InstanceMaintenancePolicy]).toEqual([undefined, undefined]);
  });

  it("of none that exists is AWS's not found [D-15]", async () => {
    expect(await refusal(new World().call("UpdateAutoScalingGroup", WEB))).toMatch(
      /^ValidationError: AutoScalingGroup name not found/,
    );
    expect(
      (await new World().call("DescribeAutoScalingGroups", { AutoScalingGroupNames: ["x"] })).AutoScalingGroups,
    ).toEqual([]);
  });
});

describe("desired capacity", () => {
  it("is held between minimum and maximum [B-02]", async () => {
    const world = new World();
    await world.group(2, { MinSize: 1, MaxSize: 4 });
    const set = (DesiredCapacity: number) => world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity });
    expect(await refusal(set(5))).toBe(
      "ValidationError: New SetDesiredCapacity value 5 is above max value 4 for the AutoScalingGroup.",
    );
    expect(await refusal(set(0))).toBe(
      "ValidationError: New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup.",
    );
    await set(3);
    expect((await world.describe()).DesiredCapacity).toBe(3);
    const again = world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 4, HonorCooldown: true });
    expect(await refusal(again)).toMatch(/^ScalingActivityInProgress/);
  });

  it("is kept: an instance terminated by the user is replaced, or the capacity shrinks", async () => {
    const world = new World();
    await world.steadyGroup(2, { MinSize: 1 });
    const take = (InstanceId: string, ShouldDecrementDesiredCapacity: boolean) =>
      world.call("TerminateInstanceInAutoScalingGroup", { InstanceId, ShouldDecrementDesiredCapacity });
    const { Activity } = await take("i-00001", false);
    expect(Activity.Description).toBe("Terminating EC2 instance: i-00001");
    await world.clock.until(() => world.healthy().length === 2 && world.terminating().length === 0);
    await take("i-00002", true);
    await world.clock.advance(60);
    expect(world.snapshot().instances.map((one) => one.instanceId)).toEqual(["i-00003"]);
    expect(await refusal(take("i-00003", true))).toMatch(
      /^ValidationError: Currently, desiredSize equals minSize \(1\)\. Terminating instance without replacement/,
    );
    expect(await refusal(take("i-00001", true))).toMatch(/Instance Id not found/);
  });
});

describe("scaling in", () => {
  it.each([
    ["OldestInstance", ["i-00001", "i-00002"]],
    ["NewestInstance", ["i-00005", "i-00006"]],
  ])("follows the policy %s within balanced zones", async (policy, expected) => {
    const world = new World();
    await world.group(3, { TerminationPolicies: [policy], VPCZoneIdentifier: "subnet-a" });
    await world.clock.until(() => world.healthy().length === 3);
    await world.clock.advance(100);
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 6 });
    await world.clock.until(() => world.healthy().length === 6);
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 4 });
    await world.clock.settle();
    expect(
      world
        .terminating()
        .map((one) => one.instanceId)
        .sort(),
    ).toEqual(expected);
    expect((await world.activities())[0]?.Cause).toMatch(
      /explicitly set group desired capacity changing the desired capacity from 6 to 4\. {2}At \S+ an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from 6 to 4\. {2}At \S+ instance i-0000\d was selected for termination\.$/,
    );
  });

  it("prefers the oldest launch template by default", async () => {
    const world = new World();
    await world.steadyGroup(2, {
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "3" },
      VPCZoneIdentifier: "subnet-a",
    });
    await world.call("UpdateAutoScalingGroup", {
      ...WEB,
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" },
      DesiredCapacity: 4,
    });
    await world.clock.until(() => world.healthy().length === 4);
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 2 });
    await world.clock.settle();
    expect(world.versions()).toEqual({ "3": 2 });
  });

  it("takes from the fullest zone first [B-23]", async () => {
    const world = new World();
    await world.steadyGroup(5, { TerminationPolicies: ["NewestInstance"] });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 3 });
    await world.clock.settle();
    const zones = (await world.describe()).Instances?.filter((one) => one.LifecycleState === "InService").map(
      (one) => one.AvailabilityZone,
    );
    expect(zones?.sort()).toEqual(["us-east-1a", "us-east-1b", "us-east-1c"]);
  });

  it("spares protected instances, and says so when nothing else is left", async () => {
    const world = new World();
    await world.steadyGroup(2, { NewInstancesProtectedFromScaleIn: true });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 0 });
    await world.clock.advance(60);
    expect(world.healthy()).toHaveLength(2);
    const failed = (await world.activities()).filter((one) => one.StatusCode === "Failed");
    expect(failed).toHaveLength(1);
    expect(failed[0]?.StatusMessage).toBe(
      "Could not scale to desired capacity because all remaining instances are protected from scale-in.",
    );
    await world.call("SetInstanceProtection", {
      ...WEB,
      InstanceIds: ["i-00001", "i-00002"],
      ProtectedFromScaleIn: false,
    });
    await world.clock.advance(60);
    expect(world.snapshot().instances).toEqual([]);
  });

  it("waits while Terminate is suspended", async () => {
    const world = new World();
    await world.steadyGroup(1);
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["Terminate"] });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 0 });
    await world.clock.advance(60);
    expect(world.healthy()).toHaveLength(1);
    expect(await refusal(world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["Everything"] }))).toMatch(
      /not a valid scaling process/,
    );
  });
});

describe("an Availability Zone taken out of the group", () => {
  it("has its instances replaced in the others, launching first", async () => {
    const world = new World();
    await world.steadyGroup(3);
    let lowest = 3;
    world.clock.settled = () => {
      lowest = Math.min(lowest, world.healthy().length);
    };
    await world.call("UpdateAutoScalingGroup", { ...WEB, VPCZoneIdentifier: "subnet-a,subnet-b" });
    await world.clock.advance(120);
    expect((await world.describe()).Instances?.map((one) => one.AvailabilityZone).sort()).toEqual([
      "us-east-1a",
      "us-east-1a",
      "us-east-1b",
    ]);
    expect(lowest).toBe(3);
  });

  it("is left alone while AZRebalance is suspended", async () => {
    const world = new World();
    await world.steadyGroup(3);
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["AZRebalance"] });
    await world.call("UpdateAutoScalingGroup", { ...WEB, VPCZoneIdentifier: "subnet-a,subnet-b" });
    await world.clock.advance(120);
    expect(world.compute.launches).toHaveLength(3);
  });
});

describe("deleting a group", () => {
  it("is refused while it has instances, and while they are leaving", async () => {
    const world = new World();
    await world.steadyGroup(1);
    expect(await refusal(world.call("DeleteAutoScalingGroup", WEB))).toMatch(
      /^ResourceInUse: You cannot delete an AutoScalingGroup while there are instances/,
    );
    await world.call("UpdateAutoScalingGroup", { ...WEB, MinSize: 0, MaxSize: 0, DesiredCapacity: 0 });
    await world.clock.advance(5);
    expect(await refusal(world.call("DeleteAutoScalingGroup", WEB))).toMatch(/^ScalingActivityInProgress: /);
    await world.clock.advance(40);
    await world.call("DeleteAutoScalingGroup", WEB);
    expect(world.exists()).toBe(false);
    expect(await refusal(world.activities())).toMatch(/not found/);
    const { Activities } = await world.call("DescribeScalingActivities", { ...WEB, IncludeDeletedGroups: true });
    expect(Activities[0]).toMatchObject({
      AutoScalingGroupState: "Deleted",
      Description: "Terminating EC2 instance: i-00001",
    });
  });

  it("by force terminates everything at once and is gone when EC2 is done", async () => {
    const world = new World();
    await world.steadyGroup(3);
    await world.refresh({ MinHealthyPercentage: 100, MaxHealthyPercentage: 150 });
    world.targets.drainSeconds = 3600;
    await world.call("DeleteAutoScalingGroup", { ...WEB, ForceDelete: true });
    expect((await world.describe()).Status).toBe("Delete in progress");
    await world.clock.advance(5);
    expect(world.exists()).toBe(false);
    expect([...world.compute.instances.values()].every((one) => one.state === "terminated")).toBe(true);
    await world.group(1);
    await world.clock.until(() => world.healthy().length === 1);
  });

  it("respects deletion protection", async () => {
    const world = new World();
    await world.group(0, { DeletionProtection: "prevent-force-deletion" });
    expect(await refusal(world.call("DeleteAutoScalingGroup", { ...WEB, ForceDelete: true }))).toMatch(
      /^ResourceInUse: .*deletion protection/,
    );
    await world.call("DeleteAutoScalingGroup", WEB);
  });
});

describe("target groups", () => {
  it("attached later register what is in service; detached ones drain and instances keep running [B-28, B-30]", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.call("AttachLoadBalancerTargetGroups", { ...WEB, TargetGroupARNs: ["tg-2"] });
    await world.clock.advance(10);
    const states = async () =>
      (await world.call("DescribeLoadBalancerTargetGroups", WEB)).LoadBalancerTargetGroups.map(
        (one: { State: string }) => one.State,
      );
    expect(await states()).toEqual(["InService", "InService"]);
    await world.call("DetachTrafficSources", { ...WEB, TrafficSources: [{ Identifier: "tg-1" }] });
    await world.clock.advance(29);
    expect(await states()).toEqual(["Removing", "InService"]);
    expect((await world.describe()).TargetGroupARNs).toEqual(["tg-2"]);
    await world.clock.advance(2);
    expect(await states()).toEqual(["InService"]);
    expect(world.healthy()).toHaveLength(2);
    expect(world.compute.terminated).toEqual([]);
    expect(await refusal(world.call("DetachLoadBalancerTargetGroups", { ...WEB, TargetGroupARNs: ["tg-1"] }))).toMatch(
      /not part of the group/,
    );
    expect(await refusal(world.call("AttachLoadBalancerTargetGroups", { ...WEB, TargetGroupARNs: ["tg-9"] }))).toMatch(
      /may not be valid/,
    );
  });

  it("never get instances launched while AddToLoadBalancer was suspended [B-25]", async () => {
    const world = new World();
    await world.group(0);
    await world.call("SuspendProcesses", { ...WEB, ScalingProcesses: ["AddToLoadBalancer"] });
    await world.call("SetDesiredCapacity", { ...WEB, DesiredCapacity: 1 });
    await world.clock.advance(20);
    await world.call("ResumeProcesses", { ...WEB, ScalingProcesses: ["AddToLoadBalancer"] });
    await world.clock.advance(20);
    expect(world.inService()).toHaveLength(1);
    expect(world.targets.log).toEqual([]);
  });
});

describe("listings", () => {
  it("come in pages and can be filtered by tag", async () => {
    const world = new World();
    for (const name of ["one", "two", "three"]) {
      await world.group(0, { AutoScalingGroupName: name, Tags: [{ Key: "kind", Value: name }] });
    }
    const first = await world.call("DescribeAutoScalingGroups", { MaxRecords: 2 });
    expect(first.AutoScalingGroups.map((one: { AutoScalingGroupName: string }) => one.AutoScalingGroupName)).toEqual([
      "one",
      "two",
    ]);
    const second = await world.call("DescribeAutoScalingGroups", { MaxRecords: 2, NextToken: first.NextToken });
    expect(second.AutoScalingGroups).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
    expect(await refusal(world.call("DescribeAutoScalingGroups", { NextToken: "x" }))).toMatch(/^InvalidNextToken/);
    const found = await world.call("DescribeAutoScalingGroups", { Filters: [{ Name: "tag:kind", Values: ["two"] }] });
    expect(found.AutoScalingGroups).toHaveLength(1);
    expect(await refusal(world.call("DescribeAutoScalingGroups", { Filters: [{ Name: "size", Values: [] }] }))).toMatch(
      /Filter type size/,
    );
  });

  it("of tags can be changed and filtered", async () => {
    const world = new World();
    await world.group(0, { Tags: [{ Key: "a", Value: "1", PropagateAtLaunch: true }] });
    const tag = (Key: string, Value: string) => ({ ResourceId: "web", ResourceType: "auto-scaling-group", Key, Value });
    await world.call("CreateOrUpdateTags", { Tags: [tag("a", "2"), tag("b", "3")] });
    await world.call("DeleteTags", { Tags: [{ ...tag("b", "3"), Value: undefined }] });
    const { Tags } = await world.call("DescribeTags", { Filters: [{ Name: "auto-scaling-group", Values: ["web"] }] });
    expect(Tags).toEqual([{ ...tag("a", "2"), PropagateAtLaunch: false }]);
  });

  it("of what is not served are empty, and putting it is refused", async () => {
    const world = new World();
    await world.group(0);
    expect(await world.call("DescribeWarmPool", WEB)).toEqual({ Instances: [] });
    expect(await refusal(world.call("PutWarmPool", WEB))).toMatch(
      /^ValidationError: PutWarmPool is not served by the local cloud/,
    );
    expect((await world.call("DescribeTerminationPolicyTypes")).TerminationPolicyTypes).toContain("OldestInstance");
  });

  it("of metrics that are enabled, published once a minute", async () => {
    const world = new World();
    await world.steadyGroup(2);
    await world.call("EnableMetricsCollection", {
      ...WEB,
      Granularity: "1Minute",
      Metrics: ["GroupInServiceInstances"],
    });
    await world.clock.advance(60);
    expect(world.monitoring.data.at(-1)).toMatchObject({
      namespace: "AWS/AutoScaling",
      name: "GroupInServiceInstances",
      values: [2],
    });
    await world.call("DisableMetricsCollection", WEB);
    expect((await world.describe()).EnabledMetrics).toEqual([]);
  });
});
