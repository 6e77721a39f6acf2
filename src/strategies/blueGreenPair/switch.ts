import { refusal } from "../../errors/faults.js";
import { runGate } from "../../gates/gate.js";
import { lookAtAlarms } from "../../gates/shift/alarms.js";
import type { ShiftRequest, ShiftTarget } from "../../gates/shift/shiftRequest.js";
import { shiftWeights } from "../../gates/shift/shiftWeights.js";
import type { Stage } from "../../gates/stage.js";
import { findPreview, requirePreview } from "../../gates/verify/previewTarget.js";
import { verifyRelease } from "../../gates/verify/verifyRelease.js";
import { toTenths } from "../../plan/weights.js";
import { Environment } from "./blueGreenPairArgs.js";
import { labelOf, type PairWish, previewWish, wantedTargets } from "./pairWish.js";

/** The tag of a preview route that tells which version had users there: going back to that one is a rollback. */
export const SERVED_TAG = "hitless:served";

/** A move of a pair's weights. */
export interface PairMove {
  readonly entranceArn: string;
  /** The percentages in Pulumi's state. */
  readonly known: ReadonlyMap<string, number>;
}

/** Moves the weights of a pair to what the program wants, and watches them for the rollback window. */
export async function moveWeights(wish: PairWish, { entranceArn, known }: PairMove, stage: Stage): Promise<void> {
  const { plan, subject } = wish;
  const numbers = await wish.numbers;
  const arns = await wish.targetGroupArns;
  const listenerArn = await stage.cloud.listenerOf(entranceArn);
  const found = await findPreview(await previewWish(wish, plan.live, listenerArn), stage.cloud);
  const served = "why" in found ? undefined : (await stage.cloud.entranceTags(found.arn))[SERVED_TAG];
  const goingBack = served === plan.releases[plan.live].version;
  let present: ReadonlyMap<string, number> = new Map();
  const request: ShiftRequest = {
    subject,
    component: wish.component,
    entranceArn,
    targets: await wantedTargets(wish),
    remaining: Object.values(arns),
    known,
    ...(numbers.stickinessSeconds !== undefined ? { stickinessSeconds: numbers.stickinessSeconds } : {}),
    autoscaled: plan.fleet.autoscaled,
    stages: plan.stages,
    bakeSeconds: numbers.bakeSeconds,
    warmupSeconds: numbers.warmupSeconds,
    alarmNames: numbers.alarmNames,
    goingBack,
    ...(numbers.stickinessSeconds !== undefined ? await sticky(wish, listenerArn, goingBack, stage) : {}),
    capacitySeconds: numbers.capacitySeconds,
    spreadSeconds: numbers.spreadSeconds,
    allow: async (shares) => {
      present = shares;
      assertOtherVersion(wish, shares, arns);
    },
    verify: (gaining) => verifyGaining(wish, gaining, listenerArn, stage),
  };
  await shiftWeights({ ...stage, request });
  const switched = (present.get(arns[plan.live]) ?? 0) < 100;
  if (switched && !request.goingBack) await watchWindow(wish, request, present, stage);
}

/**
 * What is different where a cookie keeps users: they stay on the old side for as long as it says, but not on one that they are taken back
 * from; and no side comes into the entrance before its first users.
 */
async function sticky(
  wish: PairWish,
  listenerArn: string,
  goingBack: boolean,
  { cloud }: Stage,
): Promise<Pick<ShiftRequest, "leaveAfterSeconds" | "checkedAlready">> {
  const { stickinessSeconds } = await wish.numbers;
  const arns = await wish.targetGroupArns;
  const checkedAlready = new Set<string>();
  for (const environment of Object.values(Environment)) {
    const found = await findPreview(await previewWish(wish, environment, listenerArn), cloud);
    if (!("why" in found)) checkedAlready.add(arns[environment]);
  }
  return { checkedAlready, ...(goingBack ? {} : { leaveAfterSeconds: stickinessSeconds ?? 0 }) };
}

function assertOtherVersion(
  { plan, subject }: PairWish,
  shares: ReadonlyMap<string, number>,
  arns: Readonly<Record<Environment, string>>,
): void {
  const { live, idle, releases } = plan;
  if (releases.blue.version !== releases.green.version) return;
  if ((shares.get(arns[live]) ?? 0) > 0 || (shares.get(arns[idle]) ?? 0) === 0) return;
  throw refusal(subject, {
    code: "HIT360",
    problem: `live goes from ${idle} to ${live}, and both have version ${JSON.stringify(releases[live].version)}.`,
    fix: `release the next version to ${live} first, or set live back to ${JSON.stringify(idle)}; to switch between equal releases, give them different versions`,
  });
}

async function verifyGaining(
  wish: PairWish,
  gaining: readonly ShiftTarget[],
  listenerArn: string,
  stage: Stage,
): Promise<void> {
  const { plan, subject, functions } = wish;
  if (plan.verify.length === 0 && functions.length === 0) return;
  const { verifySeconds } = await wish.numbers;
  const arns = await wish.targetGroupArns;
  for (const { label, version, targetGroupArn } of gaining) {
    const environment = Object.values(Environment).find((each) => arns[each] === targetGroupArn);
    if (!environment) throw new Error(`${targetGroupArn} belongs to no environment of ${subject}`);
    const target = await requirePreview(await previewWish(wish, environment, listenerArn), stage.cloud);
    const asked = { subject, label, version, environment, target, checks: plan.verify, functions };
    await verifyRelease({ ...asked, functionSeconds: verifySeconds }, stage);
  }
}

/** What AWS's answers may take over the window's own time. */
const OVERHEAD_SECONDS = 60;

/** Watches the alarms while the side that was live still has its servers; one that rings sends users back there. */
async function watchWindow(
  wish: PairWish,
  request: ShiftRequest,
  before: ReadonlyMap<string, number>,
  stage: Stage,
): Promise<void> {
  const { rollbackWindowSeconds, alarmNames } = await wish.numbers;
  const { plan, subject } = wish;
  if (rollbackWindowSeconds <= 0) return;
  const begin = stage.pace.now();
  const label = labelOf(plan, plan.live);
  let ringing = "";
  await runGate(
    {
      name: "rollback window",
      waitsFor: `${rollbackWindowSeconds} s without an alarm`,
      deadlineSeconds: rollbackWindowSeconds + OVERHEAD_SECONDS,
      async check() {
        const alarms = alarmNames.length > 0 ? (await lookAtAlarms({ ...stage, request })).ringing : [];
        ringing = alarms.map(({ name, reason }) => `alarm "${name}"${reason ? ` (${reason})` : ""}`).join("; ");
        const passed = stage.pace.now() - begin;
        if (ringing !== "" || passed >= rollbackWindowSeconds) return { state: "passed" };
        const progress = `${label} has all users; watched for ${Math.round(passed)} of ${rollbackWindowSeconds} s`;
        return { state: "waiting", progress };
      },
      expired: (progress) =>
        refusal(subject, { code: "HIT350", problem: `${progress}.`, fix: "run `pulumi up` again" }),
    },
    stage,
  );
  if (ringing === "") return;
  await stage.report.warn(`${ringing}: users go back to ${labelOf(plan, plan.idle)}`);
  await shiftWeights({ ...stage, request: await reverse(wish, request, before) });
  throw refusal(subject, {
    code: "HIT365",
    problem: `${ringing} went into ALARM after the switch to ${label}; users are back on ${labelOf(plan, plan.idle)}.`,
    fix: `mend ${plan.releases[plan.live].version} and release it to ${plan.live} again, with live set back to ${JSON.stringify(plan.idle)} meanwhile`,
  });
}

/** The way back to what AWS had before. */
async function reverse(
  wish: PairWish,
  { allow: _, verify: __, known: ___, leaveAfterSeconds: ____, ...request }: ShiftRequest,
  before: ReadonlyMap<string, number>,
): Promise<ShiftRequest> {
  const { plan, targetGroupArns } = wish;
  const arns = await targetGroupArns;
  const targets = [...before].map(([targetGroupArn, percent]): ShiftTarget => {
    const environment = Object.values(Environment).find((each) => arns[each] === targetGroupArn);
    if (!environment) return { label: targetGroupArn, version: "unknown", targetGroupArn, percent: toTenths(percent) };
    const { version, data } = plan.releases[environment];
    const label = labelOf(plan, environment);
    return { label, version, targetGroupArn, percent: toTenths(percent), ...(data ? { data } : {}) };
  });
  return { ...request, targets, stages: [100], bakeSeconds: 0, warmupSeconds: 0, spreadSeconds: 0, goingBack: true };
}
