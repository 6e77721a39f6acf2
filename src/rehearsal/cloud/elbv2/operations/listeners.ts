import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { changeAttributes, defaultAttributes, listAttributes, listenerAttributes } from "../attributes.js";
import { type Elb, putIntoUse, replace } from "../context.js";
import type { ListenerRecord, RuleRecord } from "../model.js";
import { arnOf, newId } from "../naming.js";
import { page } from "../paging.js";
import { invalid, requireRange } from "../refusals.js";
import { mergeTags } from "../tagging.js";
import { normalizeActions } from "../validation/actions.js";
import { requireForwardable } from "../validation/forwarding.js";
import { secureSettings } from "../validation/tls.js";
import { listenerView } from "../views.js";
import { withActions } from "../weights.js";

/** Listeners: create, describe, change, delete. */
export function listenerOperations(elb: Elb): Record<string, Operation> {
  return {
    CreateListener: (input) => create(elb, input),
    DescribeListeners: (input) => describe(elb, input),
    ModifyListener: (input) => modify(elb, input),
    DeleteListener: (input) => remove(elb, input),
    DescribeListenerAttributes: (input: sdk.DescribeListenerAttributesCommandInput) => ({
      Attributes: listAttributes(elb.store.listener(input.ListenerArn ?? "").attributes),
    }),
    ModifyListenerAttributes: async (input: sdk.ModifyListenerAttributesCommandInput) => {
      const record = elb.store.listener(input.ListenerArn ?? "");
      const attributes = changeAttributes(listenerAttributes, record.attributes, input.Attributes ?? [], elb.log);
      await putIntoUse(
        elb,
        record.loadBalancerArn,
        replace(elb.store.listeners, record.arn, { ...record, attributes }),
      );
      return { Attributes: listAttributes(attributes) };
    },
    DescribeListenerCertificates: (input: sdk.DescribeListenerCertificatesCommandInput) => {
      const { tls } = elb.store.listener(input.ListenerArn ?? "");
      return { Certificates: tls ? [{ CertificateArn: tls.certificateArn, IsDefault: true }] : [] };
    },
  };
}

async function create(elb: Elb, input: sdk.CreateListenerCommandInput): Promise<Out<sdk.CreateListenerCommandOutput>> {
  const { store } = elb;
  const loadBalancer = store.loadBalancer(input.LoadBalancerArn ?? "");
  const secure = secureSettings(input, undefined);
  if (input.Port === undefined) throw invalid("A listener port must be specified");
  const port = requireRange("Port", input.Port, 1, 65535);
  const actions = normalizeActions(input.DefaultActions ?? []);
  requireForwardable(store, loadBalancer, actions);
  const tags = mergeTags(new Map(), input.Tags ?? []);
  const siblings = store.listenersOf(loadBalancer.arn);
  const existing = siblings.find((listener) => listener.port === port);
  if (existing) {
    // Creating the same again succeeds (API reference).
    const { protocol, tls } = existing;
    const before = [{ protocol, tls }, store.defaultRuleOf(existing.arn).actions];
    if (JSON.stringify(before) === JSON.stringify([secure, actions]))
      return { Listeners: [listenerView(existing, store)] };
    throw duplicatePort(loadBalancer.arn);
  }
  // ALB guide, quotas: fifty listeners per load balancer.
  if (siblings.length >= 50) throw new AwsError("TooManyListeners", "A load balancer can have at most 50 listeners");
  const path = `${loadBalancer.path}/${newId()}`;
  const arn = arnOf(elb, `listener/${path}`);
  const record: ListenerRecord = {
    arn,
    path,
    loadBalancerArn: loadBalancer.arn,
    port,
    ...secure,
    attributes: defaultAttributes(listenerAttributes),
  };
  const defaultRule: RuleRecord = {
    arn: arnOf(elb, `listener-rule/${path}/${newId()}`),
    listenerArn: arn,
    priority: Number.POSITIVE_INFINITY,
    conditions: [],
    actions,
  };
  const undos = [
    replace(store.listeners, arn, record),
    replace(store.rules, defaultRule.arn, defaultRule),
    replace(store.tags, arn, tags),
  ];
  await putIntoUse(elb, loadBalancer.arn, () => {
    for (const undo of undos) undo();
  });
  return { Listeners: [listenerView(record, store)] };
}

function describe(elb: Elb, input: sdk.DescribeListenersCommandInput): Out<sdk.DescribeListenersCommandOutput> {
  const { LoadBalancerArn: loadBalancerArn, ListenerArns: arns } = input;
  if (loadBalancerArn === undefined && !arns?.length) {
    throw invalid("You must specify either listener ARNs or a load balancer ARN");
  }
  if (loadBalancerArn !== undefined && arns?.length) {
    throw invalid("Load balancer ARN and listener ARNs cannot be specified at the same time");
  }
  const picked = arns?.length
    ? arns.map((arn) => elb.store.listener(arn))
    : elb.store.listenersOf(elb.store.loadBalancer(loadBalancerArn ?? "").arn);
  const { items, NextMarker } = page(picked, (record) => record.arn, input);
  return {
    Listeners: items.map((record) => listenerView(record, elb.store)),
    ...(NextMarker !== undefined && { NextMarker }),
  };
}

async function modify(elb: Elb, input: sdk.ModifyListenerCommandInput): Promise<Out<sdk.ModifyListenerCommandOutput>> {
  const { store } = elb;
  const record = store.listener(input.ListenerArn ?? "");
  const secure = secureSettings(input, record);
  const port = input.Port === undefined ? record.port : requireRange("Port", input.Port, 1, 65535);
  const taken = store
    .listenersOf(record.loadBalancerArn)
    .some((other) => other.arn !== record.arn && other.port === port);
  if (taken) throw duplicatePort(record.loadBalancerArn);
  const undos: (() => void)[] = [];
  if (input.DefaultActions !== undefined) {
    const actions = normalizeActions(input.DefaultActions);
    requireForwardable(store, store.loadBalancer(record.loadBalancerArn), actions);
    const rule = store.defaultRuleOf(record.arn);
    undos.push(replace(store.rules, rule.arn, withActions(rule, actions)));
  }
  const changed = { ...record, port, ...secure };
  undos.push(replace(store.listeners, record.arn, changed));
  await putIntoUse(elb, record.loadBalancerArn, () => {
    for (const undo of undos) undo();
  });
  return { Listeners: [listenerView(changed, store)] };
}

async function remove(elb: Elb, input: sdk.DeleteListenerCommandInput): Promise<Out<sdk.DeleteListenerCommandOutput>> {
  const { store } = elb;
  const record = store.listener(input.ListenerArn ?? "");
  for (const rule of store.rulesOf(record.arn)) {
    store.rules.delete(rule.arn);
    store.tags.delete(rule.arn);
  }
  store.listeners.delete(record.arn);
  store.tags.delete(record.arn);
  await putIntoUse(elb, record.loadBalancerArn, () => undefined);
  return {};
}

function duplicatePort(loadBalancerArn: string): AwsError {
  return new AwsError(
    "DuplicateListener",
    `A listener already exists on this port for this load balancer '${loadBalancerArn}'`,
  );
}
