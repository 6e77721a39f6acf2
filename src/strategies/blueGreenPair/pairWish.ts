import type { ShiftTarget } from "../../gates/shift/shiftRequest.js";
import type { PreviewWish } from "../../gates/verify/previewTarget.js";
import type { VerifyFunction } from "../../gates/verify/verifyArgs.js";
import type { EntrancePlace } from "../../traffic/front.js";
import type { Links } from "../shared/parts.js";
import { Environment } from "./blueGreenPairArgs.js";
import type { BlueGreenPairPlan } from "./checkBlueGreenPair.js";
import type { PairNumbers } from "./pairNumbers.js";

/** What the hooks of a pair need, some of it known only later. */
export interface PairWish {
  readonly subject: string;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  readonly plan: BlueGreenPairPlan;
  readonly numbers: Promise<PairNumbers>;
  readonly reach: Links;
  readonly targetGroupArns: Promise<Readonly<Record<Environment, string>>>;
  /** Where the entrance is, before Pulumi knows it. */
  readonly place: Promise<EntrancePlace>;
  /** What the program gives to `verifyWith`, also after the component was made. */
  readonly functions: readonly VerifyFunction[];
}

/** What messages call an environment. */
export function labelOf(plan: BlueGreenPairPlan, environment: Environment): string {
  return `${environment} (${plan.releases[environment].version})`;
}

/**
 * The environments that stand in the entrance. A cold idle one does not, as its servers could answer nobody; nor does one where a
 * cookie would go on leading users to it (docs/decisions/0011). The load balancer checks it all the same: its preview route leads there.
 */
export function environmentsInEntrance({ live, cold, stickinessSeconds }: BlueGreenPairPlan): readonly Environment[] {
  return cold || stickinessSeconds !== undefined ? [live] : Object.values(Environment);
}

/** What the program wants of the entrance. */
export async function wantedTargets({ plan, targetGroupArns }: PairWish): Promise<ShiftTarget[]> {
  const arns = await targetGroupArns;
  return environmentsInEntrance(plan).map((environment) => {
    const { version, data } = plan.releases[environment];
    return {
      label: labelOf(plan, environment),
      version,
      targetGroupArn: arns[environment],
      percent: environment === plan.live ? 100 : 0,
      ...(data ? { data } : {}),
    };
  });
}

/** The preview route of an environment, for gates. */
export async function previewWish(wish: PairWish, environment: Environment, listenerArn: string): Promise<PreviewWish> {
  const { plan, subject } = wish;
  const { facts } = await wish.numbers;
  const place = await wish.place;
  return {
    subject,
    label: labelOf(plan, environment),
    route: plan.preview[environment],
    targetGroupArn: (await wish.targetGroupArns)[environment],
    listenerArn,
    ...(place.priority === undefined ? { loadBalancerArn: place.id } : {}),
    entrance: facts,
  };
}
