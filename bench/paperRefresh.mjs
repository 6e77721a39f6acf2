// A thousand paper instances in one group, refreshed in batches of a hundred at speed 60, several times over: how long it takes, and how
// long the API takes to answer meanwhile.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { median } from "./statistics.mjs";

const SPEED = 60;
const SERVERS = 1000;
const BATCH = 100;
const REFRESHES = 3;
/** Milliseconds between an answer and the next question. */
const ASK_AFTER_MS = 20;
const MOST_SECONDS = 60;
const MOST_API_MS = 20;
const NAME = "thousand";

export async function benchPaperRefresh({ root, verdict, servers = SERVERS, batch = BATCH, refreshes = REFRESHES }) {
  const flags = ["--port", "0", "--speed", String(SPEED), "--isolation", "paper", "--log-level", "warn"];
  const cloud = fork(path.join(root, "dist/cli/main.js"), ["cloud", ...flags], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const [{ url }] = await once(cloud, "message");
    const aws = clients(url);
    const fleet = await createFleet(aws, servers);
    const allHealthyOn = async (version) => (await healthyVersions(aws, fleet)).get(version) === servers;
    await until(`${servers} servers are healthy`, 120, () => allHealthyOn(1));

    const runs = [];
    for (let version = 2; version <= 1 + refreshes; version++) {
      const watch = watchApi(url, fleet);
      const started = performance.now();
      await refresh(aws, fleet, { version, servers, batch });
      const seconds = (performance.now() - started) / 1000;
      runs.push({ seconds, times: await watch.end() });
      if (!(await allHealthyOn(version))) throw new Error(`after the refresh not all are healthy on v${version}`);
    }

    const seconds = median(runs.map((run) => run.seconds));
    verdict.ratio(
      `a refresh of ${servers} paper instances against ${MOST_SECONDS} s`,
      seconds / MOST_SECONDS,
      1,
      `${seconds.toFixed(1)} s, the median of ${runs.length}`,
    );
    const times = runs.flatMap((run) => run.times);
    const p99 = quantile(times, 0.99);
    const each = runs.map((run) => quantile(run.times, 0.99).toFixed(1)).join(", ");
    verdict.ratio(
      `p99 of the API meanwhile against ${MOST_API_MS} ms`,
      p99 / MOST_API_MS,
      1,
      `p50 ${quantile(times, 0.5).toFixed(1)}, p99 ${p99.toFixed(1)} ms of all ${times.length} calls (of each refresh: ${each})`,
    );
  } finally {
    cloud.kill("SIGTERM");
    await once(cloud, "exit");
  }
}

export function clients(endpoint) {
  const options = { endpoint, region: "us-east-1", credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
  const [ec2, elbv2, autoscaling] = [EC2Client, ElasticLoadBalancingV2Client, AutoScalingClient].map(
    (Client) => new Client(options),
  );
  return { ec2, elbv2, autoscaling };
}

const template = (version) => ({
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

async function refresh({ ec2, autoscaling }, { templateId }, { version, servers, batch }) {
  await ec2.send(
    new CreateLaunchTemplateVersionCommand({
      LaunchTemplateId: templateId,
      LaunchTemplateData: template(`v${version}`),
    }),
  );
  const launchTemplate = { LaunchTemplateId: templateId, Version: String(version) };
  const Preferences = {
    // No surge: a load balancer has at most a thousand targets (ALB quotas).
    MinHealthyPercentage: 100 - Math.round((100 * batch) / servers),
    MaxHealthyPercentage: 100,
    InstanceWarmup: 0,
  };
  await autoscaling.send(
    new StartInstanceRefreshCommand({
      AutoScalingGroupName: NAME,
      DesiredConfiguration: { LaunchTemplate: launchTemplate },
      Preferences,
    }),
  );
  await until("the refresh has succeeded", 300, async () => {
    const { InstanceRefreshes } = await autoscaling.send(
      new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: NAME }),
    );
    const { Status, StatusReason } = InstanceRefreshes[0];
    if (["Failed", "Cancelled", "RollbackFailed", "RollbackSuccessful"].includes(Status))
      throw new Error(`${Status}: ${StatusReason}`);
    return Status === "Successful";
  });
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

/** What a gate and an onlooker ask, some forty times a second, each timed (ms) from the request to the last byte of the answer. */
function watchApi(url, { targetGroupArn }) {
  const times = [];
  const calls = [
    ["elasticloadbalancing", { Action: "DescribeTargetHealth", Version: "2015-12-01", TargetGroupArn: targetGroupArn }],
    ["autoscaling", { Action: "DescribeInstanceRefreshes", Version: "2011-01-01", AutoScalingGroupName: NAME }],
    ["autoscaling", { Action: "DescribeScalingActivities", Version: "2011-01-01", AutoScalingGroupName: NAME }],
    [
      "autoscaling",
      { Action: "DescribeAutoScalingGroups", Version: "2011-01-01", "AutoScalingGroupNames.member.1": NAME },
    ],
  ];
  let going = true;
  const ended = (async () => {
    for (let i = 0; going; i++) {
      const [service, form] = calls[i % calls.length];
      const started = performance.now();
      const response = await fetch(url, {
        method: "POST",
        headers: {
          authorization: `AWS4-HMAC-SHA256 Credential=bench/20250101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: new URLSearchParams(form),
      });
      // Half a megabyte each: as text it would be garbage enough for the bench's own pauses to be measured.
      const body = await response.arrayBuffer();
      times.push(performance.now() - started);
      if (response.status !== 200) throw new Error(`${form.Action}: ${Buffer.from(body)}`);
      await sleep(ASK_AFTER_MS);
    }
  })();
  return {
    end: () => {
      going = false;
      return ended.then(() => times);
    },
  };
}

/** Waits until `check` resolves to true; rejects after so many seconds. */
export async function until(what, seconds, check) {
  const deadline = performance.now() + seconds * 1000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s in vain until ${what}`);
    await sleep(250);
  }
}

function quantile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
