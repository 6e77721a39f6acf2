import type * as sdk from "@aws-sdk/client-auto-scaling";
import pino from "pino";
import { AutoScaling, type AutoScalingOptions } from "../../../../src/rehearsal/cloud/autoscaling/autoScaling.js";
import type { GroupSnapshot, InstanceSnapshot } from "../../../../src/rehearsal/cloud/snapshot.js";
import { operationSchema } from "../../../../src/rehearsal/cloud/wire/catalogue.js";
import { checkOutput } from "../../../../src/rehearsal/cloud/wire/checkOutput.js";
import { outputSchema } from "../../../../src/rehearsal/cloud/wire/schemas.js";
import { type Behaviour, FakeCompute } from "./fakeCompute.js";
import { FakeMonitoring } from "./fakeMonitoring.js";
import { FakeTargets } from "./fakeTargets.js";
import { ManualClock } from "./manualClock.js";

/** Auto Scaling among fakes, on a clock that tests move. */
export class World {
  readonly clock = new ManualClock();
  readonly compute = new FakeCompute(this.clock);
  readonly targets = new FakeTargets(this.clock, this.compute);
  readonly monitoring = new FakeMonitoring();
  readonly cloud: AutoScaling;

  constructor(options: Partial<AutoScalingOptions> = {}) {
    this.cloud = new AutoScaling({
      clock: this.clock,
      compute: this.compute,
      targets: this.targets,
      monitoring: this.monitoring,
      log: pino({ level: process.env.TEST_LOG ?? "silent" }),
      region: "us-east-1",
      accountId: "123456789012",
      ...options,
    });
  }

  behave(version: string | number, behaviour: Behaviour): void {
    this.compute.behaviours.set(String(version), behaviour);
  }

  /** Calls an operation as the wire layer does. */
  async call<Output = any>(operation: string, input: object = {}): Promise<Output> {
    const run = this.cloud.service.operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    const answer = run(input, { requestId: "r", region: "us-east-1", accountId: "123456789012" });
    const schema = operationSchema("autoscaling", operation);
    if (!schema) throw new Error(`AWS has no operation ${operation}`);
    checkOutput(outputSchema(schema), answer);
    return answer as Output;
  }

  /** A group of `size` instances of version 1 behind tg-1 with ELB health checks. */
  async group(size: number, more: Partial<sdk.CreateAutoScalingGroupCommandInput> = {}): Promise<void> {
    await this.call("CreateAutoScalingGroup", {
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
      MinSize: 0,
      MaxSize: 2000,
      DesiredCapacity: size,
      VPCZoneIdentifier: "subnet-a,subnet-b,subnet-c",
      TargetGroupARNs: ["tg-1"],
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: 60,
      ...more,
    });
  }

  /** The same, waited for until all are in service and healthy. */
  async steadyGroup(size: number, more: Partial<sdk.CreateAutoScalingGroupCommandInput> = {}): Promise<void> {
    await this.group(size, more);
    await this.clock.until(() => this.healthy().length === size);
  }

  async refresh(preferences: sdk.RefreshPreferences, version: string | null = "2"): Promise<string> {
    const answer = await this.call<sdk.StartInstanceRefreshCommandOutput>("StartInstanceRefresh", {
      AutoScalingGroupName: "web",
      Preferences: { InstanceWarmup: 0, ...preferences },
      ...(version === null
        ? {}
        : { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: version } } }),
    });
    return answer.InstanceRefreshId ?? "";
  }

  async latestRefresh(): Promise<sdk.InstanceRefresh> {
    const answer = await this.call<sdk.DescribeInstanceRefreshesCommandOutput>("DescribeInstanceRefreshes", {
      AutoScalingGroupName: "web",
    });
    const first = answer.InstanceRefreshes?.[0];
    if (!first) throw new Error("there is no instance refresh");
    return first;
  }

  status(): string | undefined {
    return this.snapshot().refresh?.status;
  }

  async untilStatus(...statuses: string[]): Promise<void> {
    await this.clock.until(() => statuses.includes(this.status() ?? ""), 20_000);
  }

  async activities(): Promise<sdk.Activity[]> {
    const answer = await this.call<sdk.DescribeScalingActivitiesCommandOutput>("DescribeScalingActivities", {
      AutoScalingGroupName: "web",
    });
    return answer.Activities ?? [];
  }

  async describe(): Promise<sdk.AutoScalingGroup> {
    const answer = await this.call<sdk.DescribeAutoScalingGroupsCommandOutput>("DescribeAutoScalingGroups", {
      AutoScalingGroupNames: ["web"],
    });
    const first = answer.AutoScalingGroups?.[0];
    if (!first) throw new Error("there is no group");
    return first;
  }

  snapshot(): GroupSnapshot {
    const group = this.cloud.snapshots().find((one) => one.name === "web");
    if (!group) throw new Error("there is no group");
    return group;
  }

  exists(): boolean {
    return this.cloud.snapshots().some((one) => one.name === "web");
  }

  /** In service and healthy in the balancer's eyes. */
  healthy(version?: string): InstanceSnapshot[] {
    return this.snapshot().instances.filter(
      (one) =>
        one.lifecycleState === "InService" &&
        one.targetHealth === "healthy" &&
        (version === undefined || one.launchTemplateVersion === version),
    );
  }

  inService(): InstanceSnapshot[] {
    return this.snapshot().instances.filter((one) => one.lifecycleState === "InService");
  }

  /** Pending or in service: what the upper bound counts. */
  active(): InstanceSnapshot[] {
    return this.snapshot().instances.filter(
      (one) => one.lifecycleState === "InService" || one.lifecycleState.startsWith("Pending"),
    );
  }

  terminating(): InstanceSnapshot[] {
    return this.snapshot().instances.filter((one) => one.lifecycleState.startsWith("Terminating"));
  }

  versions(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const one of this.active()) {
      const version = one.launchTemplateVersion ?? "?";
      counts[version] = (counts[version] ?? 0) + 1;
    }
    return counts;
  }
}

/** The code and message an operation refuses with. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    return `${code ?? "?"}: ${message}`;
  }
  throw new Error("the call was expected to be refused, and was not");
}
