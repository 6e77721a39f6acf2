import * as lb from "@pulumi/aws/lb";
import * as pulumi from "@pulumi/pulumi";
import { type AudiencePlan, cookiePattern } from "./checkAudience.js";
import type { EntrancePlan } from "./checkEntrance.js";
import { conditionsOf, type Entrance } from "./entrance.js";

export interface AudienceRuleWish {
  readonly audience: AudiencePlan;
  readonly plan: EntrancePlan;
  readonly entrance: Entrance;
  readonly targetGroupArn: pulumi.Input<string>;
}

/** The rule that leads an audience to one version. Where the entrance is a rule, its own conditions hold here too. */
export function createAudienceRule(
  name: string,
  { audience, plan, entrance, targetGroupArn }: AudienceRuleWish,
  opts: pulumi.CustomResourceOptions,
): lb.ListenerRule {
  const listenerArn = plan.kind === "rule" ? plan.listenerArn : entrance.id;
  return new lb.ListenerRule(
    name,
    {
      listenerArn,
      priority: audience.priority,
      conditions: [...(plan.kind === "rule" ? conditionsOf(plan.conditions) : []), ...audienceConditions(audience)],
      actions: [{ type: "forward", targetGroupArn }],
    },
    opts,
  );
}

function audienceConditions({ header, cookie, query, sourceCidrs }: AudiencePlan) {
  return [
    ...(header ? [{ httpHeader: { httpHeaderName: header.name, values: header.values } }] : []),
    ...(cookie ? [{ httpHeader: { httpHeaderName: "Cookie", values: [pattern(cookie.name, cookie.value)] } }] : []),
    ...(query ? [{ queryStrings: queryStrings(query.key, query.values) }] : []),
    ...(sourceCidrs !== undefined ? [{ sourceIp: { values: sourceCidrs } }] : []),
  ];
}

function pattern(name: pulumi.Input<string>, value: pulumi.Input<string>): pulumi.Input<string> {
  if (typeof name === "string" && typeof value === "string") return cookiePattern(name, value);
  return pulumi.all([name, value]).apply(([knownName, knownValue]) => cookiePattern(knownName, knownValue));
}

function queryStrings(key: pulumi.Input<string>, values: pulumi.Input<pulumi.Input<string>[]>) {
  return pulumi.output(values).apply((known) => known.map((value) => ({ key, value })));
}
