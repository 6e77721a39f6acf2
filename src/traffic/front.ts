import type * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../errors/faults.js";
import type { AlarmCloud } from "../gates/alarmCloud.js";
import type { BalancerCloud, RuleView } from "../gates/balancerCloud.js";
import type { EntranceFacts } from "../gates/verify/previewTarget.js";
import type { PreviewRoute } from "../plan/previewRoutes.js";
import type { AudienceArgs } from "./audienceArgs.js";
import type { AudiencePlan } from "./checkAudience.js";
import type { PreviewPlan } from "./checkPreview.js";
import type { Entrance, EntranceExtras, WeightedTarget } from "./entrance.js";
import type { HealthCheck } from "./healthCheck.js";
import type { PreviewArgs } from "./previewArgs.js";
import type { PreviewAddress } from "./previewRoute.js";
import type { StickinessArgs } from "./stickiness.js";

/** The key under which `entrance` carries what stands in front; as `PLATFORM` for fleets. */
export const FRONT: unique symbol = Symbol.for("hitless.front");

/** What a program gives as `entrance` for another front than an Application Load Balancer, such as `gateway({…})`. */
export interface PlatformEntrance {
  readonly [FRONT]: Front;
}

/** What a target needs to know of the fleet behind it. */
export interface TargetPlace {
  /** The VPC; only Application Load Balancers ask for it. */
  readonly vpcId?: pulumi.Input<string>;
  /** The namespace; only Gateways ask for it. */
  readonly namespace?: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** What the load balancer is told to find its servers by. */
  readonly targetType: "instance" | "ip";
}

export interface TargetWish {
  readonly place: TargetPlace;
  readonly healthCheck: HealthCheck;
  readonly drainSeconds: pulumi.Input<number>;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
}

/** What stands in an entrance for one fleet: weights are given to it. */
export interface Target {
  /** A target group's ARN, or `NAMESPACE/NAME` of a Service. */
  readonly id: pulumi.Output<string>;
  readonly kind: "targetGroup" | "service";
  readonly resource: pulumi.CustomResource;
  /** For `component.nodes`. */
  readonly nodes: object;
}

/** What a route asks for besides its own condition. */
export interface RouteWish<Plan> {
  readonly plan: Plan;
  readonly entrance: Entrance;
  readonly target: Target;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
}

export interface PreviewWishOf<Plan> extends RouteWish<Plan> {
  readonly route: PreviewRoute;
  /** On top of `PREVIEW_TAG`. */
  readonly tags?: Record<string, string>;
}

export interface AudienceWishOf<Plan> extends RouteWish<Plan> {
  readonly audience: AudiencePlan;
}

/** Where an entrance is to be found before Pulumi knows it. */
export interface EntrancePlace {
  /** The load balancer, or the listener of a rule. */
  readonly id: string;
  /** The place of a rule among the listener's (`RuleView.priority`); absent where the entrance is a listener of its own. */
  readonly priority?: string;
}

/** An entrance as a hook's properties have it. */
export interface EntranceView {
  /** Absent in inputs. */
  readonly id?: string;
  /** Its targets in order; an id that is not known yet is absent, as in previews. */
  readonly targets: readonly { readonly id?: string; readonly weight: number }[];
  readonly tags: Readonly<Record<string, string>>;
}

/** A front as one component's provider reaches it; made while the program is built. */
export interface FrontLink {
  /** @param guardedId an id from the region of what the hook guards */
  balancer(subject: string, guardedId: string): Promise<BalancerCloud & AlarmCloud>;
}

/** What a strategy needs of what stands in front of its fleets, and nothing else. */
export interface Front<Plan = unknown> {
  /** Nothing when so much is wrong that nothing else can be said. */
  checkEntrance(args: object, faults: Faults, place: TargetPlace): Plan | undefined;
  checkPreview(args: PreviewArgs | undefined, plan: Plan | undefined, faults: Faults): PreviewPlan;
  /** @param index the role's place among those that may have an audience */
  checkAudience(args: AudienceArgs, path: string, index: number, plan: Plan | undefined, faults: Faults): AudiencePlan;
  checkStickiness(args: StickinessArgs | undefined, faults: Faults): pulumi.Input<number> | undefined;
  /** Refuses alarms where it has none to watch. */
  checkAlarms(names: unknown, faults: Faults): void;
  /** Claims the entrance's place, and those of audiences, against the program's other components. */
  claim(
    subject: string,
    plan: Plan,
    audiences: readonly { readonly path: string; readonly audience: AudiencePlan }[],
    faults: Faults,
  ): void;
  /** Claims a preview route's place on a listener of the component's own. */
  claimPreview(subject: string, route: PreviewRoute, entrance: Entrance): void;
  /** What requests of the entrance have to bring along. */
  facts(plan: Plan): pulumi.Input<EntranceFacts>;
  place(plan: Plan): pulumi.Input<EntrancePlace>;
  createTarget(name: string, wish: TargetWish, opts: pulumi.CustomResourceOptions): Target;
  /** Creates the entrance. Every weight is said aloud. */
  createEntrance(
    name: string,
    plan: Plan,
    targets: readonly WeightedTarget[],
    opts: pulumi.CustomResourceOptions,
    extras: EntranceExtras,
  ): Entrance;
  /** A route that leads to one target for ever; answers its nodes. */
  createPreviewRoute(name: string, wish: PreviewWishOf<Plan>, opts: pulumi.CustomResourceOptions): object;
  /** A route that leads an audience to one target; answers its nodes. */
  createAudienceRoute(name: string, wish: AudienceWishOf<Plan>, opts: pulumi.CustomResourceOptions): object;
  previewAddress(route: PreviewRoute, plan: Plan, url: string | undefined): PreviewAddress;
  /** Where a route keeps a tag, for `ignoreChanges`. */
  tagPath(tag: string): string;
  /** Reads an entrance from a hook's properties; nothing in it is awaited, so that it works in previews. */
  entranceIn(properties: object): EntranceView;
  /** A route that is in the place that a new one wants, left behind by an interrupted update. */
  inPlaceOf(properties: object, cloud: BalancerCloud): Promise<RuleView | undefined>;
  /** @param owner `COMPONENT_TAG`'s value */
  link(component: pulumi.ComponentResource, owner: string, plan: Plan): FrontLink;
}

/** The front that a program's `entrance` carries; the other one where it carries none. */
export function frontOf(entrance: unknown, otherwise: Front): Front {
  return (entrance as Partial<PlatformEntrance> | null | undefined)?.[FRONT] ?? otherwise;
}
