import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as ssm from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { RollingFleet, type WhenBusy } from "hitless";
import { userData } from "./userData";

const config = new pulumi.Config();
const version = config.require("version");

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

const balancer = new lb.LoadBalancer("web", {
  loadBalancerType: "application",
  securityGroups: [doorway.id],
  subnets: subnets.ids,
});

const web = new RollingFleet("web", {
  release: {
    version,
    imageId: image.value,
    instanceType: "t3.micro",
    userData: userData({
      version,
      bootSeconds: config.getNumber("bootSeconds"),
      health: config.get("health"),
      latencyMs: config.getNumber("latencyMs"),
      errorPercent: config.getNumber("errorPercent"),
    }),
  },
  fleet: {
    vpcId: vpc.id,
    subnetIds: subnets.ids,
    desiredCapacity: config.getNumber("servers") ?? 6,
    loadBalancerSecurityGroupIds: [doorway.id],
  },
  entrance: { loadBalancerArn: balancer.arn, listenerPort: 80 },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  batchSize: config.getNumber("batchSize") ?? 2,
  surge: config.getBoolean("surge") ?? true,
  drainSeconds: 30,
  // How long this app may take to boot; one that takes longer is refused.
  startupSeconds: config.getNumber("startupSeconds") ?? 120,
  warmupSeconds: config.getNumber("warmupSeconds") ?? 10,
  whenBusy: config.get<WhenBusy>("whenBusy"),
});

export const url = pulumi.interpolate`http://${balancer.dnsName}/`;
export const status = web.status;
