import { refusal } from "../../../errors/faults.js";
import { runGate } from "../../gate.js";
import type { PodTemplate } from "../objects.js";
import { type Census, readyOf, sameTemplate, takeCensus, versionOf } from "./census.js";
import type { DeploymentContext } from "./deploymentRollout.js";

/**
 * Deals with a rollout that others, or an update that was interrupted, have under way. One towards the wanted pods is joined; any other is
 * superseded (a Deployment does that by itself), awaited or left alone.
 */
export async function settleOther(
  context: DeploymentContext,
  census: Census,
  wanted: PodTemplate,
  deadlineSeconds: number,
): Promise<Census> {
  const { order, report } = context;
  if (census.complete || census.size === 0) return census;
  const other = versionOf(census.deployment.spec.template) ?? "other pods";
  const stands = `${readyOf(census).length} of ${census.size} pods of ${other} ready`;
  if (sameTemplate(census.deployment.spec.template, wanted)) {
    await report.note(`joining the rollout to ${order.release.version} that is already running (${stands})`);
    return census;
  }
  // A fleet that merely has a pod that is not ready is not being rolled out.
  if (census.observed && census.old.length === 0) return census;
  if (order.whenBusy === "fail") {
    throw refusal(order.subject, {
      code: "HIT303",
      problem: `another rollout of ${nameOf(context)} is running (${stands}, ${census.old.length} old).`,
      fix: 'wait for it and run `pulumi up` again, or set whenBusy to "queue" or "supersede"',
    });
  }
  if (order.whenBusy === "supersede") {
    await report.note(`the rollout to ${other} that is running (${stands}) gives way to ${order.release.version}`);
    return census;
  }
  await report.note(`waiting for the rollout to ${other} that is running before ${order.release.version}`);
  return awaitEnd(context, census, other, deadlineSeconds);
}

async function awaitEnd(
  context: DeploymentContext,
  first: Census,
  other: string,
  deadlineSeconds: number,
): Promise<Census> {
  let census = first;
  await runGate(
    {
      name: "rollout ended",
      waitsFor: `the end of the rollout to ${other}`,
      deadlineSeconds,
      async check() {
        census = await takeCensus(context);
        if (census.complete) return { state: "passed" };
        const progress = `queued behind another rollout: ${readyOf(census).length} of ${census.size} pods of ${other} ready`;
        return { state: "waiting", progress };
      },
      expired: (progress) =>
        refusal(context.order.subject, {
          code: "HIT304",
          problem: `the rollout of ${nameOf(context)} to ${other} did not end within ${deadlineSeconds} s (${progress}).`,
          fix: 'see what hinders it (`kubectl rollout status`), or set whenBusy to "supersede", then run `pulumi up` again',
        }),
    },
    context,
  );
  return census;
}

export function nameOf({ rollout }: DeploymentContext): string {
  return `Deployment ${rollout.namespace}/${rollout.name}`;
}
