import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import * as pulumi from "@pulumi/pulumi";
import type { Ec2Plan } from "./checkFleet.js";
import { createGroup, type GroupWish } from "./group.js";
import { createLaunchTemplate } from "./launchTemplate.js";
import { createScalingPolicy } from "./scalingPolicy.js";
import { createSecurityGroup } from "./securityGroup.js";

/** Who may reach the servers; one for all fleets of a component, as they stand in one network and listen on one port. */
export interface ServerSecurity {
  /** With `fleet.loadBalancerSecurityGroupIds`. */
  readonly securityGroup?: ec2.SecurityGroup;
  /** For the launch template; none when its network interfaces have their own. */
  readonly securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Makes the closed security group when the program has told which load balancer may come in, and adds the program's own ones. */
export function createServerSecurity(name: string, fleet: Ec2Plan, opts: pulumi.CustomResourceOptions): ServerSecurity {
  const { vpcId, port, securityGroupIds: given, loadBalancerSecurityGroupIds: from } = fleet;
  if (from === undefined) return given === undefined ? {} : { securityGroupIds: given };
  const securityGroup = createSecurityGroup(name, { vpcId, port, from }, opts);
  if (given === undefined) return { securityGroup, securityGroupIds: [securityGroup.id] };
  const both = pulumi.all([pulumi.output(given), securityGroup.id]).apply(([ids, own]) => [...ids, own]);
  return { securityGroup, securityGroupIds: both };
}

/** A fleet of servers on EC2: what it starts and how many. */
export interface Ec2Fleet {
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly group: autoscaling.Group;
}

export interface Ec2FleetWish extends Omit<GroupWish, "template"> {
  readonly security: ServerSecurity;
}

/** What concerns the group alone: what must stand before it, and the hooks that guard it. */
export type GroupOpts = Pick<pulumi.CustomResourceOptions, "dependsOn" | "hooks" | "ignoreChanges">;

/** Creates a fleet's launch template and its Auto Scaling group. */
export function createEc2Fleet(
  name: string,
  wish: Ec2FleetWish,
  opts: pulumi.CustomResourceOptions,
  groupOpts: GroupOpts = {},
): Ec2Fleet {
  const { security, ...group } = wish;
  const { release, fleet, component } = wish;
  const { securityGroupIds } = security;
  const launchTemplate = createLaunchTemplate(name, { release, fleet, securityGroupIds, component }, opts);
  return {
    launchTemplate,
    group: createGroup(name, { ...group, template: launchTemplate }, { ...opts, ...groupOpts }),
  };
}

export interface FleetScalingWish {
  readonly fleet: Ec2Plan;
  readonly group: autoscaling.Group;
  readonly targetGroupArn: pulumi.Input<string>;
  /** `app/NAME/ID` of the load balancer. */
  readonly loadBalancerSuffix: pulumi.Input<string>;
}

/**
 * Creates the fleet's scaling policy, with `fleet.scaling`. For requests per server AWS wants the load balancer to route to the target
 * group already, so where the group comes before the entrance, let this depend on the entrance.
 */
export function createFleetScaling(
  name: string,
  wish: FleetScalingWish,
  opts: pulumi.CustomResourceOptions,
): autoscaling.Policy | undefined {
  const { fleet, group, targetGroupArn, loadBalancerSuffix } = wish;
  const { scaling } = fleet;
  if (!scaling) return undefined;
  return createScalingPolicy(name, { scaling, groupName: group.name, targetGroupArn, loadBalancerSuffix }, opts);
}
