import pino from "pino";
import { AutoScaling } from "../../../../src/rehearsal/cloud/autoscaling/autoScaling.js";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import { FakeCompute } from "./fakeCompute.js";
import { FakeMonitoring } from "./fakeMonitoring.js";
import { FakeTargets } from "./fakeTargets.js";

/** Everything else runs on a manual clock; this one shows that the loop also wakes by real timers. */
describe("on the real clock, sped up", () => {
  let close = (): Promise<void> => Promise.resolve();
  afterEach(() => close());

  it("a group comes up, is refreshed with warm-up and bake time, and is closed", async () => {
    const clock = new Clock(2000);
    const compute = new FakeCompute(clock);
    const targets = new FakeTargets(clock, compute);
    const cloud = new AutoScaling({
      clock,
      compute,
      targets,
      monitoring: new FakeMonitoring(),
      log: pino({ level: "silent" }),
      region: "us-east-1",
      accountId: "123456789012",
    });
    close = () => cloud.close();
    const call = (name: string, input: object): unknown =>
      cloud.service.operations[name]?.(input, { requestId: "r", region: "us-east-1", accountId: "1" });
    const until = async (condition: () => boolean): Promise<void> => {
      const started = clock.now();
      while (!condition()) {
        if (clock.secondsSince(started) > 7200)
          throw new Error("the condition did not come true within two hours of AWS time");
        await clock.sleep(5);
      }
    };
    call("CreateAutoScalingGroup", {
      AutoScalingGroupName: "web",
      LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "1" },
      MinSize: 2,
      MaxSize: 4,
      VPCZoneIdentifier: "subnet-a",
      TargetGroupARNs: ["tg-1"],
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: 300,
    });
    await until(() => cloud.snapshots()[0]?.instances.filter((one) => one.targetHealth === "healthy").length === 2);
    call("StartInstanceRefresh", {
      AutoScalingGroupName: "web",
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: "lt-1", Version: "2" } },
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150, InstanceWarmup: 60, BakeTime: 60 },
    });
    await until(() => cloud.snapshots()[0]?.refresh?.status === "Successful");
    expect(cloud.snapshots()[0]?.launchTemplateVersion).toBe("2");
  });
});
