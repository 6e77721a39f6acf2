import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { BuiltFleet, FleetOutputs } from "../../fleet/platform.js";
import { settled } from "../../inputs/plain.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import type { Target } from "../../traffic/front.js";
import { componentTag } from "../shared/componentTag.js";
import { onlyThere, strictNodes } from "../shared/nodes.js";
import { linksOf } from "../shared/parts.js";
import { checkRollingFleet, type RollingFleetPlan } from "./checkRollingFleet.js";
import { entranceHooks } from "./entranceHook.js";
import type { RollingFleetArgs } from "./rollingFleetArgs.js";
import { fleetHooks } from "./rolloutHook.js";

/** The resources that a `RollingFleet` is made of, on EC2; `kubernetesNodes` of `hitless/kubernetes` gives those on Kubernetes. */
export interface RollingFleetNodes {
  readonly targetGroup: lb.TargetGroup;
  /** The fleet's own listener, with `entrance.loadBalancerArn`. */
  readonly listener?: lb.Listener;
  /** The fleet's own rule, with `entrance.listenerArn`. */
  readonly listenerRule?: lb.ListenerRule;
  /** With `fleet.loadBalancerSecurityGroupIds`. */
  readonly securityGroup?: ec2.SecurityGroup;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly group: autoscaling.Group;
  /** With `fleet.scaling`. */
  readonly scalingPolicy?: autoscaling.Policy;
}

/** Where a `RollingFleet` stands, for pipelines to read. */
export interface RollingFleetStatus {
  readonly strategy: "RollingFleet";
  /** The release that every server runs. */
  readonly version: string;
  readonly url?: string;
  /** The target group, or `NAMESPACE/NAME` of the Service behind a Gateway. */
  readonly targetGroupArn: string;
  /** On EC2. */
  readonly autoScalingGroupName?: string;
  readonly launchTemplateId?: string;
  readonly launchTemplateVersion?: string;
  /** On Kubernetes. */
  readonly namespace?: string;
  readonly deploymentName?: string;
}

/**
 * One fleet of servers behind a load balancer, replaced batch by batch without losing a request.
 *
 * A change of the release shows in `preview` as an update in place of the launch template and the group. `up` starts an instance
 * refresh of EC2 Auto Scaling, waits until every server has been replaced, and shows how it goes. When the new servers fail, AWS rolls
 * back, `up` fails with the reason, and Pulumi's state keeps the release that serves: the next `up` tries again, and
 * going back in the program replaces nothing.
 *
 * Its gates use the AWS provider that the component was given and need, on top of what the resources need:
 * `autoscaling:DescribeInstanceRefreshes`, `StartInstanceRefresh`, `CancelInstanceRefresh`, `RollbackInstanceRefresh`,
 * `DescribeScalingActivities`, `elasticloadbalancing:DescribeTargetHealth`, `ec2:DescribeLaunchTemplateVersions`, and, not required,
 * `ec2:GetConsoleOutput` to show why a server failed; `autoscaling:DescribeAutoScalingGroups`, `ec2:DescribeLaunchTemplates`,
 * `elasticloadbalancing:DescribeTargetGroups` and `DescribeTags` find what an interrupted update has left behind.
 *
 * @example
 * ```ts
 * import * as aws from "@pulumi/aws";
 * import { RollingFleet } from "hitless";
 *
 * const vpc = aws.ec2.getVpcOutput({ default: true });
 * const subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
 * const front = new aws.ec2.SecurityGroup("front", {
 *   vpcId: vpc.id,
 *   ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }],
 *   egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
 * });
 * const balancer = new aws.lb.LoadBalancer("web", { subnets: subnets.ids, securityGroups: [front.id] });
 *
 * const web = new RollingFleet("web", {
 *   release: { version: "v2", imageId: "ami-0123456789abcdef0", instanceType: "t3.micro" },
 *   fleet: { vpcId: vpc.id, subnetIds: subnets.ids, desiredCapacity: 6, loadBalancerSecurityGroupIds: [front.id] },
 *   entrance: { loadBalancerArn: balancer.arn, hostName: balancer.dnsName },
 *   healthCheck: { path: "/health" },
 *   batchSize: 2,
 * });
 * export const url = web.url;
 * ```
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 */
export class RollingFleet extends pulumi.ComponentResource {
  /** Where users reach the fleet; undefined when the program did not tell by which name. */
  readonly url: pulumi.Output<string | undefined>;
  /** The release that every server runs. */
  readonly version: pulumi.Output<string>;
  /** The target group, or `NAMESPACE/NAME` of the Service behind a Gateway. */
  readonly targetGroupArn: pulumi.Output<string>;
  /** The resources that it is made of, to build on. */
  readonly nodes: RollingFleetNodes;
  readonly #subject: string;
  readonly #outputs: FleetOutputs;
  readonly #status: StatusParts;
  #statusOutput: pulumi.Output<RollingFleetStatus> | undefined;

  constructor(name: string, args: RollingFleetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = checkRollingFleet(name, args);
    super("hitless:index:RollingFleet", name, {}, opts);

    this.#subject = `RollingFleet "${name}"`;
    const { nodes, url, target, fleet } = createNodes(this, name, plan);
    const outputs = fleet.outputs();
    this.nodes = nodes;
    this.url = url;
    this.targetGroupArn = target.id;
    this.#outputs = outputs;
    // From the workload: a release counts when it runs, not when the program names it.
    this.version = fleet.workload.id.apply(() => plan.release.version);
    const { launchTemplateVersion, ...named } = outputs;
    this.#status = {
      strategy: "RollingFleet",
      version: this.version,
      url,
      targetGroupArn: target.id,
      ...outputs,
    };
    this.registerOutputs({
      url: this.url,
      version: this.version,
      targetGroupArn: this.targetGroupArn,
      ...named,
      status: this.#status,
    });
  }

  /** On EC2. */
  get autoScalingGroupName(): pulumi.Output<string> {
    return onlyThere(this.#subject, "autoScalingGroupName", this.#outputs.autoScalingGroupName);
  }

  /** On EC2. */
  get launchTemplateId(): pulumi.Output<string> {
    return onlyThere(this.#subject, "launchTemplateId", this.#outputs.launchTemplateId);
  }

  /** What pipelines read. */
  get status(): pulumi.Output<RollingFleetStatus> {
    // Made when asked for: few programs ask, and an Output of many Outputs is the dearest there is.
    this.#statusOutput ??= pulumi.output(this.#status) as unknown as pulumi.Output<RollingFleetStatus>;
    return this.#statusOutput;
  }
}

interface RollingParts {
  readonly nodes: RollingFleetNodes;
  readonly url: pulumi.Output<string | undefined>;
  readonly target: Target;
  readonly fleet: BuiltFleet;
}

/** Target → entrance → servers: a target that stands in no entrance is not checked, so its servers would never get healthy. */
function createNodes(resource: RollingFleet, name: string, plan: RollingFleetPlan): RollingParts {
  const subject = `RollingFleet "${name}"`;
  const component = componentTag(name);
  const reach = linksOf(resource, plan, component);
  const { platform, front, release, fleet, healthCheck, drainSeconds, startupSeconds, warmupSeconds } = plan;
  const parent = { parent: resource };

  const target = front.createTarget(name, { place: fleet.place, healthCheck, drainSeconds, component }, parent);
  const entrance = front.createEntrance(
    name,
    plan.entrance,
    [{ targetGroupArn: target.id, weight: 100 }],
    { ...parent, hooks: entranceHooks(resource, subject, front, reach) },
    { component },
  );

  const shared = platform.share(name, fleet, parent);
  const built = platform.createFleet(
    name,
    {
      release,
      fleet,
      shared,
      target,
      healthCheck,
      drainSeconds,
      startupSeconds,
      warmupSeconds,
      creationTimeoutSeconds: whenKnown(plan.rollout, (numbers) => numbers.replacementTimeoutSeconds),
      awaits: "provider",
      sizes: fleet,
      component,
    },
    parent,
    {
      dependsOn: [entrance.resource],
      hooks: fleetHooks(resource, { subject, component, plan, reach, numbers: settled(plan.rollout) }),
    },
  );
  const scaling = built.scaling({ entrance }, name, parent);

  const nodes = { ...target.nodes, ...built.nodes, ...entrance.nodes, ...shared.nodes, ...scaling };
  return {
    nodes: strictNodes<RollingFleetNodes>(subject, nodes, ["targetGroup", "launchTemplate", "group"]),
    url: entrance.url,
    target,
    fleet: built,
  };
}

type StatusParts = {
  readonly [K in keyof RollingFleetStatus]: pulumi.Input<RollingFleetStatus[K] | undefined>;
};
