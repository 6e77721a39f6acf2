import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ForwardAction, ListenerView, RuleView, TargetView } from "../balancerCloud.js";
import type { Clients } from "./clients.js";
import { fromForward, toForward, toRule, toTarget } from "./views.js";

/** Calls AWS with the gate's clients; an expected error comes back as its code. */
export type Call = <T, Expected extends string = never>(
  operation: string,
  send: (clients: Clients) => Promise<T>,
  ...expected: Expected[]
) => Promise<T | Expected>;

/** The part of AWS that gates see through the Elastic Load Balancing API. */
export class AwsBalancer {
  /** What stands beside the forward action of an entrance (a sign-in before it): kept as it is when the weights change. */
  readonly #beside = new Map<string, readonly Action[]>();

  constructor(private readonly call: Call) {}

  async targets(targetGroupArn: string): Promise<readonly TargetView[]> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const answer = await this.call("DescribeTargetHealth", async ({ loadBalancing }) =>
      loadBalancing.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
    );
    return (answer.TargetHealthDescriptions ?? []).map(toTarget);
  }

  async forwardAction(entranceArn: string): Promise<ForwardAction | undefined> {
    const actions = await this.#actions(entranceArn);
    if (!actions) return undefined;
    this.#beside.set(entranceArn, actions.filter((action) => action.Type !== "forward").map(reusable));
    const forward = actions.find((action) => action.Type === "forward");
    return forward && toForward(forward);
  }

  async setForwardAction(entranceArn: string, action: ForwardAction): Promise<void> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    if (!this.#beside.has(entranceArn)) await this.forwardAction(entranceArn);
    const actions = [...(this.#beside.get(entranceArn) ?? []), fromForward(action)];
    // Only several actions need an order, and then each of them (Elastic Load Balancing API, Action).
    const ordered = actions.length > 1 ? actions.map((each, index) => ({ ...each, Order: index + 1 })) : actions;
    if (isRule(entranceArn)) {
      const command = new sdk.ModifyRuleCommand({ RuleArn: entranceArn, Actions: ordered });
      await this.call("ModifyRule", async ({ loadBalancing }) => loadBalancing.send(command));
    } else {
      const command = new sdk.ModifyListenerCommand({ ListenerArn: entranceArn, DefaultActions: ordered });
      await this.call("ModifyListener", async ({ loadBalancing }) => loadBalancing.send(command));
    }
  }

  async rules(listenerArn: string): Promise<readonly RuleView[]> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const rules: RuleView[] = [];
    let marker: string | undefined;
    do {
      const command = new sdk.DescribeRulesCommand({ ListenerArn: listenerArn, ...(marker ? { Marker: marker } : {}) });
      const answer = await this.call("DescribeRules", async ({ loadBalancing }) => loadBalancing.send(command));
      rules.push(...(answer.Rules ?? []).map(toRule));
      marker = answer.NextMarker;
    } while (marker);
    return rules;
  }

  async listener(listenerArn: string): Promise<ListenerView | undefined> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const found = await this.call(
      "DescribeListeners",
      async ({ loadBalancing }) =>
        loadBalancing.send(new sdk.DescribeListenersCommand({ ListenerArns: [listenerArn] })),
      "ListenerNotFound",
    );
    const listener = typeof found === "string" ? undefined : found.Listeners?.[0];
    if (!listener?.LoadBalancerArn) return undefined;
    const balancerArn = listener.LoadBalancerArn;
    const balancers = await this.call("DescribeLoadBalancers", async ({ loadBalancing }) =>
      loadBalancing.send(new sdk.DescribeLoadBalancersCommand({ LoadBalancerArns: [balancerArn] })),
    );
    return {
      arn: listenerArn,
      protocol: listener.Protocol ?? "",
      port: listener.Port ?? 0,
      dnsName: balancers.LoadBalancers?.[0]?.DNSName ?? "",
    };
  }

  async listenerArns(loadBalancerArn: string): Promise<readonly string[]> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const arns: string[] = [];
    let marker: string | undefined;
    do {
      const command = new sdk.DescribeListenersCommand({
        LoadBalancerArn: loadBalancerArn,
        ...(marker ? { Marker: marker } : {}),
      });
      const answer = await this.call("DescribeListeners", async ({ loadBalancing }) => loadBalancing.send(command));
      arns.push(...(answer.Listeners ?? []).flatMap(({ ListenerArn }) => ListenerArn ?? []));
      marker = answer.NextMarker;
    } while (marker);
    return arns;
  }

  async tags(arn: string): Promise<Readonly<Record<string, string>>> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const answer = await this.call("DescribeTags", async ({ loadBalancing }) =>
      loadBalancing.send(new sdk.DescribeTagsCommand({ ResourceArns: [arn] })),
    );
    const tags = answer.TagDescriptions?.[0]?.Tags ?? [];
    return Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""]));
  }

  /** The actions of a rule, or the default ones of a listener; undefined when there is no such thing. */
  async #actions(entranceArn: string): Promise<readonly Action[] | undefined> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    if (isRule(entranceArn)) {
      const answer = await this.call(
        "DescribeRules",
        async ({ loadBalancing }) => loadBalancing.send(new sdk.DescribeRulesCommand({ RuleArns: [entranceArn] })),
        "RuleNotFound",
      );
      return typeof answer === "string" ? undefined : answer.Rules?.[0]?.Actions;
    }
    const answer = await this.call(
      "DescribeListeners",
      async ({ loadBalancing }) =>
        loadBalancing.send(new sdk.DescribeListenersCommand({ ListenerArns: [entranceArn] })),
      "ListenerNotFound",
    );
    return typeof answer === "string" ? undefined : answer.Listeners?.[0]?.DefaultActions;
  }
}

function isRule(arn: string): boolean {
  return arn.includes(":listener-rule/");
}

/** An action as it may be sent back: AWS keeps a client's secret to itself, and keeps the one it has when told so. */
function reusable(action: Action): Action {
  const oidc = action.AuthenticateOidcConfig;
  return oidc ? { ...action, AuthenticateOidcConfig: { ...oidc, UseExistingClientSecret: true } } : action;
}
