// A local cloud whose instances are on paper, and a balanced group in it: what the benches of the whole cloud begin with.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** Of everything that the fleet has. */
export const NAME = "paper";

/** Starts a cloud. @param execArgv Node's own flags for its process */
export async function startPaperCloud(root, { speed, execArgv = [] }) {
  const flags = ["--port", "0", "--speed", String(speed), "--isolation", "paper", "--log-level", "warn"];
  const child = fork(path.join(root, "dist/cli/main.js"), ["cloud", ...flags], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
    execArgv,
  });
  const ended = once(child, "exit");
  const [{ url }] = await Promise.race([
    once(child, "message"),
    ended.then(([code]) => Promise.reject(new Error(`the cloud ended at once (exit code ${code})`))),
  ]);
  const close = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { url, pid: child.pid, close };
}

export function clients(endpoint) {
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
  const [ec2, elbv2, autoscaling] = [EC2Client, ElasticLoadBalancingV2Client, AutoScalingClient].map(
    (Client) => new Client(options),
  );
  return { ec2, elbv2, autoscaling };
}

export const template = (version) => ({
  ImageId: "ami-0123456789abcdef0",
  InstanceType: "t3.micro",
  UserData: Buffer.from(`#!/bin/sh\nVERSION=${version}\nBOOT_SECONDS=20\n`).toString("base64"),
});

/** A balanced group on port 8080. */
export async function createFleet({ ec2, elbv2, autoscaling }, servers) {
  const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const subnets = Subnets.map((subnet) => subnet.SubnetId);
  const { LoadBalancers } = await elbv2.send(new CreateLoadBalancerCommand({ Name: NAME, Subnets: subnets }));
  const { TargetGroups } = await elbv2.send(
    new CreateTargetGroupCommand({
      Name: NAME,
      Protocol: "HTTP",
      Port: 80,
      VpcId: Subnets[0].VpcId,
      HealthCheckPath: "/health",
      HealthCheckIntervalSeconds: 30,
      HealthyThresholdCount: 2,
    }),
  );
  const [{ TargetGroupArn }] = TargetGroups;
  await elbv2.send(
    new ModifyTargetGroupAttributesCommand({
      TargetGroupArn,
      Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }],
    }),
  );
  await elbv2.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0].LoadBalancerArn,
      Protocol: "HTTP",
      Port: 8080,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  const { LaunchTemplate } = await ec2.send(
    new CreateLaunchTemplateCommand({ LaunchTemplateName: NAME, LaunchTemplateData: template("v1") }),
  );
  const templateId = LaunchTemplate.LaunchTemplateId;
  await autoscaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: NAME,
      MinSize: servers,
      DesiredCapacity: servers,
      MaxSize: servers,
      LaunchTemplate: { LaunchTemplateId: templateId, Version: "1" },
      VPCZoneIdentifier: subnets.join(","),
      TargetGroupARNs: [TargetGroupArn],
      HealthCheckType: "ELB",
      HealthCheckGracePeriod: 600,
      DefaultInstanceWarmup: 0,
    }),
  );
  return { templateId, targetGroupArn: TargetGroupArn, address: LoadBalancers[0].DNSName };
}

/** How many healthy servers each template version has. */
export async function healthyVersions({ elbv2, autoscaling }, { targetGroupArn }) {
  const { TargetHealthDescriptions } = await elbv2.send(
    new DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn }),
  );
  const healthy = new Set(
    TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth.State === "healthy").map(
      ({ Target }) => Target.Id,
    ),
  );
  const { AutoScalingGroups } = await autoscaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [NAME] }),
  );
  const count = new Map();
  for (const { InstanceId, LaunchTemplate } of AutoScalingGroups[0].Instances) {
    const version = Number(LaunchTemplate.Version);
    if (healthy.has(InstanceId)) count.set(version, (count.get(version) ?? 0) + 1);
  }
  return count;
}

/** Waits until `check` resolves to true; rejects after so many seconds. */
export async function until(what, seconds, check) {
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(250);
  }
}
