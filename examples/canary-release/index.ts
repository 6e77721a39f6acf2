import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { type CanaryArgs, CanaryRelease, type ReleaseArgs } from "hitless";
import { userData } from "./userData";

const config = new pulumi.Config();

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

const balancer = new lb.LoadBalancer("shop", {
  loadBalancerType: "application",
  securityGroups: [doorway.id],
  subnets: subnets.ids,
});

// More than ten failed answers in a minute: the canary does not do, and its users go back to the stable version.
const errors = new cloudwatch.MetricAlarm("errors", {
  namespace: "AWS/ApplicationELB",
  metricName: "HTTPCode_Target_5XX_Count",
  dimensions: { LoadBalancer: balancer.arnSuffix },
  statistic: "Sum",
  period: 60,
  evaluationPeriods: 1,
  threshold: 10,
  comparisonOperator: "GreaterThanThreshold",
  // A minute without an error has no datum at all.
  treatMissingData: "notBreaching",
});

/** How the app of a version behaves, for trying out what a release does about it: `{"v2": {"health": "never"}}`. */
const behaviour = config.getObject<Record<string, object>>("behaviour") ?? {};

function release(version: string): ReleaseArgs {
  return {
    version,
    imageId: image.value,
    instanceType: "t3.micro",
    userData: userData({ version, ...behaviour[version] }),
  };
}

/** A version with a share of the users, and testers who send `x-beta: VERSION`. */
function canary(version: string, weight: number): CanaryArgs {
  return { ...release(version), weight, audience: { header: { name: "x-beta", values: [version] } } };
}

const canaryVersion = config.get("canary");
const previousVersion = config.get("previous");
const others = config.getObject<Record<string, number>>("others") ?? {};

const shop = new CanaryRelease("shop", {
  stable: release(config.require("stable")),
  ...(canaryVersion ? { canary: canary(canaryVersion, config.getNumber("weight") ?? 0) } : {}),
  others: Object.entries(others).map(([version, weight]) => canary(version, weight)),
  ...(previousVersion ? { previous: release(previousVersion) } : {}),
  fleet: {
    vpcId: vpc.id,
    subnetIds: subnets.ids,
    desiredCapacity: config.getNumber("servers") ?? 4,
    loadBalancerSecurityGroupIds: [doorway.id],
  },
  entrance: { loadBalancerArn: balancer.arn, listenerPort: 80 },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  steps: config.getObject<number[]>("steps") ?? [10, 50],
  bakeSeconds: config.getNumber("bakeSeconds") ?? 180,
  alarmNames: [errors.name],
  drainSeconds: 30,
  // How long this app may take to boot; one that takes longer is refused.
  startupSeconds: config.getNumber("startupSeconds") ?? 120,
  stickiness: config.getNumber("stickySeconds") ? { seconds: config.requireNumber("stickySeconds") } : undefined,
});

export const url = pulumi.interpolate`http://${balancer.dnsName}/`;
export const status = shop.status;
