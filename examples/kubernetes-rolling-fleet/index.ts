import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { RollingFleet, type WhenBusy } from "hitless";
import { kubernetes } from "hitless/kubernetes";
import { release } from "./app";

const config = new pulumi.Config();

// Your own network goes here: the one that your cluster's pods have their addresses in.
const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });

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

// With the label each pod says itself whether the load balancer finds it healthy, and a rollout waits for that.
const namespace = new Namespace("web", {
  metadata: { name: "web", labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } },
});

const web = new RollingFleet("web", {
  release: release(config.get("image") ?? "registry.example.com/web:1", {
    version: config.require("version"),
    bootSeconds: config.getNumber("bootSeconds"),
    health: config.get("health"),
    latencyMs: config.getNumber("latencyMs"),
    errorPercent: config.getNumber("errorPercent"),
  }),
  fleet: kubernetes({
    namespace: namespace.metadata.name,
    vpcId: vpc.id,
    desiredCapacity: config.getNumber("servers") ?? 4,
    resources: { requests: { cpu: "50m", memory: "192Mi" } },
    runAsUser: 1000,
    shutdownSeconds: 15,
  }),
  entrance: { loadBalancerArn: balancer.arn, listenerPort: 80 },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  batchSize: config.getNumber("batchSize") ?? 2,
  surge: config.getBoolean("surge") ?? true,
  drainSeconds: config.getNumber("drainSeconds") ?? 30,
  // How long this app may take to boot; one that takes longer is refused.
  startupSeconds: config.getNumber("startupSeconds") ?? 60,
  warmupSeconds: config.getNumber("warmupSeconds") ?? 5,
  whenBusy: config.get<WhenBusy>("whenBusy"),
});

export const url = pulumi.interpolate`http://${balancer.dnsName}/`;
export const status = web.status;
