import type * as autoscaling from "@pulumi/aws/autoscaling";
import type * as ec2 from "@pulumi/aws/ec2";
import type * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import type { BuiltFleet, WishedSizes } from "../../fleet/platform.js";
import type { VerifyFunction } from "../../gates/verify/verifyArgs.js";
import { settled } from "../../inputs/plain.js";
import type { Entrance } from "../../traffic/entrance.js";
import type { Target } from "../../traffic/front.js";
import { componentTag } from "../shared/componentTag.js";
import { createIdleRecord } from "../shared/idleRecord.js";
import { strictNodes } from "../shared/nodes.js";
import { linksOf } from "../shared/parts.js";
import { Environment } from "./blueGreenPairArgs.js";
import type { BlueGreenPairPlan } from "./checkBlueGreenPair.js";
import { pairEntranceHooks } from "./entranceHooks.js";
import { pairGroupHooks } from "./groupHooks.js";
import { environmentsInEntrance, type PairWish } from "./pairWish.js";
import { SERVED_TAG } from "./switch.js";

/** The resources of one environment, on EC2. */
export interface EnvironmentNodes {
  readonly targetGroup: lb.TargetGroup;
  readonly launchTemplate: ec2.LaunchTemplate;
  readonly group: autoscaling.Group;
  /** With a header or a cookie, or `preview.sourceCidrs`. */
  readonly previewRule?: lb.ListenerRule;
  /** With `preview.ports`. */
  readonly previewListener?: lb.Listener;
}

/** The resources that a `BlueGreenPair` is made of, on EC2; `kubernetesNodes` of `hitless/kubernetes` gives those on Kubernetes. */
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

/** Something for each environment. */
type Both<T> = Readonly<Record<Environment, T>>;

export interface PairParts {
  readonly nodes: BlueGreenPairNodes;
  readonly entrance: Entrance;
  readonly targets: Both<Target>;
  readonly fleets: Both<BuiltFleet>;
}

/**
 * Both targets → the live fleet → the entrance → the preview routes → the idle fleet. So a switch has the capacity first, and
 * what loses its users goes last. Which fleet is which follows from `live`: Pulumi accepts that dependencies differ from one
 * update to the next.
 */
export function createPairNodes(
  resource: pulumi.ComponentResource,
  name: string,
  plan: BlueGreenPairPlan,
  functions: readonly VerifyFunction[],
): PairParts {
  const parent = { parent: resource };
  const component = componentTag(name);
  const { platform, front, fleet, healthCheck, drainSeconds, live, idle } = plan;
  const [blue, green] = [Environment.Blue, Environment.Green].map((environment) =>
    front.createTarget(`${name}-${environment}`, { place: fleet.place, healthCheck, drainSeconds, component }, parent),
  ) as [Target, Target];
  const targets = { blue, green };
  const wish = wishOf(resource, name, plan, { component, targets, functions });
  const shared = platform.share(name, fleet, parent);
  const fleetOf = (environment: Environment, dependsOn: pulumi.Resource[]): BuiltFleet =>
    platform.createFleet(
      `${name}-${environment}`,
      {
        release: plan.releases[environment],
        fleet,
        shared,
        target: targets[environment],
        healthCheck,
        drainSeconds,
        startupSeconds: plan.startupSeconds,
        warmupSeconds: plan.warmupSeconds,
        awaits: "gate",
        sizes: sizesOf(plan, environment),
        component,
      },
      parent,
      { dependsOn, hooks: pairGroupHooks(resource, wish, environment) },
    );

  const liveFleet = fleetOf(live, []);
  const entrance = createPairEntrance(resource, name, wish, targets, liveFleet);
  const previewOf = (environment: Environment): object =>
    createPreview(resource, name, wish, environment, { entrance, target: targets[environment] });
  const previews = { blue: previewOf(Environment.Blue), green: previewOf(Environment.Green) };
  // By its preview route the load balancer begins to check it; by the entrance only where that has a place for it.
  const idleRoute = Object.values(previews[idle]).filter((node) => pulumi.Resource.isInstance(node));
  const idleFleet = fleetOf(idle, [entrance.resource, ...idleRoute]);
  if (!plan.cold) {
    const kept = { fleet: `${name}-${idle}`, version: plan.releases[idle].version };
    createIdleRecord(resource, kept, entrance.resource);
  }
  const scaling = liveFleet.scaling({ entrance }, `${name}-${live}`, { ...parent, dependsOn: [entrance.resource] });
  const fleets =
    live === Environment.Blue ? { blue: liveFleet, green: idleFleet } : { blue: idleFleet, green: liveFleet };
  const environmentNodes = (environment: Environment): EnvironmentNodes => {
    const target = targets[environment];
    const made = { ...target.nodes, ...fleets[environment].nodes, ...previews[environment] };
    return strictNodes<EnvironmentNodes>(wish.subject, made, ["targetGroup", "launchTemplate", "group"]);
  };
  return {
    entrance,
    targets,
    fleets,
    nodes: {
      blue: environmentNodes(Environment.Blue),
      green: environmentNodes(Environment.Green),
      ...entrance.nodes,
      ...shared.nodes,
      ...scaling,
    },
  };
}

function wishOf(
  resource: pulumi.ComponentResource,
  name: string,
  plan: BlueGreenPairPlan,
  parts: {
    readonly component: string;
    readonly targets: Both<Target>;
    readonly functions: readonly VerifyFunction[];
  },
): PairWish {
  const { blue, green } = parts.targets;
  return {
    subject: `BlueGreenPair "${name}"`,
    component: parts.component,
    plan,
    numbers: settled(plan.numbers),
    reach: linksOf(resource, plan, parts.component),
    targetGroupArns: settled(
      pulumi.all([blue.id, green.id]).apply(([first, second]) => ({ blue: first, green: second })),
    ),
    place: settled(plan.front.place(plan.entrance)),
    functions: parts.functions,
  };
}

/** A cold idle environment has no servers; only the live one is left to an autoscaler. */
function sizesOf({ fleet, cold, live }: BlueGreenPairPlan, environment: Environment): WishedSizes {
  const { minSize, desiredCapacity, maxSize, autoscaled } = fleet;
  if (cold && environment !== live) return { minSize: 0, desiredCapacity: 0, maxSize: 0, autoscaled: false };
  // One that wakes must not keep the 0 that it had when it was cold, and one that an autoscaler sizes not be set back: nobody says.
  if (cold && autoscaled) return { minSize, maxSize, autoscaled: false };
  // Without its policy a warm idle environment stays as large as it was when it was live.
  return { minSize, desiredCapacity, maxSize, autoscaled };
}

function createPairEntrance(
  resource: pulumi.ComponentResource,
  name: string,
  wish: PairWish,
  targets: Both<Target>,
  { workload }: BuiltFleet,
): Entrance {
  const { plan } = wish;
  const { live, releases, stickinessSeconds } = plan;
  const weighted = environmentsInEntrance(plan).map((environment) => ({
    targetGroupArn: targets[environment].id,
    weight: environment === live ? 100 : 0,
  }));
  return plan.front.createEntrance(
    name,
    plan.entrance,
    weighted,
    { parent: resource, dependsOn: [workload], hooks: pairEntranceHooks(resource, wish) },
    {
      component: wish.component,
      ...(stickinessSeconds !== undefined ? { stickinessSeconds } : {}),
      // In words what a switch changes. Nothing about the idle side: a release there must not touch the entrance.
      tags: { "hitless:live": live, "hitless:version": releases[live].version },
    },
  );
}

/** The preview route of an environment. It remembers which version had users there: what is left of that when it is idle is kept. */
function createPreview(
  resource: pulumi.ComponentResource,
  name: string,
  { plan, subject, component }: PairWish,
  environment: Environment,
  { entrance, target }: { entrance: Entrance; target: Target },
): object {
  const { front } = plan;
  const route = plan.preview[environment];
  front.claimPreview(subject, route, entrance);
  const isLive = environment === plan.live;
  return front.createPreviewRoute(
    `${name}-preview-${environment}`,
    {
      route,
      plan: plan.entrance,
      entrance,
      target,
      component,
      ...(isLive ? { tags: { [SERVED_TAG]: plan.releases[environment].version } } : {}),
    },
    {
      parent: resource,
      dependsOn: [entrance.resource],
      ...(isLive ? {} : { ignoreChanges: [front.tagPath(SERVED_TAG)] }),
    },
  );
}
