import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../errors/faults.js";
import { createEc2Fleet, createFleetScaling, createServerSecurity, type Ec2Fleet } from "../../fleet/ec2/ec2Fleet.js";
import type { GroupSizes } from "../../fleet/ec2/group.js";
import { providerSettings } from "../../gates/aws/providerSettings.js";
import type { VerifyFunction } from "../../gates/verify/verifyArgs.js";
import { settled } from "../../inputs/plain.js";
import { createEntrance, type Entrance } from "../../traffic/entrance.js";
import { createPreviewRoute } from "../../traffic/previewRoute.js";
import { claimPriorities } from "../../traffic/rulePriorities.js";
import { createTargetGroup } from "../../traffic/targetGroup.js";
import { componentTag } from "../shared/componentTag.js";
import { Environment } from "./blueGreenPairArgs.js";
import type { BlueGreenPairPlan } from "./checkBlueGreenPair.js";
import { pairEntranceHooks } from "./entranceHooks.js";
import { pairGroupHooks } from "./groupHooks.js";
import { environmentsInEntrance, type PairWish } from "./pairWish.js";
import { SERVED_TAG } from "./switch.js";

/** The resources of one environment. */
export interface EnvironmentNodes {
  readonly targetGroup: lb.TargetGroup;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly group: autoscaling.Group;
  /** With a header or a cookie, or `preview.sourceCidrs`. */
  readonly previewRule?: lb.ListenerRule;
  /** With `preview.ports`. */
  readonly previewListener?: lb.Listener;
}

/** The resources that a `BlueGreenPair` is made of. */
export interface BlueGreenPairNodes {
  readonly blue: EnvironmentNodes;
  readonly green: EnvironmentNodes;
  /** The pair's own listener, with `entrance.loadBalancerArn`. */
  readonly listener?: lb.Listener;
  /** The pair's own rule, with `entrance.listenerArn`. */
  readonly listenerRule?: lb.ListenerRule;
  /** With `fleet.loadBalancerSecurityGroupIds`. */
  readonly securityGroup?: ec2.SecurityGroup;
  /** The live environment's, with `fleet.scaling`. */
  readonly scalingPolicy?: autoscaling.Policy;
}

export interface PairParts {
  readonly nodes: BlueGreenPairNodes;
  readonly entrance: Entrance;
}

/**
 * Both target groups → the live fleet → the entrance → the idle fleet and the preview routes. So a switch has the capacity first, and
 * what loses its users goes last. Which fleet is which follows from `live`: Pulumi accepts that dependencies differ from one
 * update to the next.
 */
export function createPairNodes(
  component: pulumi.ComponentResource,
  name: string,
  plan: BlueGreenPairPlan,
  functions: readonly VerifyFunction[],
): PairParts {
  const parent = { parent: component };
  const { fleet, healthCheck, drainSeconds, live, idle } = plan;
  const [blue, green] = [Environment.Blue, Environment.Green].map((environment) =>
    createTargetGroup(
      `${name}-${environment}`,
      { vpcId: fleet.vpcId, port: fleet.port, healthCheck, drainSeconds },
      parent,
    ),
  ) as [lb.TargetGroup, lb.TargetGroup];
  const targetGroups = { blue, green };
  const wish = wishOf(component, name, plan, { targetGroups, functions });
  const security = createServerSecurity(name, fleet, parent);
  const fleetOf = (environment: Environment, dependsOn: pulumi.Resource[]): Ec2Fleet =>
    createEc2Fleet(
      `${name}-${environment}`,
      {
        release: plan.releases[environment],
        fleet,
        security,
        targetGroupArn: targetGroups[environment].arn,
        startupSeconds: plan.startupSeconds,
        warmupSeconds: plan.warmupSeconds,
        awaits: "gate",
        sizes: sizesOf(plan, environment),
        component: wish.component,
      },
      parent,
      { dependsOn, hooks: pairGroupHooks(component, wish, environment) },
    );

  const liveFleet = fleetOf(live, []);
  const entrance = createPairEntrance(component, name, wish, targetGroups, liveFleet);
  const idleFleet = fleetOf(idle, [entrance.resource]);
  const scalingPolicy = createFleetScaling(
    `${name}-${live}`,
    {
      fleet,
      group: liveFleet.group,
      targetGroupArn: targetGroups[live].arn,
      loadBalancerSuffix: entrance.loadBalancerSuffix,
    },
    { ...parent, dependsOn: [entrance.resource] },
  );
  const environmentNodes = (environment: Environment): EnvironmentNodes => ({
    targetGroup: targetGroups[environment],
    ...(environment === live ? liveFleet : idleFleet),
    ...createPreview(component, name, wish, environment, { entrance, targetGroup: targetGroups[environment] }),
  });
  return {
    entrance,
    nodes: {
      blue: environmentNodes(Environment.Blue),
      green: environmentNodes(Environment.Green),
      ...(entrance.listener ? { listener: entrance.listener } : {}),
      ...(entrance.rule ? { listenerRule: entrance.rule } : {}),
      ...(security.securityGroup ? { securityGroup: security.securityGroup } : {}),
      ...(scalingPolicy ? { scalingPolicy } : {}),
    },
  };
}

function wishOf(
  component: pulumi.ComponentResource,
  name: string,
  plan: BlueGreenPairPlan,
  parts: { targetGroups: Readonly<Record<Environment, lb.TargetGroup>>; functions: readonly VerifyFunction[] },
): PairWish {
  const { entrance } = plan;
  const { blue, green } = parts.targetGroups;
  return {
    subject: `BlueGreenPair "${name}"`,
    component: componentTag(name),
    plan,
    numbers: settled(plan.numbers),
    provider: providerSettings(component.getProvider("aws:index:Provider")),
    targetGroupArns: settled(
      pulumi.all([blue.arn, green.arn]).apply(([first, second]) => ({ blue: first, green: second })),
    ),
    frontArn: settled(pulumi.output(entrance.kind === "rule" ? entrance.listenerArn : entrance.loadBalancerArn)),
    functions: parts.functions,
  };
}

/** A cold idle environment has no servers; only the live one is left to an autoscaler. */
function sizesOf({ fleet, cold, live }: BlueGreenPairPlan, environment: Environment): GroupSizes {
  const { minSize, desiredCapacity, maxSize, scaling } = fleet;
  if (cold && environment !== live) return { minSize: 0, desiredCapacity: 0, maxSize: 0, autoscaled: false };
  // One that wakes must not keep the 0 that it had when it was cold, and one that an autoscaler sizes not be set back: nobody says.
  if (cold && scaling) return { minSize, maxSize, autoscaled: false };
  // Without its policy a warm idle environment stays as large as it was when it was live.
  return { minSize, desiredCapacity, maxSize, autoscaled: scaling !== undefined };
}

function createPairEntrance(
  component: pulumi.ComponentResource,
  name: string,
  wish: PairWish,
  targetGroups: Readonly<Record<Environment, lb.TargetGroup>>,
  { group }: Ec2Fleet,
): Entrance {
  const { plan } = wish;
  const { live, releases, stickinessSeconds } = plan;
  const targets = environmentsInEntrance(plan).map((environment) => ({
    targetGroupArn: targetGroups[environment].arn,
    weight: environment === live ? 100 : 0,
  }));
  return createEntrance(
    name,
    plan.entrance,
    targets,
    { parent: component, dependsOn: [group], hooks: pairEntranceHooks(component, wish) },
    {
      ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
      // In words what a switch changes. Nothing about the idle side: a release there must not touch the entrance.
      tags: { "hitless:live": live, "hitless:version": releases[live].version },
    },
  );
}

/** The preview route of an environment. It remembers which version had users there: what is left of that when it is idle is kept. */
function createPreview(
  component: pulumi.ComponentResource,
  name: string,
  { plan, subject }: PairWish,
  environment: Environment,
  { entrance, targetGroup }: { entrance: Entrance; targetGroup: lb.TargetGroup },
): Pick<EnvironmentNodes, "previewRule" | "previewListener"> {
  const route = plan.preview[environment];
  if (route.kind !== "port" && entrance.listener) {
    const faults = new Faults(subject);
    const claim = { listenerArn: entrance.listener.arn, priority: route.priority, argument: "preview.priority" };
    claimPriorities(faults, [claim]);
    faults.throwIfAny();
  }
  const isLive = environment === plan.live;
  const { rule, listener } = createPreviewRoute(
    `${name}-preview-${environment}`,
    {
      route,
      plan: plan.entrance,
      entrance,
      targetGroupArn: targetGroup.arn,
      ...(isLive ? { tags: { [SERVED_TAG]: plan.releases[environment].version } } : {}),
    },
    {
      parent: component,
      dependsOn: [entrance.resource],
      ...(isLive ? {} : { ignoreChanges: [`tags["${SERVED_TAG}"]`] }),
    },
  );
  return { ...(rule ? { previewRule: rule } : {}), ...(listener ? { previewListener: listener } : {}) };
}
