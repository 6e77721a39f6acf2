import { refusal } from "../../../errors/faults.js";
import { HitlessError } from "../../../errors/hitlessError.js";
import { batchOf, defaultToleratedFailures, roundsOf } from "../../../plan/batches.js";
import { rolloutTimeout } from "../../../plan/deadlines.js";
import { rollingUpdate } from "../../../plan/kubernetesRollout.js";
import { runGate } from "../../gate.js";
import { applyDeployment, managerOf } from "./apply.js";
import { sameTemplate, takeCensus } from "./census.js";
import { assertContracts } from "./contracts.js";
import { DeploymentGate } from "./deploymentGate.js";
import type { DeploymentContext } from "./deploymentRollout.js";
import { putBack } from "./putBack.js";
import { nameOf, settleOther } from "./settleOther.js";

/**
 * Brings every pod of a Deployment to what the program wants, and returns when they all serve. The gate itself applies the new pods,
 * so that they can be watched and taken back: a Deployment's controller goes on for ever with pods that do not work. The provider's
 * update comes after it and changes no pod. What an earlier update has left behind is taken up.
 */
export async function rollOutDeployment(context: DeploymentContext): Promise<void> {
  const { order, rollout, report } = context;
  const first = await takeCensus(context);
  assertNotPaused(context, first.deployment.spec.paused === true);
  const manager = managerOf(context, first.deployment);
  const settings = (size: number) => ({ replicas: size, rollingUpdate: rollingUpdate(size, order.batch) });
  // The cluster fills in its defaults, so only what it makes of the wish can be compared; and it says what it would refuse.
  const { template } = (await applyDeployment(context, rollout.after, settings(first.size), { manager, dryRun: true }))
    .spec;
  const limits = limitsOf(context, first.size);
  const before = await settleOther(context, first, template, limits.deadlineSeconds);
  const there = sameTemplate(before.deployment.spec.template, template);
  if (before.size === 0) return; // no pod runs: the provider's update says what the next ones are
  if (there && before.complete && order.bakeSeconds === 0) {
    await report.note(`every pod already runs ${order.release.version}`);
    return;
  }
  if (!there && !order.batch.whole) assertContracts(context, before, template);
  await context.assertWatched();
  await applyDeployment(context, rollout.after, settings(before.size), { manager });
  try {
    await runGate(new DeploymentGate(context, before, limits.deadlineSeconds, limits.toleratedFailures), context);
  } catch (error) {
    throw await takenBack(context, manager, error);
  }
}

function assertNotPaused(context: DeploymentContext, paused: boolean): void {
  if (!paused) return;
  const { namespace, name } = context.rollout;
  throw refusal(context.order.subject, {
    code: "HIT385",
    problem: `${nameOf(context)} is paused.`,
    fix: `kubectl -n ${namespace} rollout resume deployment ${name}`,
  });
}

function limitsOf({ order }: DeploymentContext, size: number) {
  const servers = Math.max(1, size);
  const rounds = order.batch.whole ? 1 : roundsOf(servers, batchOf(servers, { ...order.batch, surge: true }));
  return {
    deadlineSeconds: order.timeoutSeconds ?? rolloutTimeout(rounds, order.replacementTimeoutSeconds, order.bakeSeconds),
    toleratedFailures: order.toleratedFailures ?? defaultToleratedFailures(servers),
  };
}

/** Takes the rollout back, except where nobody is there any more to ask for it; answers the error with where the fleet stands. */
async function takenBack(context: DeploymentContext, manager: string, error: unknown): Promise<unknown> {
  if (!(error instanceof HitlessError) || error.codes.includes("HIT330")) return error;
  const where = await putBack(context, manager);
  const [first, ...others] = error.faults;
  if (!first) return error;
  return new HitlessError([{ ...first, problem: `${first.problem.replace(/\.$/, "")}; ${where}.` }, ...others], {
    cause: error,
  });
}
