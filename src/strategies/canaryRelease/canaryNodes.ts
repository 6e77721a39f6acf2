import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import {
  createEc2Fleet,
  createFleetScaling,
  createServerSecurity,
  type Ec2Fleet,
  type ServerSecurity,
} from "../../fleet/ec2/ec2Fleet.js";
import { providerSettings } from "../../gates/aws/providerSettings.js";
import { settled } from "../../inputs/plain.js";
import { roleTags } from "../../plan/canaryRoles.js";
import { forwardWeights } from "../../plan/weights.js";
import { createAudienceRule } from "../../traffic/audience.js";
import { createEntrance, type Entrance } from "../../traffic/entrance.js";
import { createTargetGroup } from "../../traffic/targetGroup.js";
import { componentTag } from "../shared/componentTag.js";
import { canaryAudienceHooks } from "./audienceHooks.js";
import type { CanaryReleasePlan } from "./checkCanaryRelease.js";
import { canaryEntranceHooks } from "./entranceHooks.js";
import { canaryGroupHooks } from "./groupHooks.js";
import { type CanaryWish, Turns } from "./shift.js";
import { rolesIn, type VersionPlan } from "./versions.js";

/** The resources of one version. */
export interface VersionNodes {
  readonly version: string;
  readonly targetGroup: lb.TargetGroup;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly group: autoscaling.Group;
  /** With an audience. */
  readonly audienceRule?: lb.ListenerRule;
  /** With `fleet.scaling`, but for the previous version: nobody uses it, so an autoscaler would only take its servers away. */
  readonly scalingPolicy?: autoscaling.Policy;
}

/** The resources that a `CanaryRelease` is made of. */
export interface CanaryReleaseNodes {
  /** The stable version first, then the canary, the others and the previous one. */
  readonly versions: readonly VersionNodes[];
  /** The release's own listener, with `entrance.loadBalancerArn`. */
  readonly listener?: lb.Listener;
  /** The release's own rule, with `entrance.listenerArn`. */
  readonly listenerRule?: lb.ListenerRule;
  /** With `fleet.loadBalancerSecurityGroupIds`. */
  readonly securityGroup?: ec2.SecurityGroup;
}

export interface CanaryParts {
  readonly nodes: CanaryReleaseNodes;
  readonly entrance: Entrance;
}

/**
 * Target groups → fleets, the stable one first → entrance → audiences. A fleet that shrinks hands users to the stable one, which
 * therefore has to have its size before; the entrance's hook attaches the target groups and moves the weights; audiences lead
 * to fleets that the entrance has attached.
 */
export function createCanaryNodes(
  component: pulumi.ComponentResource,
  name: string,
  plan: CanaryReleasePlan,
): CanaryParts {
  const parent = { parent: component };
  const { fleet, healthCheck, drainSeconds } = plan;
  const targetGroups = plan.versions.map((version) =>
    createTargetGroup(version.name, { vpcId: fleet.vpcId, port: fleet.port, healthCheck, drainSeconds }, parent),
  );
  const wish = wishOf(component, name, plan, targetGroups);
  const security = createServerSecurity(name, fleet, parent);
  const fleets: Ec2Fleet[] = [];
  for (const [index, version] of plan.versions.entries()) {
    const stable = fleets[0]?.group;
    const place = { wish, targetGroup: targetGroups[index] as lb.TargetGroup, security, stable };
    fleets.push(createVersionFleet(component, version, place));
  }
  const entrance = createWeights(component, name, wish, targetGroups, fleets);
  const versions = plan.versions.map((version, index) =>
    createAround(component, name, {
      wish,
      version,
      entrance,
      targetGroup: targetGroups[index],
      fleet: fleets[index],
    } as Around),
  );
  return {
    entrance,
    nodes: {
      versions,
      ...(entrance.listener ? { listener: entrance.listener } : {}),
      ...(entrance.rule ? { listenerRule: entrance.rule } : {}),
      ...(security.securityGroup ? { securityGroup: security.securityGroup } : {}),
    },
  };
}

function wishOf(
  component: pulumi.ComponentResource,
  name: string,
  plan: CanaryReleasePlan,
  targetGroups: readonly lb.TargetGroup[],
): CanaryWish {
  const { entrance } = plan;
  return {
    subject: `CanaryRelease "${name}"`,
    component: componentTag(name),
    plan,
    numbers: settled(plan.numbers),
    provider: providerSettings(component.getProvider("aws:index:Provider")),
    targetGroupArns: settled(pulumi.all(targetGroups.map((group) => group.arn))),
    front: settled(
      pulumi.output(
        entrance.kind === "rule"
          ? { arn: entrance.listenerArn, priority: entrance.priority }
          : { arn: entrance.loadBalancerArn },
      ),
    ),
    turns: new Turns(),
  };
}

interface FleetPlace {
  readonly wish: CanaryWish;
  readonly targetGroup: lb.TargetGroup;
  readonly security: ServerSecurity;
  /** The stable version's group, for all others. */
  readonly stable: autoscaling.Group | undefined;
}

function createVersionFleet(
  component: pulumi.ComponentResource,
  version: VersionPlan,
  { wish, targetGroup, security, stable }: FleetPlace,
): Ec2Fleet {
  const { fleet, startupSeconds, warmupSeconds } = wish.plan;
  return createEc2Fleet(
    version.name,
    {
      release: version.release,
      fleet,
      security,
      targetGroupArn: targetGroup.arn,
      startupSeconds,
      warmupSeconds,
      awaits: "gate",
      sizes: { ...version.sizes, autoscaled: fleet.scaling !== undefined },
      component: wish.component,
    },
    { parent: component },
    { dependsOn: stable ? [stable] : [], hooks: canaryGroupHooks(component, wish, version) },
  );
}

function createWeights(
  component: pulumi.ComponentResource,
  name: string,
  wish: CanaryWish,
  targetGroups: readonly lb.TargetGroup[],
  fleets: readonly Ec2Fleet[],
): Entrance {
  const { plan } = wish;
  const weights = forwardWeights(plan.versions.map(({ percent }) => percent));
  return createEntrance(
    name,
    plan.entrance,
    targetGroups.map((group, index) => ({ targetGroupArn: group.arn, weight: weights[index] as number })),
    { parent: component, dependsOn: fleets.map(({ group }) => group), hooks: canaryEntranceHooks(component, wish) },
    {
      ...(plan.stickinessSeconds !== undefined ? { stickinessSeconds: plan.stickinessSeconds } : {}),
      tags: roleTags(rolesIn(plan.versions)),
    },
  );
}

interface Around {
  readonly wish: CanaryWish;
  readonly version: VersionPlan;
  readonly entrance: Entrance;
  readonly targetGroup: lb.TargetGroup;
  readonly fleet: Ec2Fleet;
}

/** What stands around a version once the entrance leads to it. */
function createAround(
  component: pulumi.ComponentResource,
  name: string,
  { wish, version, entrance, targetGroup, fleet }: Around,
): VersionNodes {
  const { plan } = wish;
  const { launchTemplate, group } = fleet;
  const targetGroupArn = targetGroup.arn;
  // The route belongs to the role: with a rule for each version, a new one would find the priority taken.
  const audienceRule =
    version.audience &&
    createAudienceRule(
      `${name}-${version.path.replace(/[[\]]+/g, "-").replace(/-$/, "")}-audience`,
      { audience: version.audience, plan: plan.entrance, entrance, targetGroupArn },
      {
        parent: component,
        dependsOn: [entrance.resource, group],
        hooks: canaryAudienceHooks(component, wish, version),
      },
    );
  const scalingPolicy =
    version.role === "previous"
      ? undefined
      : createFleetScaling(
          version.name,
          { fleet: plan.fleet, group, targetGroupArn, loadBalancerSuffix: entrance.loadBalancerSuffix },
          { parent: component, dependsOn: [entrance.resource] },
        );
  return {
    version: version.release.version,
    targetGroup,
    launchTemplate,
    group,
    ...(audienceRule ? { audienceRule } : {}),
    ...(scalingPolicy ? { scalingPolicy } : {}),
  };
}
