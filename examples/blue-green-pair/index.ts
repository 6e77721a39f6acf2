import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { BlueGreenPair, type Environment, type IdleCapacity, type ReleaseArgs } from "hitless";
import { userData } from "./userData";

const config = new pulumi.Config();
const live = config.require<Environment>("live");

// Your own network goes here; the example takes the account's default VPC.
const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
const image = ssm.getParameterOutput({ name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" });

const doorway = new ec2.SecurityGroup("doorway", {
  vpcId: vpc.id,
  description: "Who may reach the load balancer",
  ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
  egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
});

const balancer = new lb.LoadBalancer("site", {
  loadBalancerType: "application",
  securityGroups: [doorway.id],
  subnets: subnets.ids,
});

/** A version whose home page was forgotten, for trying out what a switch does about it. */
const broken = config.get("broken");

function release(version: string): ReleaseArgs {
  return {
    version,
    imageId: image.value,
    instanceType: "t3.micro",
    userData: userData(version, { homePage: version !== broken }),
  };
}

// Another word than blue or green is for the component to refuse.
const announced = config.get(live) ?? "";

const releases = { blue: release(config.require("blue")), green: release(config.require("green")) };

const site = new BlueGreenPair("site", {
  live,
  ...releases,
  idle: config.get<IdleCapacity>("idle"),
  fleet: {
    vpcId: vpc.id,
    subnetIds: subnets.ids,
    desiredCapacity: config.getNumber("servers") ?? 2,
    loadBalancerSecurityGroupIds: [doorway.id],
  },
  entrance: { loadBalancerArn: balancer.arn, hostName: balancer.dnsName },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  // What the side that is about to get users has to answer, through its preview route.
  verify: [
    {
      path: "/",
      bodyContains: `Welcome to ${announced}`,
      headers: [{ name: "x-version", value: announced }],
      inARow: 10,
      latencyMs: 1000,
      deadlineSeconds: 30,
    },
  ],
  drainSeconds: 30,
  startupSeconds: 120,
});

// A check of your own, in code.
site.verifyWith(async ({ url, headers, signal }) => {
  const answer = await fetch(`${url}/slow`, { headers, signal });
  const { length } = await answer.text();
  if (answer.status !== 200 || length < 1000) throw new Error(`/slow answers ${answer.status} with ${length} bytes`);
});

export const url = site.url;
export const status = site.status;
