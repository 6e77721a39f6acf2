import { refusal } from "../../errors/faults.js";
import type { ShiftTarget } from "../../gates/shift/shiftRequest.js";
import { type CanaryRoles, isReturning } from "../../plan/canaryRoles.js";
import { type Jump, type JumpRules, jumpOf } from "../../plan/canarySteps.js";

export interface JumpCheck {
  readonly subject: string;
  readonly rules: JumpRules;
  /** Who had which role before this update. */
  readonly roles: CanaryRoles;
  readonly targets: readonly ShiftTarget[];
  /** The target group of the version that the program calls stable. */
  readonly stable: string;
  /** The percentages that AWS has now, by target group ARN. */
  readonly real: ReadonlyMap<string, number>;
}

/** Refuses an update that goes further than `steps` and `maxStep` let it. */
export async function assertJumps({ subject, rules, roles, targets, stable, real }: JumpCheck): Promise<void> {
  for (const { version, targetGroupArn, percent: to } of targets) {
    const from = real.get(targetGroupArn) ?? 0;
    const growth = { from, to, stable: targetGroupArn === stable, returning: isReturning(roles, version) };
    const jump = jumpOf(rules, growth);
    if (jump) throw refusal(subject, finding(version, from, to, jump, rules));
  }
}

function finding(version: string, from: number, to: number, jump: Jump, { steps, maxStep }: JumpRules) {
  const growth = `${version} has ${percent(from)} of the users now and would get ${percent(to)}`;
  switch (jump.kind) {
    case "step":
      return {
        code: "HIT370" as const,
        problem: `${growth}, expected at most ${percent(jump.most)}: the steps are ${steps.join(", ")}.`,
        fix: `set its weight to ${number(jump.most)} first, or change steps`,
      };
    case "promotion":
      return {
        code: "HIT371" as const,
        problem: `${growth} as the stable version, expected at least ${percent(jump.needed)} before that: the steps are ${steps.join(", ")}.`,
        fix: `make ${version} the canary and take it through the steps; to put it out at once, leave steps out for this update. Going back needs neither while the version is named \`previous\`: of one whose fleet is gone nothing is known, and it counts as new`,
      };
    case "maxStep":
      return {
        code: "HIT372" as const,
        problem: `${growth}, expected at most ${percent(jump.most)} at once: maxStep is ${maxStep}.`,
        fix: `set its weight to ${number(jump.most)} or less first, or raise maxStep`,
      };
  }
}

function percent(value: number): string {
  return `${number(value)} %`;
}

/** To the tenth, as weights are. */
function number(value: number): string {
  return String(Math.round(value * 10) / 10);
}
