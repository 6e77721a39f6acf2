import * as pulumi from "@pulumi/pulumi";
import { refusal } from "../../errors/faults.js";
import type { VerifyFunction } from "../../gates/verify/verifyArgs.js";
import type { PreviewAddress } from "../../traffic/previewRoute.js";
import type { BlueGreenPairArgs, Environment } from "./blueGreenPairArgs.js";
import { type BlueGreenPairPlan, checkBlueGreenPair } from "./checkBlueGreenPair.js";
import { type BlueGreenPairNodes, createPairNodes, type PairParts } from "./pairNodes.js";

/** Something for each environment. */
export interface ByEnvironment<T> {
  readonly blue: T;
  readonly green: T;
}

/** Where a `BlueGreenPair` stands, for pipelines to read. */
export interface BlueGreenPairStatus {
  readonly strategy: "BlueGreenPair";
  /** The environment that users get. */
  readonly live: Environment;
  readonly versions: ByEnvironment<string>;
  /** Shares of new sessions, in percent. */
  readonly weights: ByEnvironment<number>;
  readonly url?: string;
  /** How each environment is reached whatever its weight. */
  readonly preview: ByEnvironment<PreviewAddress>;
  /** The target groups, or `NAMESPACE/NAME` of the Services behind a Gateway. */
  readonly targetGroupArns: ByEnvironment<string>;
  /** On EC2. */
  readonly autoScalingGroupNames?: ByEnvironment<string>;
  /** On Kubernetes. */
  readonly deploymentNames?: ByEnvironment<string>;
}

/**
 * Two identical environments, blue and green, of which one has the users. A release goes to the other one, can be tried there through
 * a preview route, and gets the users by a change of `live`; the same change back is the rollback.
 *
 * A release to the idle environment shows in `preview` as its launch template and group updated in place, and replaces all its servers
 * at once. A switch shows as an update of the entrance (weights and tags) and of a tag that remembers which version had users. `up` moves the weights
 * only when the idle environment has as many healthy servers as the live one has *now* (it is made larger if it must be), when the
 * `verify` checks have passed, and when no alarm rings; on any failure users stay where they are, `up` fails with the reason,
 * and the next one tries again.
 *
 * The gates use the credentials, region, endpoints and assumed role of the provider given to this component. They need these
 * permissions besides the provider's own: `elasticloadbalancing:DescribeTargetHealth`, `DescribeListeners`, `DescribeLoadBalancers`,
 * `DescribeRules`, `DescribeTags`, `ModifyListener` or `ModifyRule`; `autoscaling:DescribeAutoScalingGroups`,
 * `DescribeInstanceRefreshes`, `StartInstanceRefresh`, `CancelInstanceRefresh`, `RollbackInstanceRefresh`, `SetDesiredCapacity`,
 * `DescribeScalingActivities`; `cloudwatch:DescribeAlarms` with `alarmNames`; `ec2:DescribeLaunchTemplateVersions`, and
 * `ec2:GetConsoleOutput` to show why a server failed (not required). `elasticloadbalancing:DescribeTargetGroups` and
 * `ec2:DescribeLaunchTemplates` find what an interrupted update has left behind (not required).
 *
 * @example
 * ```ts
 * import * as aws from "@pulumi/aws";
 * import * as pulumi from "@pulumi/pulumi";
 * import { BlueGreenPair, type Environment } from "hitless";
 *
 * const config = new pulumi.Config();
 * const vpc = aws.ec2.getVpcOutput({ default: true });
 * const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
 * const front = new aws.ec2.SecurityGroup("front", {
 *   vpcId: vpc.id,
 *   ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
 *   egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
 * });
 * const balancer = new aws.lb.LoadBalancer("shop", { subnets: subnets.ids, securityGroups: [front.id] });
 *
 * const shop = new BlueGreenPair("shop", {
 *   live: config.require<Environment>("live"),
 *   blue: { version: "v1", imageId: "ami-0123456789abcdef0", instanceType: "t3.micro" },
 *   green: { version: "v2", imageId: "ami-0fedcba9876543210", instanceType: "t3.micro" },
 *   fleet: { vpcId: vpc.id, subnetIds: subnets.ids, desiredCapacity: 4, loadBalancerSecurityGroupIds: [front.id] },
 *   entrance: { loadBalancerArn: balancer.arn, hostName: balancer.dnsName },
 *   healthCheck: { path: "/health" },
 *   verify: [{ path: "/", bodyContains: "Welcome", inARow: 5 }],
 * });
 * export const status = shop.status;
 * ```
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html
 */
export class BlueGreenPair extends pulumi.ComponentResource {
  /** Where users reach the pair; undefined when the program did not tell by which name. */
  readonly url: pulumi.Output<string | undefined>;
  /** The environment that users get. */
  readonly live: pulumi.Output<Environment>;
  /** The release that users get. */
  readonly version: pulumi.Output<string>;
  /** What pipelines read. */
  readonly status: pulumi.Output<BlueGreenPairStatus>;
  /** The resources that it is made of, to build on. */
  readonly nodes: BlueGreenPairNodes;
  readonly #functions: VerifyFunction[] = [];
  readonly #subject: string;

  constructor(name: string, args: BlueGreenPairArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = checkBlueGreenPair(name, args);
    super("hitless:index:BlueGreenPair", name, {}, opts);

    this.#subject = `BlueGreenPair "${name}"`;
    const parts = createPairNodes(this, name, plan, this.#functions);
    const { entrance } = parts;
    this.nodes = parts.nodes;
    this.url = entrance.url;
    // From the entrance: an environment is live when it has the users, not when the program names it.
    this.live = entrance.resource.id.apply(() => plan.live);
    this.version = entrance.resource.id.apply(() => plan.releases[plan.live].version);
    this.status = statusOf(plan, parts);
    this.registerOutputs({ url: this.url, live: this.live, version: this.version, status: this.status });
  }

  /**
   * Adds a check of the program's own to the gate of a switch: it runs after those of `verify`, and refuses by throwing. Call it right
   * after the component is made. It runs in `pulumi up` only, and only when an environment is about to get users.
   * @example
   * ```ts
   * shop.verifyWith(async ({ url, headers, version, signal }) => {
   *   const answer = await fetch(`${url}/version`, { headers, signal });
   *   if ((await answer.text()) !== version) throw new Error("another version answers");
   * });
   * ```
   */
  verifyWith(check: VerifyFunction): void {
    if (typeof check !== "function") {
      const problem = `verifyWith was given ${typeof check}, expected a function.`;
      throw refusal(this.#subject, {
        code: "HIT175",
        problem,
        fix: "hand it a function that throws to refuse a switch",
      });
    }
    this.#functions.push(check);
  }
}

function statusOf(
  plan: BlueGreenPairPlan,
  { targets, fleets, entrance }: PairParts,
): pulumi.Output<BlueGreenPairStatus> {
  const { live, releases, platform } = plan;
  return pulumi
    .all([
      entrance.url,
      both(targets.blue.id, targets.green.id),
      both(fleets.blue.name, fleets.green.name),
      entrance.resource.id,
    ])
    .apply(([url, targetGroupArns, names]) => ({
      strategy: "BlueGreenPair" as const,
      live,
      versions: { blue: releases.blue.version, green: releases.green.version },
      weights: { blue: live === "blue" ? 100 : 0, green: live === "green" ? 100 : 0 },
      ...(url !== undefined ? { url } : {}),
      preview: addresses(plan, url),
      targetGroupArns,
      [platform.fleetNames]: names,
    }));
}

function both<T>(blue: pulumi.Output<T>, green: pulumi.Output<T>): pulumi.Output<ByEnvironment<T>> {
  return pulumi.all([blue, green]).apply(([first, second]) => ({ blue: first as T, green: second as T }));
}

function addresses(
  { preview: { blue, green }, entrance, front }: BlueGreenPairPlan,
  url: string | undefined,
): ByEnvironment<PreviewAddress> {
  return { blue: front.previewAddress(blue, entrance, url), green: front.previewAddress(green, entrance, url) };
}
