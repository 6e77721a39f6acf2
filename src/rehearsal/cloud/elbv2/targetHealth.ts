import type { TargetHealthReasonEnum } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { TargetHealthView } from "../ports.js";

/** AWS's states of a target, in its own words. */
const descriptions: Readonly<Partial<Record<TargetHealthReasonEnum, string>>> = {
  "Elb.RegistrationInProgress": "Target registration is in progress",
  "Elb.InitialHealthChecking": "Initial health checks in progress",
  "Target.DeregistrationInProgress": "Target deregistration is in progress",
  "Target.NotInUse": "Target group is not configured to receive traffic from the load balancer",
  "Target.NotRegistered": "Target is not registered to the target group",
  "Target.FailedHealthChecks": "Health checks failed",
  "Target.Timeout": "Request timed out",
};

/** A state with its reason and, unless one is given, AWS's description of it. */
export function healthView(
  state: TargetHealthView["state"],
  reason?: TargetHealthReasonEnum,
  description?: string,
): TargetHealthView {
  const words = description ?? (reason === undefined ? undefined : descriptions[reason]);
  return { state, ...(reason !== undefined && { reason }), ...(words !== undefined && { description: words }) };
}

/** Says the same as the other? */
export function sameHealth(a: TargetHealthView | undefined, b: TargetHealthView | undefined): boolean {
  return a?.state === b?.state && a?.reason === b?.reason && a?.description === b?.description;
}
