import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../inputs/whenKnown.js";
import type { EntrancePlan, RuleConditions } from "./checkEntrance.js";

/** A target and the share of new sessions that it gets. */
export interface WeightedTarget {
  /** A target group's ARN, or what another front calls its targets. */
  readonly targetGroupArn: pulumi.Input<string>;
  /** As AWS keeps it: a whole number from 0 to 999, of which only the ratio counts (plan/weights makes it of percent). */
  readonly weight: pulumi.Input<number>;
}

/** What holds the weights, whichever front made it. */
export interface Entrance {
  /** The listener, the rule, the route. */
  readonly resource: pulumi.CustomResource;
  /** Its ARN, or `NAMESPACE/NAME` of an HTTPRoute. */
  readonly id: pulumi.Output<string>;
  /** For `component.nodes`. */
  readonly nodes: object;
  /** Where users reach it, when the program told by which name. */
  readonly url: pulumi.Output<string | undefined>;
  /** `app/NAME/ID` of an Application Load Balancer: what CloudWatch and scaling policies call it. */
  readonly loadBalancerSuffix?: pulumi.Input<string>;
}

/** The listener or the rule whose forward action holds the weights. */
export interface AlbEntrance extends Entrance {
  readonly listener?: lb.Listener;
  readonly rule?: lb.ListenerRule;
  readonly loadBalancerSuffix: pulumi.Input<string>;
}

/** What an entrance may have besides its weights. */
export interface EntranceExtras {
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  /** How long a user stays on the target group that served first (`AWSALBTG` cookie); off when absent. */
  readonly stickinessSeconds?: pulumi.Input<number>;
  /** Tags of the listener or the rule: what the program says about the weights, such as which side is live. */
  readonly tags?: Record<string, string>;
}

/** Creates the entrance. Every weight is sent, also one that says nothing: an absent weight is not always taken as the same. */
export function createEntrance(
  name: string,
  plan: EntrancePlan,
  targets: readonly WeightedTarget[],
  opts: pulumi.CustomResourceOptions,
  { stickinessSeconds, tags }: EntranceExtras,
): AlbEntrance {
  const action = {
    type: "forward",
    forward: {
      targetGroups: targets.map(({ targetGroupArn, weight }) => ({ arn: targetGroupArn, weight })),
      ...(stickinessSeconds !== undefined ? { stickiness: { enabled: true, duration: stickinessSeconds } } : {}),
    },
  };
  const tagged = tags !== undefined ? { tags } : {};
  if (plan.kind === "listener") {
    const listener = new lb.Listener(
      name,
      {
        loadBalancerArn: plan.loadBalancerArn,
        port: plan.port,
        protocol: plan.protocol,
        ...(plan.certificateArn !== undefined ? { certificateArn: plan.certificateArn } : {}),
        defaultActions: [action],
        ...tagged,
      },
      opts,
    );
    const { loadBalancerArn } = plan;
    return {
      resource: listener,
      id: listener.arn,
      nodes: { listener },
      listener,
      url: urlOf(plan),
      loadBalancerSuffix: suffixOf(loadBalancerArn),
    };
  }
  const rule = new lb.ListenerRule(
    name,
    {
      listenerArn: plan.listenerArn,
      priority: plan.priority,
      conditions: conditionsOf(plan.conditions),
      actions: [action],
      ...tagged,
    },
    opts,
  );
  return {
    resource: rule,
    id: rule.arn,
    nodes: { listenerRule: rule },
    rule,
    url: urlOf(plan),
    loadBalancerSuffix: suffixOf(plan.listenerArn),
  };
}

export function conditionsOf({ hosts, paths, headers }: RuleConditions) {
  return [
    ...(hosts !== undefined ? [{ hostHeader: { values: hosts } }] : []),
    ...(paths !== undefined ? [{ pathPattern: { values: paths } }] : []),
    ...headers.map(({ name, values }) => ({ httpHeader: { httpHeaderName: name, values } })),
  ];
}

function urlOf(plan: EntrancePlan): pulumi.Output<string | undefined> {
  // Of your own listener Hitless knows neither port nor protocol.
  if (plan.kind === "rule" || plan.hostName === undefined) return pulumi.output<string | undefined>(undefined);
  const scheme = plan.protocol.toLowerCase();
  const usual = scheme === "https" ? 443 : 80;
  return pulumi
    .all([plan.hostName, plan.port])
    .apply(([host, port]): string | undefined => `${scheme}://${host}${port === usual ? "" : `:${port}`}`);
}

/** The `app/NAME/ID` part of the ARN of a load balancer or of one of its listeners. */
function suffixOf(arn: pulumi.Input<string>): pulumi.Input<string> {
  return whenKnown(arn, (known) => {
    const match = /(?:loadbalancer|listener)\/(app\/[^/]+\/[^/]+)/.exec(known);
    if (!match) throw new Error(`"${known}" is not the ARN of an Application Load Balancer or its listener`);
    return match[1] as string;
  });
}
