import * as pulumi from "@pulumi/pulumi";
import { type CanaryParts, type CanaryReleaseNodes, createCanaryNodes } from "./canaryNodes.js";
import type { CanaryReleaseArgs } from "./canaryReleaseArgs.js";
import { type CanaryReleasePlan, checkCanaryRelease } from "./checkCanaryRelease.js";
import { rolesIn } from "./versions.js";

/** Where a `CanaryRelease` stands, for pipelines to read. */
export interface CanaryReleaseStatus {
  readonly strategy: "CanaryRelease";
  readonly stable: string;
  readonly canary?: string;
  readonly others: readonly string[];
  readonly previous?: string;
  /** Shares of new sessions, in percent, by version. */
  readonly weights: ByVersion<number>;
  readonly url?: string;
  /** The listener or the rule that holds the weights, or `NAMESPACE/NAME` of the HTTPRoute. */
  readonly entranceArn: string;
  /** The target groups, or `NAMESPACE/NAME` of the Services behind a Gateway. */
  readonly targetGroupArns: ByVersion<string>;
  /** On EC2. */
  readonly autoScalingGroupNames?: ByVersion<string>;
  /** On Kubernetes. */
  readonly deploymentNames?: ByVersion<string>;
}

/** Something of each version, by its name. */
export type ByVersion<T> = Readonly<Record<string, T>>;

/**
 * Releases side by side behind a load balancer: a stable one, and others that get a share of the users, or only an audience, until
 * they are promoted or taken back, without losing a request.
 *
 * Fleets belong to versions, not to roles. A new `canary` shows in `preview` as a new fleet and changed weights of the entrance; `up`
 * starts its servers, waits until enough of them are healthy in the load balancer's own eyes, moves the weight, reads it back and
 * watches it. Naming the canary `stable` promotes it: the same servers, and the old version's fleet is deleted last, or kept as
 * `previous`. When something refuses (capacity, an alarm, a skipped step), the weights are as they were, `up` fails with the reason, and
 * Pulumi's state keeps the old weights: the next `up` tries again.
 *
 * A release whose image, instance type or user data change under the same version is rolled out batch by batch within its fleet.
 *
 * Its gates use the AWS provider that the component was given and need, on top of what the resources need:
 * `elasticloadbalancing:DescribeTargetHealth`, `DescribeListeners`, `DescribeRules`, `DescribeTags`, `ModifyListener` or `ModifyRule`;
 * `autoscaling:DescribeAutoScalingGroups`, `SetDesiredCapacity`; `cloudwatch:DescribeAlarms` with `alarmNames`; for a rollout within
 * a fleet those of `RollingFleet`. `elasticloadbalancing:DescribeTargetGroups` and `ec2:DescribeLaunchTemplates` find what an
 * interrupted update has left behind (not required).
 *
 * @example
 * ```ts
 * import * as aws from "@pulumi/aws";
 * import { CanaryRelease } from "hitless";
 *
 * const vpc = aws.ec2.getVpcOutput({ default: true });
 * const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
 * const front = new aws.ec2.SecurityGroup("front", {
 *   vpcId: vpc.id,
 *   ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
 *   egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
 * });
 * const balancer = new aws.lb.LoadBalancer("shop", { subnets: subnets.ids, securityGroups: [front.id] });
 *
 * const shop = new CanaryRelease("shop", {
 *   stable: { version: "v1", imageId: "ami-0123456789abcdef0", instanceType: "t3.micro" },
 *   canary: {
 *     version: "v2",
 *     imageId: "ami-0fedcba9876543210",
 *     instanceType: "t3.micro",
 *     weight: 10,
 *     audience: { header: { name: "x-beta", values: ["1"] } },
 *   },
 *   fleet: { vpcId: vpc.id, subnetIds: subnets.ids, desiredCapacity: 6, loadBalancerSecurityGroupIds: [front.id] },
 *   entrance: { loadBalancerArn: balancer.arn, hostName: balancer.dnsName },
 *   healthCheck: { path: "/health" },
 *   steps: [10, 50],
 *   bakeSeconds: 300,
 * });
 * export const status = shop.status;
 * ```
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export class CanaryRelease extends pulumi.ComponentResource {
  /** Where users reach it; undefined when the program did not tell by which name. */
  readonly url: pulumi.Output<string | undefined>;
  /** The version that users get who get no other. */
  readonly version: pulumi.Output<string>;
  /** What pipelines read. */
  readonly status: pulumi.Output<CanaryReleaseStatus>;
  /** The resources that it is made of, to build on. */
  readonly nodes: CanaryReleaseNodes;

  constructor(name: string, args: CanaryReleaseArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = checkCanaryRelease(name, args);
    super("hitless:index:CanaryRelease", name, {}, opts);

    const parts = createCanaryNodes(this, name, plan);
    const { entrance } = parts;
    this.nodes = parts.nodes;
    this.url = entrance.url;
    // From the entrance: a version counts when the weights say so, not when the program names it.
    this.version = entrance.resource.id.apply(() => plan.versions[0]?.release.version ?? "");
    this.status = statusOf(plan, parts);
    this.registerOutputs({ url: this.url, version: this.version, status: this.status });
  }
}

function statusOf(
  { versions, platform }: CanaryReleasePlan,
  { targets, fleets, entrance }: CanaryParts,
): pulumi.Output<CanaryReleaseStatus> {
  const ids = pulumi.all(targets.map(({ id }) => id));
  const names = pulumi.all(fleets.map(({ name }) => name));
  const byVersion = <T>(values: readonly T[]): ByVersion<T> =>
    Object.fromEntries(versions.map(({ release }, index) => [release.version, values[index] as T]));
  return pulumi
    .all([ids, names, entrance.id, entrance.url])
    .apply(([targetGroupArns, fleetNames, entranceArn, url]) => ({
      strategy: "CanaryRelease" as const,
      ...rolesIn(versions),
      weights: byVersion(versions.map(({ percent }) => percent)),
      ...(url !== undefined ? { url } : {}),
      entranceArn,
      targetGroupArns: byVersion(targetGroupArns),
      [platform.fleetNames]: byVersion(fleetNames),
    }));
}
