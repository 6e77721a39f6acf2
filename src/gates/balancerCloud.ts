import type { LeftBehind } from "./leftBehind.js";

/** A server in the load balancer's eyes. */
export interface TargetView {
  /** What the load balancer calls it: an instance id, or the address of a pod. */
  readonly instanceId: string;
  /** `initial`, `healthy`, `unhealthy`, `draining`, `unused` … (ELBv2 API, TargetHealth); a Gateway's answers are told in the same words. */
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** A target in a forward action, with the weight as AWS keeps it: a whole number from 0 to 999, of which only the ratio counts. */
export interface ForwardTarget {
  /** A target group's ARN, or what a `Front` calls its targets instead. */
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** The forward action of a listener's default or of a rule. */
export interface ForwardAction {
  readonly targets: readonly ForwardTarget[];
  /** How long a user stays on the target group that served first; absent when it is off. */
  readonly stickinessSeconds?: number;
}

/** A listener rule, as far as gates look at it. */
export interface RuleView {
  readonly arn: string;
  /** `default`, or the number as text. */
  readonly priority: string;
  /** Every target group that its actions forward to. */
  readonly targetGroupArns: readonly string[];
  /** Header name (lower case) to the values that it asks for. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Where a listener is reached. */
export interface ListenerView {
  readonly arn: string;
  readonly protocol: string;
  readonly port: number;
  readonly dnsName: string;
}

/** How messages speak of what moves the weights. */
export interface BalancerWords {
  /** `AWS` or `the cluster`. */
  readonly name: string;
  /** How a user finds who else moves them. */
  readonly whoMoves: string;
}

/** What gates need of a load balancer, whichever kind it is; ids are ARNs at AWS. Tests bring their own. */
export interface BalancerCloud {
  readonly balancerWords: BalancerWords;
  targets(targetGroupArn: string): Promise<readonly TargetView[]>;
  /** The forward action of an entrance or of another route, by its id; undefined when it does not exist or does not forward. */
  forwardAction(entranceArn: string): Promise<ForwardAction | undefined>;
  /** Replaces the forward action as a whole, in one call. */
  setForwardAction(entranceArn: string, action: ForwardAction): Promise<void>;
  /** The rules of a listener. */
  rules(listenerArn: string): Promise<readonly RuleView[]>;
  listener(listenerArn: string): Promise<ListenerView | undefined>;
  /** The listeners of a load balancer, by their ids. */
  listenerArns(loadBalancerArn: string): Promise<readonly string[]>;
  /** The listener that an entrance belongs to; itself where it is one. */
  listenerOf(entranceArn: string): Promise<string>;
  /** The tags of a listener or of a rule, under the names that plan/ gives them (`hitless:…`). */
  entranceTags(entranceArn: string): Promise<Readonly<Record<string, string>>>;
  /** The targets of a component (`COMPONENT_TAG`) that nothing leads to; absent where none can be told. */
  unusedTargets?(component: string): Promise<readonly LeftBehind[]>;
}
