import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { type Elb, putIntoUse, replace } from "../context.js";
import type { ListenerRecord, RuleRecord } from "../model.js";
import { arnOf, newId } from "../naming.js";
import { page } from "../paging.js";
import { invalid, notServed, requireRange } from "../refusals.js";
import { mergeTags } from "../tagging.js";
import { normalizeActions } from "../validation/actions.js";
import { normalizeConditions } from "../validation/conditions.js";
import { requireForwardable } from "../validation/forwarding.js";
import { ruleView } from "../views.js";
import { withActions } from "../weights.js";

/** Listener rules: create, describe, change, reorder, delete. */
export function ruleOperations(elb: Elb): Record<string, Operation> {
  return {
    CreateRule: (input) => create(elb, input),
    DescribeRules: (input) => describe(elb, input),
    ModifyRule: (input) => modify(elb, input),
    SetRulePriorities: (input) => setPriorities(elb, input),
    DeleteRule: (input) => remove(elb, input),
  };
}

async function create(elb: Elb, input: sdk.CreateRuleCommandInput): Promise<Out<sdk.CreateRuleCommandOutput>> {
  const { store } = elb;
  const listener = store.listener(input.ListenerArn ?? "");
  if (input.Transforms?.length) throw notServed("rule transforms");
  const priority = requirePriority(input.Priority);
  const conditions = normalizeConditions(input.Conditions ?? []);
  const actions = normalizeActions(input.Actions ?? []);
  requireForwardable(store, store.loadBalancer(listener.loadBalancerArn), actions);
  const tags = mergeTags(new Map(), input.Tags ?? []);
  requireFree(store.rulesOf(listener.arn), priority);
  const count = store
    .listenersOf(listener.loadBalancerArn)
    .flatMap((sibling) => store.rulesOf(sibling.arn))
    .filter((rule) => !isDefault(rule)).length;
  // ALB guide, quotas: a hundred rules per load balancer, default rules not counted.
  if (count >= 100) {
    throw new AwsError("TooManyRules", "The maximum number of rules has been reached on this load balancer: 100");
  }
  const arn = arnOf(elb, `listener-rule/${listener.path}/${newId()}`);
  const record = { arn, listenerArn: listener.arn, priority, conditions, actions };
  const undos = [replace(store.rules, arn, record), replace(store.tags, arn, tags)];
  await apply(elb, listener, undos);
  return { Rules: [ruleView(record)] };
}

function describe(elb: Elb, input: sdk.DescribeRulesCommandInput): Out<sdk.DescribeRulesCommandOutput> {
  const { ListenerArn: listenerArn, RuleArns: arns } = input;
  if (listenerArn === undefined && !arns?.length)
    throw invalid("You must specify either listener rule ARNs or a listener ARN");
  if (listenerArn !== undefined && arns?.length) {
    throw invalid("Listener ARN and rule ARNs cannot be specified at the same time");
  }
  const picked = arns?.length
    ? arns.map((arn) => elb.store.rule(arn))
    : elb.store.rulesOf(elb.store.listener(listenerArn ?? "").arn);
  const { items, NextMarker } = page(picked, (record) => record.arn, input);
  return { Rules: items.map(ruleView), ...(NextMarker !== undefined && { NextMarker }) };
}

/** Replaces whole lists; what is not given stays (API reference). */
async function modify(elb: Elb, input: sdk.ModifyRuleCommandInput): Promise<Out<sdk.ModifyRuleCommandOutput>> {
  const { store } = elb;
  const record = store.rule(input.RuleArn ?? "");
  if (input.Transforms?.length) throw notServed("rule transforms");
  if (isDefault(record)) {
    throw new AwsError("OperationNotPermitted", `Default rule '${record.arn}' cannot be modified; modify its listener`);
  }
  const listener = store.listener(record.listenerArn);
  const changed: RuleRecord = {
    ...(input.Actions === undefined ? record : withActions(record, normalizeActions(input.Actions))),
    ...(input.Conditions !== undefined && { conditions: normalizeConditions(input.Conditions) }),
  };
  requireForwardable(store, store.loadBalancer(listener.loadBalancerArn), changed.actions);
  await apply(elb, listener, [replace(store.rules, record.arn, changed)]);
  return { Rules: [ruleView(changed)] };
}

async function setPriorities(
  elb: Elb,
  input: sdk.SetRulePrioritiesCommandInput,
): Promise<Out<sdk.SetRulePrioritiesCommandOutput>> {
  const { store } = elb;
  const wanted = new Map<string, RuleRecord>();
  for (const { RuleArn = "", Priority } of input.RulePriorities ?? []) {
    const record = store.rule(RuleArn);
    if (isDefault(record))
      throw new AwsError("OperationNotPermitted", `The priority of default rule '${RuleArn}' is fixed`);
    if (wanted.has(RuleArn)) throw invalid(`Rule '${RuleArn}' is given more than once`);
    wanted.set(RuleArn, { ...record, priority: requirePriority(Priority) });
  }
  const listenerArns = new Set([...wanted.values()].map((record) => record.listenerArn));
  const [listenerArn] = listenerArns;
  if (listenerArn === undefined) throw invalid("At least one rule priority must be specified");
  if (listenerArns.size > 1) throw invalid("All rules must belong to the same listener");
  const others = store.rulesOf(listenerArn).filter((rule) => !wanted.has(rule.arn));
  const placed: RuleRecord[] = [...others];
  for (const record of wanted.values()) {
    requireFree(placed, record.priority);
    placed.push(record);
  }
  await apply(
    elb,
    store.listener(listenerArn),
    [...wanted].map(([arn, record]) => replace(store.rules, arn, record)),
  );
  return { Rules: [...wanted.values()].map(ruleView) };
}

async function remove(elb: Elb, input: sdk.DeleteRuleCommandInput): Promise<Out<sdk.DeleteRuleCommandOutput>> {
  const { store } = elb;
  const record = store.rule(input.RuleArn ?? "");
  if (isDefault(record)) throw new AwsError("OperationNotPermitted", `Default rule '${record.arn}' cannot be deleted`);
  store.rules.delete(record.arn);
  store.tags.delete(record.arn);
  await apply(elb, store.listener(record.listenerArn), []);
  return {};
}

function apply(elb: Elb, listener: ListenerRecord, undos: readonly (() => void)[]): Promise<void> {
  return putIntoUse(elb, listener.loadBalancerArn, () => {
    for (const undo of undos) undo();
  });
}

function requirePriority(priority: number | undefined): number {
  return requireRange("Priority", priority ?? Number.NaN, 1, 50000);
}

function requireFree(rules: readonly RuleRecord[], priority: number): void {
  if (rules.some((rule) => rule.priority === priority)) {
    throw new AwsError("PriorityInUse", `Priority '${priority}' is currently in use`);
  }
}

const isDefault = (rule: RuleRecord): boolean => rule.priority === Number.POSITIVE_INFINITY;
