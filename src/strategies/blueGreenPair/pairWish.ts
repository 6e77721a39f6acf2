import type { ProviderSettings } from "../../gates/aws/providerSettings.js";
import type { ShiftTarget } from "../../gates/shift/shiftRequest.js";
import type { PreviewWish } from "../../gates/verify/previewTarget.js";
import type { VerifyFunction } from "../../gates/verify/verifyArgs.js";
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
  readonly provider: Promise<ProviderSettings>;
  readonly targetGroupArns: Promise<Readonly<Record<Environment, string>>>;
  /** The load balancer or the listener that the program gave. */
  readonly frontArn: Promise<string>;
  /** What the program gives to `verifyWith`, also after the component was made. */
  readonly functions: readonly VerifyFunction[];
}

/** What messages call an environment. */
export function labelOf(plan: BlueGreenPairPlan, environment: Environment): string {
  return `${environment} (${plan.releases[environment].version})`;
}

/** The environments that stand in the entrance: a cold one does not, as its servers could answer nobody. */
export function environmentsInEntrance({ live, cold }: BlueGreenPairPlan): readonly Environment[] {
  return cold ? [live] : Object.values(Environment);
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
  return {
    subject,
    label: labelOf(plan, environment),
    route: plan.preview[environment],
    targetGroupArn: (await wish.targetGroupArns)[environment],
    listenerArn,
    ...(plan.entrance.kind === "listener" ? { loadBalancerArn: await wish.frontArn } : {}),
    entrance: facts,
  };
}
