import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DeleteSecurityGroupCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  DeleteLoadBalancerCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyTargetGroupAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { pino } from "pino";
import { LocalCloud } from "../../../src/rehearsal/cloud/cloud.js";

const log = pino({ level: "silent" });
const userData = `#!/bin/bash
exec "${process.execPath}" -e '
  require("http").createServer((request, response) => response.end("hello"))
    .listen(process.env.PORT || 80, process.env.HOST || "0.0.0.0")'
`;

/** Processes that run the cloud's second half for this one. */
function hosts(): string[] {
  return readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const parent = / \S+ (\d+) /.exec(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, ""))?.[1];
      return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("hostMain");
    } catch {
      return false; // it ended while we looked
    }
  });
}

/** Processes, of whatever parent, with this in their command line. */
function running(command: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(command);
    } catch {
      return false; // it ended while we looked
    }
  });
}

/** Waits for what must come true within real seconds. */
async function until(what: string, holds: () => boolean, seconds = 20): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe.each(["auto", "loopback"] as const)("with %s isolation", (isolation) => {
  test("a group serves through a load balancer, and all of it can be taken down again", async () => {
    const cloud = await LocalCloud.start({ port: 0, speed: 20, log, isolation });
    try {
      const settings = {
        endpoint: cloud.url,
        region: "us-east-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      };
      const elb = new ElasticLoadBalancingV2Client(settings);
      const ec2 = new EC2Client(settings);
      const autoScaling = new AutoScalingClient(settings);
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      const subnets = Subnets.map((subnet) => subnet.SubnetId ?? "");
      const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));

      const created = await elb.send(new CreateLoadBalancerCommand({ Name: "web", Subnets: subnets }));
      const { LoadBalancerArn, DNSName, SecurityGroups = [], VpcId } = created.LoadBalancers?.[0] ?? {};
      const { TargetGroups } = await elb.send(
        new CreateTargetGroupCommand({
          Name: "web",
          Protocol: "HTTP",
          Port: 80,
          VpcId,
          HealthCheckIntervalSeconds: 5,
          HealthCheckTimeoutSeconds: 4,
        }),
      );
      const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
      const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "5" }];
      await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
      const DefaultActions = [{ Type: "forward" as const, TargetGroupArn }];
      await elb.send(new CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions }));
      expect((await fetch(`http://${DNSName}/`)).status).toBe(503);

      const UserData = Buffer.from(userData).toString("base64");
      const { LaunchTemplate } = await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: "web",
          LaunchTemplateData: { ImageId: Images[0]?.ImageId, InstanceType: "t3.micro", UserData },
        }),
      );
      await autoScaling.send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: "web",
          MinSize: 2,
          MaxSize: 2,
          VPCZoneIdentifier: subnets.join(","),
          LaunchTemplate: { LaunchTemplateId: LaunchTemplate?.LaunchTemplateId, Version: "1" },
          TargetGroupARNs: [TargetGroupArn],
        }),
      );
      const states = () => cloud.snapshot().targetGroups[0]?.targets.map((target) => target.state) ?? [];
      await until("two healthy targets", () => states().filter((state) => state === "healthy").length === 2);
      for (let i = 0; i < 10; i++) expect(await (await fetch(`http://${DNSName}/`)).text()).toBe("hello");
      expect(cloud.snapshot().groups[0]?.instances).toHaveLength(2);

      await expect(ec2.send(new DeleteSecurityGroupCommand({ GroupId: SecurityGroups[0] }))).rejects.toThrow();
      await autoScaling.send(
        new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "web", MinSize: 0, DesiredCapacity: 0 }),
      );
      await until("no instance", () => cloud.snapshot().groups[0]?.instances.length === 0);
      await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: "web" }));
      await elb.send(new DeleteLoadBalancerCommand({ LoadBalancerArn }));
      await elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }));
      await expect(fetch(`http://${DNSName}/`)).rejects.toThrow();
      expect(cloud.snapshot()).toMatchObject({ groups: [], targetGroups: [], listeners: [] });
      for (const client of [elb, ec2, autoScaling]) client.destroy();
      expect(hosts()).toHaveLength(1);
    } finally {
      await cloud.close();
    }
    expect(hosts()).toEqual([]);
  }, 60_000);
});

test.each(["auto", "loopback"] as const)(
  "with an instance still running (%s), close leaves no process",
  async (isolation) => {
    const marker = `${process.pid}${isolation === "auto" ? 1 : 2}`;
    const cloud = await LocalCloud.start({ port: 0, speed: 20, log, isolation });
    try {
      const ec2 = new EC2Client({
        endpoint: cloud.url,
        region: "us-east-1",
        credentials: { accessKeyId: "a", secretAccessKey: "b" },
      });
      const { Images = [] } = await ec2.send(new DescribeImagesCommand({ Owners: ["amazon"] }));
      // A grandchild that ignores SIGTERM is the hardest to get rid of.
      const UserData = Buffer.from(`#!/bin/bash\ntrap "" TERM\nsleep 1${marker} &\nwait\n`).toString("base64");
      await ec2.send(new RunInstancesCommand({ ImageId: Images[0]?.ImageId, MinCount: 1, MaxCount: 1, UserData }));
      await until("the instance's process", () => running(`sleep\x001${marker}`).length === 1);
      ec2.destroy();
    } finally {
      await cloud.close();
      await cloud.close();
    }
    expect(running(`sleep\x001${marker}`)).toEqual([]);
    expect(hosts()).toEqual([]);
  },
  30_000,
);

test("a port in use is one sentence, and what was started is ended", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  await expect(LocalCloud.start({ port, speed: 1, log })).rejects.toMatchObject({
    code: "EADDRINUSE",
    message: expect.stringContaining(`Port ${port} is in use`),
  });
  expect(hosts()).toEqual([]);
  other.close();
}, 30_000);

test("faults are set and mended through the admin API", async () => {
  const cloud = await LocalCloud.start({ port: 0, speed: 1, log });
  const sts = new STSClient({
    endpoint: cloud.url,
    region: "us-east-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    maxAttempts: 1,
  });
  const outcomes = async (): Promise<string[]> => {
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) {
      seen.push(
        await sts.send(new GetCallerIdentityCommand({})).then(
          () => "ok",
          (error: Error) => error.name,
        ),
      );
    }
    return seen;
  };
  const set = (body: object) => fetch(`${cloud.url}/_hitless/faults`, { method: "PUT", body: JSON.stringify(body) });
  try {
    expect((await set({ throttleShare: 0.5 })).status).toBe(200);
    expect(await outcomes()).toEqual(["ok", "Throttling", "ok", "Throttling"]);
    expect((await set({ lostZones: ["us-east-1z"] })).status).toBe(400);
    expect((await set({ apiErrorShare: 1 })).status).toBe(200);
    expect(await outcomes()).toEqual(Array(4).fill("InternalFailure"));
    expect((await set({})).status).toBe(200);
    expect(await outcomes()).toEqual(["ok", "ok", "ok", "ok"]);
    const status = await (await fetch(`${cloud.url}/_hitless/status`)).json();
    expect(status).toMatchObject({ pid: process.pid, speed: 1, version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  } finally {
    sts.destroy();
    await cloud.close();
  }
}, 30_000);
