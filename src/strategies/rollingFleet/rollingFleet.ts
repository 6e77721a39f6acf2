import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { createEc2Fleet, createFleetScaling, createServerSecurity } from "../../fleet/ec2/ec2Fleet.js";
import { providerSettings } from "../../gates/aws/providerSettings.js";
import { settled } from "../../inputs/plain.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import { createEntrance } from "../../traffic/entrance.js";
import { createTargetGroup } from "../../traffic/targetGroup.js";
import { checkRollingFleet, type RollingFleetPlan } from "./checkRollingFleet.js";
import { entranceHooks } from "./entranceHook.js";
import type { RollingFleetArgs } from "./rollingFleetArgs.js";
import { fleetHooks } from "./rolloutHook.js";

/** The resources that a `RollingFleet` is made of. */
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
  readonly targetGroupArn: string;
  readonly autoScalingGroupName: string;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
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
 * `DescribeScalingActivities`, `elasticloadbalancing:DescribeTargetHealth`, `ec2:DescribeLaunchTemplateVersions`, and
 * `ec2:GetConsoleOutput` to show why a server failed (not required).
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
  readonly targetGroupArn: pulumi.Output<string>;
  readonly autoScalingGroupName: pulumi.Output<string>;
  readonly launchTemplateId: pulumi.Output<string>;
  /** The resources that it is made of, to build on. */
  readonly nodes: RollingFleetNodes;
  readonly #status: StatusParts;
  #statusOutput: pulumi.Output<RollingFleetStatus> | undefined;

  constructor(name: string, args: RollingFleetArgs, opts: pulumi.ComponentResourceOptions = {}) {
    const plan = checkRollingFleet(name, args);
    super("hitless:index:RollingFleet", name, {}, opts);

    const { nodes, url } = createNodes(this, name, plan);
    const { targetGroup, group, launchTemplate } = nodes;
    this.nodes = nodes;
    this.url = url;
    this.targetGroupArn = targetGroup.arn;
    this.autoScalingGroupName = group.name;
    this.launchTemplateId = launchTemplate.id;
    // From the group: a release counts when the group runs it, not when the program names it.
    this.version = group.id.apply(() => plan.release.version);
    this.#status = {
      strategy: "RollingFleet",
      version: this.version,
      url,
      targetGroupArn: targetGroup.arn,
      autoScalingGroupName: group.name,
      launchTemplateId: launchTemplate.id,
      launchTemplateVersion: group.launchTemplate.apply((template) => template?.version ?? ""),
    };
    this.registerOutputs({
      url: this.url,
      version: this.version,
      targetGroupArn: this.targetGroupArn,
      autoScalingGroupName: this.autoScalingGroupName,
      launchTemplateId: this.launchTemplateId,
      status: this.#status,
    });
  }

  /** What pipelines read. */
  get status(): pulumi.Output<RollingFleetStatus> {
    // Made when asked for: few programs ask, and an Output of many Outputs is the dearest there is.
    this.#statusOutput ??= pulumi.output(this.#status) as unknown as pulumi.Output<RollingFleetStatus>;
    return this.#statusOutput;
  }
}

/** Target group → entrance → servers: an unattached target group checks nobody, so its servers would never get healthy. */
function createNodes(
  component: RollingFleet,
  name: string,
  plan: RollingFleetPlan,
): { nodes: RollingFleetNodes; url: pulumi.Output<string | undefined> } {
  const subject = `RollingFleet "${name}"`;
  const provider = providerSettings(component.getProvider("aws:index:Provider"));
  const { release, fleet, healthCheck, drainSeconds, startupSeconds, warmupSeconds } = plan;
  const parent = { parent: component };

  const targetGroup = createTargetGroup(
    name,
    { vpcId: fleet.vpcId, port: fleet.port, healthCheck, drainSeconds },
    parent,
  );
  const entrance = createEntrance(name, plan.entrance, [{ targetGroupArn: targetGroup.arn, weight: 100 }], {
    ...parent,
    hooks: entranceHooks(component, subject, provider),
  });

  const security = createServerSecurity(name, fleet, parent);
  const { launchTemplate, group } = createEc2Fleet(
    name,
    {
      release,
      fleet,
      security,
      targetGroupArn: targetGroup.arn,
      startupSeconds,
      warmupSeconds,
      creationTimeoutSeconds: whenKnown(plan.rollout, (numbers) => numbers.replacementTimeoutSeconds),
    },
    parent,
    {
      dependsOn: [entrance.resource],
      hooks: fleetHooks(component, { subject, plan, provider, numbers: settled(plan.rollout) }),
    },
  );
  const { loadBalancerSuffix } = entrance;
  const scalingPolicy = createFleetScaling(
    name,
    { fleet, group, targetGroupArn: targetGroup.arn, loadBalancerSuffix },
    parent,
  );

  const nodes: RollingFleetNodes = {
    targetGroup,
    launchTemplate,
    group,
    ...(entrance.listener ? { listener: entrance.listener } : {}),
    ...(entrance.rule ? { listenerRule: entrance.rule } : {}),
    ...(security.securityGroup ? { securityGroup: security.securityGroup } : {}),
    ...(scalingPolicy ? { scalingPolicy } : {}),
  };
  return { nodes, url: entrance.url };
}

type StatusParts = { readonly [K in keyof Required<RollingFleetStatus>]: pulumi.Input<RollingFleetStatus[K]> };
