import * as autoscaling from "@aws-sdk/client-auto-scaling";
import * as cloudwatch from "@aws-sdk/client-cloudwatch";
import * as ec2 from "@aws-sdk/client-ec2";
import * as elbv2 from "@aws-sdk/client-elastic-load-balancing-v2";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";
import { statement } from "../statement.js";

/** Waits for what must come true within real seconds. */
async function until(what: string, holds: () => boolean | Promise<boolean>, seconds = 45): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Real requests on a real load balancer: nothing here is told to the alarm but by the metrics. */
statement(
  "B-61",
  async () => {
    // A minute of AWS passes in half a second.
    const cloud = await LocalCloud.start({
      port: 0,
      speed: 120,
      log: pino({ level: "silent" }),
      isolation: "paper",
    });
    const settings = {
      endpoint: cloud.url,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
    };
    const clients = {
      autoscaling: new autoscaling.AutoScalingClient(settings),
      cloudwatch: new cloudwatch.CloudWatchClient(settings),
      ec2: new ec2.EC2Client(settings),
      elbv2: new elbv2.ElasticLoadBalancingV2Client(settings),
    };
    try {
      const { Subnets = [] } = await clients.ec2.send(new ec2.DescribeSubnetsCommand({}));
      const { Images } = await clients.ec2.send(new ec2.DescribeImagesCommand({ Owners: ["amazon"] }));
      const subnets = Subnets.map(({ SubnetId = "" }) => SubnetId);
      const { LoadBalancers } = await clients.elbv2.send(
        new elbv2.CreateLoadBalancerCommand({ Name: "busy", Subnets: subnets }),
      );
      const { LoadBalancerArn = "", DNSName, VpcId } = LoadBalancers?.[0] ?? {};
      const { TargetGroups } = await clients.elbv2.send(
        new elbv2.CreateTargetGroupCommand({
          Name: "busy",
          Protocol: "HTTP",
          Port: 80,
          VpcId,
          HealthCheckIntervalSeconds: 5,
          HealthCheckTimeoutSeconds: 4,
        }),
      );
      const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
      const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
      await clients.elbv2.send(
        new elbv2.CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions }),
      );
      const UserData = Buffer.from("VERSION=v1\nBOOT_SECONDS=1\n").toString("base64");
      const LaunchTemplateData = { ImageId: Images?.[0]?.ImageId, InstanceType: "t3.micro" as const, UserData };
      await clients.ec2.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: "busy", LaunchTemplateData }));
      const AutoScalingGroupName = "busy";
      await clients.autoscaling.send(
        new autoscaling.CreateAutoScalingGroupCommand({
          AutoScalingGroupName,
          MinSize: 1,
          MaxSize: 3,
          VPCZoneIdentifier: subnets.join(","),
          LaunchTemplate: { LaunchTemplateName: "busy", Version: "1" },
          TargetGroupARNs: [TargetGroupArn],
          DefaultInstanceWarmup: 0,
        }),
      );
      const healthy = () => cloud.snapshot().targetGroups[0]?.targets.filter(({ state }) => state === "healthy").length;
      await until("a healthy target", () => healthy() === 1);
      const label = `${LoadBalancerArn.split("loadbalancer/")[1]}/${TargetGroupArn.split(":").at(-1)}`;
      await clients.autoscaling.send(
        new autoscaling.PutScalingPolicyCommand({
          AutoScalingGroupName,
          PolicyName: "requests",
          PolicyType: "TargetTrackingScaling",
          TargetTrackingConfiguration: {
            PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget", ResourceLabel: label },
            TargetValue: 5,
          },
        }),
      );
      const ask = setInterval(() => void fetch(`http://${DNSName}/`).then((answer) => answer.text()), 20);
      try {
        await until("a second server, and a third", () => cloud.snapshot().groups[0]?.desiredCapacity === 3);
        await until("all of them serve", () => healthy() === 3);
      } finally {
        clearInterval(ask);
      }
      const { MetricAlarms = [] } = await clients.cloudwatch.send(new cloudwatch.DescribeAlarmsCommand({}));
      const high = MetricAlarms.find(({ AlarmName }) => AlarmName?.includes("AlarmHigh"));
      expect(high).toMatchObject({ Threshold: 5, EvaluationPeriods: 3, Period: 60 });
      // One request a minute (AWS has no data at all where there is none): fifteen minutes later the servers go again.
      const trickle = setInterval(() => void fetch(`http://${DNSName}/`).then((answer) => answer.text()), 400);
      try {
        await until("one server", () => cloud.snapshot().groups[0]?.desiredCapacity === 1);
      } finally {
        clearInterval(trickle);
      }
    } finally {
      for (const client of Object.values(clients)) client.destroy();
      await cloud.close();
    }
  },
  120_000,
);
