import { AwsError } from "../awsError.js";
import type { ListenerRecord, LoadBalancerRecord, RuleRecord, TargetGroupRecord } from "./model.js";
import { forwardsTo, weightsOf } from "./weights.js";

/** Everything that load balancing remembers except the targets, and who refers to whom. */
export class Store {
  readonly loadBalancers = new Map<string, LoadBalancerRecord>();
  readonly targetGroups = new Map<string, TargetGroupRecord>();
  readonly listeners = new Map<string, ListenerRecord>();
  readonly rules = new Map<string, RuleRecord>();
  /** Tags by resource ARN. */
  readonly tags = new Map<string, ReadonlyMap<string, string>>();

  loadBalancer(arn: string): LoadBalancerRecord {
    return found(this.loadBalancers.get(arn), "LoadBalancerNotFound", `Load balancer '${arn}' not found`);
  }

  targetGroup(arn: string): TargetGroupRecord {
    return found(this.targetGroups.get(arn), "TargetGroupNotFound", `Target group '${arn}' not found`);
  }

  listener(arn: string): ListenerRecord {
    return found(this.listeners.get(arn), "ListenerNotFound", `Listener '${arn}' not found`);
  }

  rule(arn: string): RuleRecord {
    return found(this.rules.get(arn), "RuleNotFound", `Rule '${arn}' not found`);
  }

  listenersOf(loadBalancerArn: string): ListenerRecord[] {
    return [...this.listeners.values()].filter((listener) => listener.loadBalancerArn === loadBalancerArn);
  }

  /** Ascending by priority, the default rule last. */
  rulesOf(listenerArn: string): RuleRecord[] {
    return [...this.rules.values()]
      .filter((rule) => rule.listenerArn === listenerArn)
      .sort((a, b) => (a.priority === b.priority ? 0 : a.priority - b.priority));
  }

  defaultRuleOf(listenerArn: string): RuleRecord {
    const rule = this.rulesOf(listenerArn).at(-1);
    return found(rule, "RuleNotFound", `Listener '${listenerArn}' has no default rule`);
  }

  /** Every group that a rule of the load balancer names. */
  groupsOf(loadBalancerArn: string): TargetGroupRecord[] {
    const arns = new Set(
      this.listenersOf(loadBalancerArn).flatMap((listener) =>
        this.rulesOf(listener.arn).flatMap((rule) => weightsOf(rule.actions).map((weight) => weight.targetGroupArn)),
      ),
    );
    return [...arns].map((arn) => this.targetGroup(arn));
  }

  /** The load balancer that a group serves: AWS allows one at most. */
  loadBalancerOf(targetGroupArn: string): LoadBalancerRecord | undefined {
    for (const rule of this.rules.values()) {
      if (!forwardsTo(rule.actions, targetGroupArn)) continue;
      const listener = this.listeners.get(rule.listenerArn);
      if (listener) return this.loadBalancers.get(listener.loadBalancerArn);
    }
    return undefined;
  }
}

function found<T>(record: T | undefined, code: string, message: string): T {
  if (record === undefined) throw new AwsError(code, message);
  return record;
}
