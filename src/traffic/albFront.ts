import type * as pulumi from "@pulumi/pulumi";
import { Faults } from "../errors/faults.js";
import { awsSettingsOf } from "../gates/aws/providerSettings.js";
import type { BalancerCloud, RuleView } from "../gates/balancerCloud.js";
import { connect } from "../gates/connect.js";
import type { EntranceFacts } from "../gates/verify/previewTarget.js";
import { whenKnown } from "../inputs/whenKnown.js";
import { COMPONENT_TAG } from "../plan/releaseTags.js";
import { createAudienceRule } from "./audience.js";
import { checkAudience } from "./checkAudience.js";
import { checkEntrance, type EntrancePlan } from "./checkEntrance.js";
import { checkPreview } from "./checkPreview.js";
import { type AlbEntrance, createEntrance } from "./entrance.js";
import type { EntranceArgs } from "./entranceArgs.js";
import { entranceIn } from "./entranceIn.js";
import type { Front } from "./front.js";
import { createPreviewRoute, previewAddress } from "./previewRoute.js";
import { claimPriorities, entranceClaims } from "./rulePriorities.js";
import { checkStickiness } from "./stickiness.js";
import { createTargetGroup } from "./targetGroup.js";

/** Application Load Balancers: an entrance is a listener or a rule, and a target is a target group. */
export const albFront: Front<EntrancePlan> = {
  checkEntrance(args, faults, { vpcId, targetType }) {
    if (vpcId === undefined && targetType === "ip") {
      const why = "Targets by address are looked for in one VPC.";
      faults.add({
        code: "HIT106",
        problem: "fleet.vpcId is missing.",
        fix: "set fleet.vpcId to the cluster's VPC",
        why,
      });
    }
    return checkEntrance(args as EntranceArgs, faults);
  },
  checkPreview,
  checkAudience,
  checkStickiness,
  checkAlarms: () => {},

  claim(subject, plan, audiences, faults) {
    // Nobody else has rules on a listener of the component's own.
    const listenerArn = plan.kind === "rule" ? plan.listenerArn : `the listener of ${subject}`;
    const claims = audiences.map(({ path, audience: { priority } }) => ({
      listenerArn,
      priority,
      argument: `${path}.audience.priority`,
    }));
    claimPriorities(faults, [...entranceClaims(plan), ...claims]);
  },

  claimPreview(subject, route, entrance) {
    const { listener } = entrance as AlbEntrance;
    if (route.kind === "port" || !listener) return;
    const faults = new Faults(subject);
    claimPriorities(faults, [{ listenerArn: listener.arn, priority: route.priority, argument: "preview.priority" }]);
    faults.throwIfAny();
  },

  facts: (plan) => factsOf(plan) as pulumi.Input<EntranceFacts>,

  place: (plan) =>
    plan.kind === "rule"
      ? whenKnown({ id: plan.listenerArn, priority: plan.priority }, ({ id, priority }) => ({
          id,
          priority: String(priority),
        }))
      : whenKnown(plan.loadBalancerArn, (id) => ({ id })),

  createTarget(name, { place, healthCheck, drainSeconds, component }, opts) {
    const { vpcId, port, targetType } = place;
    if (vpcId === undefined) throw new Error("a target group stands in a VPC"); // checkFleet promises it
    const tags = { [COMPONENT_TAG]: component };
    const targetGroup = createTargetGroup(name, { vpcId, port, targetType, healthCheck, drainSeconds, tags }, opts);
    return { id: targetGroup.arn, kind: "targetGroup", resource: targetGroup, nodes: { targetGroup } };
  },

  createEntrance,

  createPreviewRoute(name, { target, ...wish }, opts) {
    const { rule, listener } = createPreviewRoute(name, { ...wish, targetGroupArn: target.id }, opts);
    return { ...(rule ? { previewRule: rule } : {}), ...(listener ? { previewListener: listener } : {}) };
  },

  createAudienceRoute(name, { target, ...wish }, opts) {
    const audienceRule = createAudienceRule(name, { ...wish, targetGroupArn: target.id }, opts);
    return { audienceRule };
  },

  previewAddress,
  entranceIn,
  tagPath: (tag) => `tags["${tag}"]`,
  inPlaceOf,

  link(component) {
    const settings = awsSettingsOf(component);
    return { balancer: async (subject, arn) => connect(subject, await settings, arn) };
  },
};

function factsOf(plan: EntrancePlan): pulumi.Input<unknown> {
  if (plan.kind === "rule") {
    const { hosts, headers } = plan.conditions;
    return { hosts: hosts ?? [], headers };
  }
  return { hosts: [], headers: [], ...(plan.hostName !== undefined ? { hostName: plan.hostName } : {}) };
}

interface RuleProperties {
  readonly listenerArn?: string;
  readonly priority?: number;
}

/** AWS has one rule in a place. */
async function inPlaceOf(properties: object, cloud: BalancerCloud): Promise<RuleView | undefined> {
  const { listenerArn, priority } = properties as RuleProperties;
  if (listenerArn === undefined || priority === undefined) return undefined;
  return (await cloud.rules(listenerArn)).find((rule) => rule.priority === String(priority));
}
