import { AwsError } from "../awsError.js";
import { newId, stableId } from "./ids.js";
import type { Network } from "./network.js";
import { invalidParameter } from "./operation.js";
import { type Rule, type RuleSpec, ruleText, sameTraffic } from "./securityGroupRules.js";
import type { Tags } from "./tags.js";

export interface SecurityGroup {
  readonly groupId: string;
  readonly name: string;
  readonly description: string;
  readonly vpcId: string;
}

/** "60 inbound or outbound rules per security group" (VPC quotas). */
const mostRulesPerDirection = 60;

/**
 * Security groups and their rules. The rules are kept and read back; the local cloud does not filter traffic by them.
 */
export class SecurityGroups {
  private readonly groups = new Map<string, SecurityGroup>();
  private readonly rules = new Map<string, Rule>();

  constructor(
    private readonly network: Network,
    private readonly tags: Tags,
  ) {
    for (const { vpcId } of network.listVpcs()) this.createDefault(vpcId, stableId("sg", vpcId));
  }

  /** The group that each VPC comes with: all in from its own members, all out. */
  createDefault(vpcId: string, groupId: string = newId("sg")): SecurityGroup {
    const group = { groupId, name: "default", description: "default VPC security group", vpcId };
    this.groups.set(groupId, group);
    this.addRules(groupId, false, [{ protocol: "-1", peerGroupId: groupId }]);
    this.addRules(groupId, true, [{ protocol: "-1", cidrIpv4: "0.0.0.0/0" }]);
    return group;
  }

  /** A new group lets nothing in and everything out. */
  create(name: string, description: string, vpcId: string): SecurityGroup {
    checkText("groupName", name);
    checkText("groupDescription", description);
    if (name.startsWith("sg-")) {
      throw invalidParameter(`Invalid value '${name}' for groupName. Group names may not be in the format sg-*.`);
    }
    if (name.toLowerCase() === "default") throw invalidParameter(`Cannot use reserved security group name: ${name}`);
    this.network.vpc(vpcId);
    if (this.list(vpcId).some((group) => group.name === name)) {
      throw new AwsError("InvalidGroup.Duplicate", `The security group '${name}' already exists for VPC '${vpcId}'`);
    }
    const group = { groupId: newId("sg"), name, description, vpcId };
    this.groups.set(group.groupId, group);
    this.addRules(group.groupId, true, [{ protocol: "-1", cidrIpv4: "0.0.0.0/0" }]);
    return group;
  }

  list(vpcId?: string): SecurityGroup[] {
    return [...this.groups.values()].filter((group) => vpcId === undefined || group.vpcId === vpcId);
  }

  has(groupId: string): boolean {
    return this.groups.has(groupId);
  }

  get(groupId: string): SecurityGroup {
    const group = this.groups.get(groupId);
    if (!group) throw new AwsError("InvalidGroup.NotFound", `The security group '${groupId}' does not exist`);
    return group;
  }

  byName(name: string, vpcId: string): SecurityGroup {
    const group = this.list(vpcId).find((candidate) => candidate.name === name);
    if (group) return group;
    throw new AwsError("InvalidGroup.NotFound", `The security group '${name}' does not exist in VPC '${vpcId}'`);
  }

  defaultOf(vpcId: string): SecurityGroup {
    return this.byName("default", vpcId);
  }

  /** Another group with a rule that names this one. */
  referencedBy(groupId: string): string | undefined {
    const rule = [...this.rules.values()].find((r) => r.peerGroupId === groupId && r.ownerGroupId !== groupId);
    return rule?.ownerGroupId;
  }

  remove(groupId: string): void {
    for (const rule of this.rulesOf(groupId)) this.removeRule(rule.ruleId);
    this.groups.delete(groupId);
    this.tags.forget(groupId);
  }

  hasRule(ruleId: string): boolean {
    return this.rules.has(ruleId);
  }

  allRules(): Rule[] {
    return [...this.rules.values()];
  }

  rulesOf(groupId: string, isEgress?: boolean): Rule[] {
    return this.allRules().filter(
      (rule) => rule.ownerGroupId === groupId && (isEgress === undefined || rule.isEgress === isEgress),
    );
  }

  rule(ruleId: string): Rule {
    const rule = this.rules.get(ruleId);
    if (rule) return rule;
    throw new AwsError("InvalidSecurityGroupRuleId.NotFound", `The security group rule ID '${ruleId}' does not exist`);
  }

  /** Adds all rules or none. */
  addRules(groupId: string, isEgress: boolean, specs: readonly RuleSpec[]): Rule[] {
    const present: RuleSpec[] = this.rulesOf(groupId, isEgress);
    for (const spec of specs) {
      if (spec.peerGroupId !== undefined) this.get(spec.peerGroupId);
      if (present.some((rule) => sameTraffic(rule, spec))) {
        throw new AwsError("InvalidPermission.Duplicate", `the specified rule "${ruleText(spec)}" already exists`);
      }
      present.push(spec);
    }
    if (present.length > mostRulesPerDirection) {
      throw new AwsError(
        "RulesPerSecurityGroupLimitExceeded",
        `The maximum number of rules per security group has been reached (${mostRulesPerDirection}).`,
      );
    }
    return specs.map((spec) => {
      const rule: Rule = { ...spec, ruleId: newId("sgr"), ownerGroupId: groupId, isEgress };
      this.rules.set(rule.ruleId, rule);
      return rule;
    });
  }

  /** Replaces what a rule says; its id and direction stay. */
  changeRule(ruleId: string, spec: RuleSpec): void {
    const { ownerGroupId, isEgress } = this.rule(ruleId);
    if (spec.peerGroupId !== undefined) this.get(spec.peerGroupId);
    const twin = this.rulesOf(ownerGroupId, isEgress).find((rule) => rule.ruleId !== ruleId && sameTraffic(rule, spec));
    if (twin) {
      throw new AwsError("InvalidPermission.Duplicate", `the specified rule "${ruleText(spec)}" already exists`);
    }
    this.rules.set(ruleId, { ...spec, ruleId, ownerGroupId, isEgress });
  }

  removeRule(ruleId: string): void {
    this.rules.delete(ruleId);
    this.tags.forget(ruleId);
  }
}

/** "Up to 255 characters: a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*" (botocore model, CreateSecurityGroup). */
function checkText(parameter: string, text: string): void {
  if (/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(text)) return;
  throw invalidParameter(
    `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*, or more than 255 characters.`,
  );
}
