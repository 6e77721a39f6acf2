import { entranceServing } from "../../gates/shift/serving.js";
import type { ShiftTarget } from "../../gates/shift/shiftRequest.js";
import { shiftWeights } from "../../gates/shift/shiftWeights.js";
import type { Stage } from "../../gates/stage.js";
import { type CanaryRoles, isReturning } from "../../plan/canaryRoles.js";
import { SAME_PERCENT } from "../../plan/canarySteps.js";
import { percentOf } from "../../plan/weights.js";
import type { EntrancePlace } from "../../traffic/front.js";
import type { Links } from "../shared/parts.js";
import type { CanaryNumbers, CanaryReleasePlan } from "./checkCanaryRelease.js";
import { assertJumps } from "./jumps.js";

/** What the hooks of a canary release need, some of it known only later. */
export interface CanaryWish {
  readonly subject: string;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  readonly plan: CanaryReleasePlan;
  readonly numbers: Promise<CanaryNumbers>;
  readonly reach: Links;
  /** The target groups, in the order of the plan's versions. */
  readonly targetGroupArns: Promise<readonly string[]>;
  /** Where the entrance is, before Pulumi knows it. */
  readonly place: Promise<EntrancePlace>;
  /** Shifts of one release happen one after the other. */
  readonly turns: Turns;
}

/** Runs one thing after the other: the engine works on several resources at a time. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  /** The percentages that a group's hook has set in this update, by target group ARN: Pulumi's state cannot have them yet. */
  set: ReadonlyMap<string, number> | undefined;

  take<T>(run: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(run, run); // whoever failed before has said so itself
    this.#last = mine;
    return mine;
  }
}

/** What the program wants of the entrance. */
export async function wantedTargets({ plan, targetGroupArns }: CanaryWish): Promise<ShiftTarget[]> {
  const arns = await targetGroupArns;
  return plan.versions.map(({ release, percent }, index) => ({
    label: release.version,
    version: release.version,
    targetGroupArn: arns[index] as string,
    percent,
    ...(release.data ? { data: release.data } : {}),
  }));
}

export interface Move {
  readonly entranceArn: string;
  readonly targets: readonly ShiftTarget[];
  /** Who had which role before this update. */
  readonly roles: CanaryRoles;
  /** The percentages that Pulumi's state has. */
  readonly known?: ReadonlyMap<string, number>;
  /** Watch it afterwards. */
  readonly bake: boolean;
}

/**
 * Moves the weights to where a move says. When all that happens is that users go back to a version that they had, nothing may
 * hold that back: the alarm that rings is the reason for it.
 */
export async function moveWeights(wish: CanaryWish, move: Move, stage: Stage): Promise<void> {
  const { subject, component, plan } = wish;
  const numbers = await wish.numbers;
  const { entranceArn, targets, roles } = move;
  const present = percentOf((await stage.cloud.forwardAction(entranceArn)) ?? { targets: [] });
  const gaining = targets.filter((target) => target.percent > (present.get(target.targetGroupArn) ?? 0) + SAME_PERCENT);
  const retreat = gaining.every((target) => isReturning(roles, target.version));
  const newcomers = targets.filter((target) => target.percent === 0 && !present.has(target.targetGroupArn));
  // Also in an update before this one, which was interrupted.
  const stood = [...present.keys(), ...(move.known?.keys() ?? [])];
  const leaves = stood.some((arn) => !targets.some((target) => target.targetGroupArn === arn));
  const standing = () => assertStanding(wish, newcomers, numbers, stage);
  await shiftWeights({
    ...stage,
    request: {
      subject,
      component,
      entranceArn,
      targets,
      remaining: await wish.targetGroupArns,
      ...(move.known ? { known: move.known } : {}),
      ...(numbers.stickinessSeconds !== undefined ? { stickinessSeconds: numbers.stickinessSeconds } : {}),
      autoscaled: plan.fleet.autoscaled,
      stages: [100],
      bakeSeconds: move.bake && !retreat ? numbers.bakeSeconds : 0,
      warmupSeconds: retreat ? 0 : numbers.warmupSeconds,
      alarmNames: numbers.alarmNames,
      goingBack: retreat,
      capacitySeconds: numbers.capacitySeconds,
      // AWS does not say that a server whose target group is in no action any more is drained: the last request that still
      // comes there ends first.
      spreadSeconds: numbers.spreadSeconds + (leaves ? numbers.drainSeconds : 0),
      allow: (real) =>
        assertJumps({ subject, rules: plan.rules, roles, targets, stable: stableArn(plan, targets), real }),
      verify: standing,
    },
  });
  await standing(); // nothing may have gained, and then nothing was verified
  const left = targets.filter(({ targetGroupArn: arn, percent }) => percent === 0 && (present.get(arn) ?? 0) > 0);
  if (retreat && left.length > 0 && numbers.stickinessSeconds !== undefined) {
    const labels = left.map(({ label }) => label).join(", ");
    await stage.report.warn(
      `${subject}: a cookie keeps users who are on ${labels} there. To take them back too, do not name it in the program any more`,
    );
  }
}

function stableArn(plan: CanaryReleasePlan, targets: readonly ShiftTarget[]): string {
  const version = plan.versions[0]?.release.version;
  return targets.find((target) => target.version === version)?.targetGroupArn ?? "";
}

/** A version that comes without weight has to serve too before the update is done: its audience, or a rollback, needs it. */
async function assertStanding(
  { subject, component, plan }: CanaryWish,
  newcomers: readonly ShiftTarget[],
  numbers: CanaryNumbers,
  stage: Stage,
): Promise<void> {
  if (newcomers.length === 0) return;
  const targets = newcomers.map(({ label, version, targetGroupArn }) => {
    const sizes = plan.versions.find(({ release }) => release.version === version)?.sizes;
    return { label, targetGroupArn, healthy: Math.max(1, sizes?.minSize ?? 1) };
  });
  await entranceServing({ subject, component, targets, deadlineSeconds: numbers.capacitySeconds }, stage);
}
