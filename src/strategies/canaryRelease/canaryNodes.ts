import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { BuiltFleet } from "../../fleet/platform.js";
import { settled } from "../../inputs/plain.js";
import { roleTags } from "../../plan/canaryRoles.js";
import { forwardWeights } from "../../plan/weights.js";
import type { Entrance } from "../../traffic/entrance.js";
import type { Target } from "../../traffic/front.js";
import { componentTag } from "../shared/componentTag.js";
import { createIdleRecord } from "../shared/idleRecord.js";
import { strictNodes } from "../shared/nodes.js";
import { linksOf } from "../shared/parts.js";
import { canaryAudienceHooks } from "./audienceHooks.js";
import type { CanaryReleasePlan } from "./checkCanaryRelease.js";
import { canaryEntranceHooks } from "./entranceHooks.js";
import { canaryGroupHooks } from "./groupHooks.js";
import { type CanaryWish, Turns } from "./shift.js";
import { rolesIn, type VersionPlan } from "./versions.js";

/** The resources of one version, on EC2. */
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

/** The resources that a `CanaryRelease` is made of, on EC2; `kubernetesNodes` of `hitless/kubernetes` gives those on Kubernetes. */
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
  /** In the order of the plan's versions. */
  readonly targets: readonly Target[];
  readonly fleets: readonly BuiltFleet[];
}

/**
 * Targets → fleets, the stable one first → entrance → audiences. A fleet that shrinks hands users to the stable one, which
 * therefore has to have its size before; the entrance's hook attaches the targets and moves the weights; audiences lead
 * to fleets that the entrance has attached.
 */
export function createCanaryNodes(
  resource: pulumi.ComponentResource,
  name: string,
  plan: CanaryReleasePlan,
): CanaryParts {
  const parent = { parent: resource };
  const component = componentTag(name);
  const { platform, front, fleet, healthCheck, drainSeconds } = plan;
  const targets = plan.versions.map((version) =>
    front.createTarget(version.name, { place: fleet.place, healthCheck, drainSeconds, component }, parent),
  );
  const wish = wishOf(resource, name, plan, { component, targets });
  const shared = platform.share(name, fleet, parent);
  const fleets: BuiltFleet[] = [];
  for (const [index, version] of plan.versions.entries()) {
    const stable = fleets[0]?.workload;
    fleets.push(createVersionFleet(resource, version, { wish, target: targets[index] as Target, shared, stable }));
  }
  const entrance = createWeights(resource, name, wish, targets, fleets);
  const versions = plan.versions.map((version, index) =>
    createAround(resource, name, {
      wish,
      version,
      entrance,
      target: targets[index] as Target,
      fleet: fleets[index] as BuiltFleet,
    }),
  );
  return { entrance, targets, fleets, nodes: { versions, ...entrance.nodes, ...shared.nodes } };
}

function wishOf(
  resource: pulumi.ComponentResource,
  name: string,
  plan: CanaryReleasePlan,
  { component, targets }: { readonly component: string; readonly targets: readonly Target[] },
): CanaryWish {
  return {
    subject: `CanaryRelease "${name}"`,
    component,
    plan,
    numbers: settled(plan.numbers),
    reach: linksOf(resource, plan, component),
    targetGroupArns: settled(pulumi.all(targets.map(({ id }) => id))),
    place: settled(plan.front.place(plan.entrance)),
    turns: new Turns(),
  };
}

interface FleetPlace {
  readonly wish: CanaryWish;
  readonly target: Target;
  readonly shared: object;
  /** The stable version's workload, for all others. */
  readonly stable: pulumi.Resource | undefined;
}

function createVersionFleet(
  resource: pulumi.ComponentResource,
  version: VersionPlan,
  { wish, target, shared, stable }: FleetPlace,
): BuiltFleet {
  const { platform, fleet, healthCheck, drainSeconds, startupSeconds, warmupSeconds } = wish.plan;
  return platform.createFleet(
    version.name,
    {
      release: version.release,
      fleet,
      shared,
      target,
      healthCheck,
      drainSeconds,
      startupSeconds,
      warmupSeconds,
      awaits: "gate",
      sizes: { ...version.sizes, autoscaled: fleet.autoscaled },
      component: wish.component,
    },
    { parent: resource },
    { dependsOn: stable ? [stable] : [], hooks: canaryGroupHooks(resource, wish, version) },
  );
}

function createWeights(
  resource: pulumi.ComponentResource,
  name: string,
  wish: CanaryWish,
  targets: readonly Target[],
  fleets: readonly BuiltFleet[],
): Entrance {
  const { plan } = wish;
  const weights = forwardWeights(plan.versions.map(({ percent }) => percent));
  return plan.front.createEntrance(
    name,
    plan.entrance,
    targets.map(({ id }, index) => ({ targetGroupArn: id, weight: weights[index] as number })),
    { parent: resource, dependsOn: fleets.map(({ workload }) => workload), hooks: canaryEntranceHooks(resource, wish) },
    {
      component: wish.component,
      ...(plan.stickinessSeconds !== undefined ? { stickinessSeconds: plan.stickinessSeconds } : {}),
      tags: roleTags(rolesIn(plan.versions)),
    },
  );
}

interface Around {
  readonly wish: CanaryWish;
  readonly version: VersionPlan;
  readonly entrance: Entrance;
  readonly target: Target;
  readonly fleet: BuiltFleet;
}

/** What stands around a version once the entrance leads to it. */
function createAround(
  resource: pulumi.ComponentResource,
  name: string,
  { wish, version, entrance, target, fleet }: Around,
): VersionNodes {
  const { plan } = wish;
  // The route belongs to the role: with a rule for each version, a new one would find the priority taken.
  const audience = version.audience
    ? plan.front.createAudienceRoute(
        `${name}-${version.path.replace(/[[\]]+/g, "-").replace(/-$/, "")}-audience`,
        { audience: version.audience, plan: plan.entrance, entrance, target, component: wish.component },
        {
          parent: resource,
          dependsOn: [entrance.resource, fleet.workload],
          hooks: canaryAudienceHooks(resource, wish, version),
        },
      )
    : {};
  if (version.role === "previous") {
    createIdleRecord(resource, { fleet: version.name, version: version.release.version }, entrance.resource);
  }
  const scaling =
    version.role === "previous"
      ? {}
      : fleet.scaling({ entrance }, version.name, { parent: resource, dependsOn: [entrance.resource] });
  const made = { version: version.release.version, ...target.nodes, ...fleet.nodes, ...audience, ...scaling };
  return strictNodes<VersionNodes>(wish.subject, made, ["targetGroup", "launchTemplate", "group"]);
}
