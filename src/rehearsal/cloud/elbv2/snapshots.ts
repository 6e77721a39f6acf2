import type { ListenerSnapshot, TargetGroupSnapshot } from "../snapshot.js";
import type { ListenerRecord, TargetGroupRecord } from "./model.js";
import type { Store } from "./store.js";
import type { TargetTable } from "./targetTable.js";
import { weightsOf } from "./weights.js";

/** A group and its targets at this moment. */
export function targetGroupSnapshot(group: TargetGroupRecord, targets: TargetTable): TargetGroupSnapshot {
  return {
    arn: group.arn,
    name: group.name,
    deregistrationDelaySeconds: Number(group.attributes["deregistration_delay.timeout_seconds"]),
    healthCheckIntervalSeconds: group.healthCheck.intervalSeconds,
    targets: targets.healths(group.arn).map(({ target: { id }, health: { state, reason } }) => ({
      id,
      state,
      ...(reason !== undefined && { reason }),
    })),
  };
}

/** A listener, where it is reached, and the weights of its rules at this moment. */
export function listenerSnapshot(listener: ListenerRecord, store: Store): ListenerSnapshot {
  const { address } = store.loadBalancer(listener.loadBalancerArn);
  return {
    arn: listener.arn,
    loadBalancerArn: listener.loadBalancerArn,
    url: urlOf(listener, address),
    rules: store.rulesOf(listener.arn).map((rule) => ({
      arn: rule.arn,
      priority: rule.priority === Number.POSITIVE_INFINITY ? "default" : rule.priority,
      weights: weightsOf(rule.actions),
      ...(rule.weightsChangedAt !== undefined && { weightsChangedAt: rule.weightsChangedAt }),
    })),
  };
}

function urlOf({ protocol, port }: ListenerRecord, address: string): string {
  const scheme = protocol.toLowerCase();
  const usual = protocol === "HTTPS" ? 443 : 80;
  return `${scheme}://${address}${port === usual ? "" : `:${port}`}`;
}
