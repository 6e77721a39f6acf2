import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import { Namespace } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { BlueGreenPair, type Environment, type IdleCapacity } from "hitless";
import { kubernetes } from "hitless/kubernetes";
import { release } from "./app";

const config = new pulumi.Config();
const live = config.require<Environment>("live");
const image = config.get("image") ?? "registry.example.com/web:1";
/** How the app of a version behaves, for trying out what a switch does about it: `{"v3": {"errorPercent": 100}}`. */
const behaviour = config.getObject<Record<string, object>>("behaviour") ?? {};
const version = (environment: Environment) => config.require(environment);
const releaseIn = (environment: Environment) =>
  release(image, { version: version(environment), ...behaviour[version(environment)] });

// Your own network goes here: the one that your cluster's pods have their addresses in.
const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });

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

// With the label each pod says itself whether the load balancer finds it healthy.
const namespace = new Namespace("site", {
  metadata: { name: "site", labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } },
});

const site = new BlueGreenPair("site", {
  live,
  blue: releaseIn("blue"),
  green: releaseIn("green"),
  idle: config.get<IdleCapacity>("idle"),
  fleet: kubernetes({
    namespace: namespace.metadata.name,
    vpcId: vpc.id,
    desiredCapacity: config.getNumber("servers") ?? 2,
    resources: { requests: { cpu: "50m", memory: "192Mi" } },
    runAsUser: 1000,
    shutdownSeconds: 15,
  }),
  entrance: { loadBalancerArn: balancer.arn, hostName: balancer.dnsName },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  // What the side that is about to get users has to answer, through its preview route.
  verify: [
    { path: "/", headers: [{ name: "x-version", value: config.get(live) ?? "" }], inARow: 5, deadlineSeconds: 20 },
  ],
  drainSeconds: config.getNumber("drainSeconds") ?? 30,
  startupSeconds: config.getNumber("startupSeconds") ?? 60,
});

export const url = site.url;
export const status = site.status;
