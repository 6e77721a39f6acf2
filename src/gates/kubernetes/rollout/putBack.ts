import { refusal } from "../../../errors/faults.js";
import { HitlessError } from "../../../errors/hitlessError.js";
import { rollingUpdate } from "../../../plan/kubernetesRollout.js";
import { runGate } from "../../gate.js";
import { applyDeployment } from "./apply.js";
import { type Census, readyOf, takeCensus, versionOf } from "./census.js";
import type { DeploymentContext } from "./deploymentRollout.js";

/**
 * Gives a Deployment back the pods that Pulumi's state has, and waits until they serve. Its controller then starts only those that the
 * rollout had replaced. Answers where the fleet stands, for the refusal.
 */
export async function putBack(context: DeploymentContext, manager: string): Promise<string> {
  const { order, rollout, report } = context;
  const old = versionOf(rollout.before.spec.template) ?? "the release before";
  const byHand = `\`kubectl -n ${rollout.namespace} rollout undo deployment ${rollout.name}\``;
  try {
    const { size } = await takeCensus(context);
    await report.note(`taking ${order.release.version} back: ${old} again`);
    // What fails need not leave in batches; what serves has not been touched where there was a surge.
    const settings = { replicas: size, rollingUpdate: rollingUpdate(size, { ...order.batch, surge: true }) };
    await applyDeployment(context, rollout.before, settings, { manager });
  } catch (error) {
    if (!(error instanceof HitlessError)) throw error;
    return `it could not be taken back (${error.faults[0]?.problem ?? error.message}), so run ${byHand}`;
  }
  let last: Census | undefined;
  try {
    await runGate(
      {
        name: "put back",
        waitsFor: `every pod on ${old}`,
        deadlineSeconds: order.replacementTimeoutSeconds,
        async check() {
          last = await takeCensus(context);
          if (last.complete) return { state: "passed" };
          return { state: "waiting", progress: `back to ${old}: ${readyOf(last).length} of ${last.size} pods` };
        },
        expired: (progress) => refusal(order.subject, { code: "HIT313", problem: `${progress}.`, fix: byHand }),
      },
      context,
    );
  } catch (error) {
    if (!(error instanceof HitlessError)) throw error;
    const stands = last ? `${readyOf(last).length} of ${last.size} pods serve` : "its pods could not be counted";
    return `the fleet is on its way back to ${old} (${stands}; \`kubectl -n ${rollout.namespace} rollout status deployment ${rollout.name}\` shows it)`;
  }
  return `the fleet is back on ${old}`;
}
