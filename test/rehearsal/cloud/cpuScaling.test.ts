import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  PutScalingPolicyCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLaunchTemplateCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";

const busy = "#!/bin/sh\nwhile :; do :; done\n";
const idle = "#!/bin/sh\nexec sleep 1000\n";

const onLinux = process.platform === "linux" ? test : test.skip;

onLinux(
  "a group whose servers work grows, by what they really use of the machine; one whose servers sleep does not",
  async () => {
    const cloud = await LocalCloud.start({
      port: 0,
      speed: 100,
      log: pino({ level: "silent" }),
      isolation: "loopback",
    });
    const settings = {
      endpoint: cloud.url,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    };
    const ec2 = new EC2Client(settings);
    const autoScaling = new AutoScalingClient(settings);
    const cloudWatch = new CloudWatchClient(settings);
    try {
      const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
      const { Images } = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
      for (const [name, script] of Object.entries({ busy, idle })) {
        const LaunchTemplateData = {
          ImageId: Images?.[0]?.ImageId,
          InstanceType: "t3.micro" as const,
          UserData: Buffer.from(script).toString("base64"),
          Monitoring: { Enabled: true },
        };
        await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: name, LaunchTemplateData }));
        await autoScaling.send(
          new CreateAutoScalingGroupCommand({
            AutoScalingGroupName: name,
            MinSize: 1,
            MaxSize: 2,
            VPCZoneIdentifier: Subnets?.[0]?.SubnetId,
            LaunchTemplate: { LaunchTemplateName: name, Version: "1" },
            DefaultInstanceWarmup: 0,
          }),
        );
        await autoScaling.send(
          new PutScalingPolicyCommand({
            AutoScalingGroupName: name,
            PolicyName: "cpu",
            PolicyType: "TargetTrackingScaling",
            TargetTrackingConfiguration: {
              // A busy machine leaves the loop little of its processors.
              TargetValue: 1,
              PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
            },
          }),
        );
      }
      const desired = async () => {
        const { AutoScalingGroups = [] } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({}));
        return Object.fromEntries(
          AutoScalingGroups.map((group) => [group.AutoScalingGroupName, group.DesiredCapacity]),
        );
      };
      const deadline = Date.now() + 40_000;
      while ((await desired()).busy !== 2) {
        if (Date.now() > deadline) throw new Error("the busy group has not grown within 40 s");
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(await desired()).toEqual({ busy: 2, idle: 1 });
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/EC2",
          MetricName: "CPUUtilization",
          Dimensions: [{ Name: "AutoScalingGroupName", Value: "idle" }],
          StartTime: new Date(Date.now() - 60_000),
          EndTime: new Date(),
          Period: 60,
          Statistics: ["Maximum"],
        }),
      );
      expect(Datapoints.length).toBeGreaterThan(0);
      expect(Math.max(...Datapoints.map(({ Maximum = 100 }) => Maximum))).toBeLessThan(1);
    } finally {
      for (const client of [ec2, autoScaling, cloudWatch]) client.destroy();
      await cloud.close();
    }
  },
  90_000,
);
