import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { Operation, Out } from "../../service.js";
import { changeAttributes, defaultAttributes, listAttributes, targetGroupAttributes } from "../attributes.js";
import { type Elb, putIntoUse, replace } from "../context.js";
import type { TargetGroupRecord } from "../model.js";
import { arnOf, newId } from "../naming.js";
import { page } from "../paging.js";
import { invalid, notServed, requireOneOf, requireRange } from "../refusals.js";
import { mergeTags } from "../tagging.js";
import { healthCheckDefaults, healthCheckSettings } from "../validation/healthCheck.js";
import { requireName } from "../validation/names.js";
import { targetGroupView } from "../views.js";

/** Target groups: create, describe, change, delete. */
export function targetGroupOperations(elb: Elb): Record<string, Operation> {
  return {
    CreateTargetGroup: (input) => create(elb, input),
    DescribeTargetGroups: (input) => describe(elb, input),
    ModifyTargetGroup: async (input: sdk.ModifyTargetGroupCommandInput) => {
      const record = elb.store.targetGroup(input.TargetGroupArn ?? "");
      const changed = { ...record, healthCheck: healthCheckSettings(record.healthCheck, input) };
      await change(elb, changed);
      return { TargetGroups: [targetGroupView(changed, elb.store)] };
    },
    DeleteTargetGroup: (input) => remove(elb, input),
    DescribeTargetGroupAttributes: (input: sdk.DescribeTargetGroupAttributesCommandInput) => ({
      Attributes: listAttributes(elb.store.targetGroup(input.TargetGroupArn ?? "").attributes),
    }),
    ModifyTargetGroupAttributes: async (input: sdk.ModifyTargetGroupAttributesCommandInput) => {
      const record = elb.store.targetGroup(input.TargetGroupArn ?? "");
      const attributes = changeAttributes(targetGroupAttributes, record.attributes, input.Attributes ?? [], elb.log);
      requireConsistent(attributes);
      await change(elb, { ...record, attributes });
      return { Attributes: listAttributes(attributes) };
    },
  };
}

function create(elb: Elb, input: sdk.CreateTargetGroupCommandInput): Out<sdk.CreateTargetGroupCommandOutput> {
  const wanted = settingsFrom(input);
  const tags = mergeTags(new Map(), input.Tags ?? []);
  const existing = [...elb.store.targetGroups.values()].find((record) => record.name === wanted.name);
  if (existing) {
    // Creating the same again succeeds (API reference).
    if (settingsOf(existing) === settingsOf(wanted)) return { TargetGroups: [targetGroupView(existing, elb.store)] };
    throw new AwsError(
      "DuplicateTargetGroupName",
      `A target group with the same name '${wanted.name}' exists, but with different settings`,
    );
  }
  const path = `targetgroup/${wanted.name}/${newId()}`;
  const arn = arnOf(elb, path);
  const record = { ...wanted, arn, path, attributes: defaultAttributes(targetGroupAttributes) };
  elb.store.targetGroups.set(arn, record);
  elb.store.tags.set(arn, tags);
  return { TargetGroups: [targetGroupView(record, elb.store)] };
}

type Settings = Omit<TargetGroupRecord, "arn" | "path" | "attributes">;

function settingsFrom(input: sdk.CreateTargetGroupCommandInput): Settings {
  const name = requireName("Target group", input.Name ?? "");
  const targetType = input.TargetType ?? "instance";
  if (targetType === "lambda" || targetType === "alb") throw notServed(`target groups of type '${targetType}'`);
  if ((input.ProtocolVersion ?? "HTTP1") !== "HTTP1")
    throw notServed(`the protocol version '${input.ProtocolVersion}'`);
  if (input.TargetControlPort !== undefined) throw notServed("target control ports");
  if (input.Protocol === undefined) throw invalid("A protocol must be specified");
  if (!["HTTP", "HTTPS"].includes(input.Protocol)) throw notServed(`target groups with protocol '${input.Protocol}'`);
  if (input.Port === undefined) throw invalid("A port must be specified");
  if (!input.VpcId) {
    throw invalid(`A VPC ID must be specified when creating target groups for targets of type '${targetType}'`);
  }
  if ((input.IpAddressType ?? "ipv4") !== "ipv4") throw notServed(`the IP address type '${input.IpAddressType}'`);
  return {
    name,
    protocol: requireOneOf("Protocol", input.Protocol, ["HTTP", "HTTPS"]),
    port: requireRange("Port", input.Port, 1, 65535),
    vpcId: input.VpcId,
    targetType: requireOneOf("Target type", targetType, ["instance", "ip"]),
    ipAddressType: "ipv4",
    healthCheck: healthCheckSettings(healthCheckDefaults, input),
  };
}

function describe(elb: Elb, input: sdk.DescribeTargetGroupsCommandInput): Out<sdk.DescribeTargetGroupsCommandOutput> {
  const { Names: names, TargetGroupArns: arns, LoadBalancerArn: loadBalancerArn } = input;
  const selectors = [names?.length, arns?.length, loadBalancerArn].filter(Boolean).length;
  if (selectors > 1) throw invalid("Only one of load balancer ARN, target group ARNs and names can be specified");
  const all = [...elb.store.targetGroups.values()];
  const { items, NextMarker } = page(picked(), (record) => record.arn, input);
  return {
    TargetGroups: items.map((record) => targetGroupView(record, elb.store)),
    ...(NextMarker !== undefined && { NextMarker }),
  };

  function picked(): TargetGroupRecord[] {
    if (arns?.length) return arns.map((arn) => elb.store.targetGroup(arn));
    if (names?.length) return names.map(byName);
    if (loadBalancerArn === undefined) return all;
    elb.store.loadBalancer(loadBalancerArn);
    return elb.store.groupsOf(loadBalancerArn);
  }

  function byName(name: string): TargetGroupRecord {
    const record = all.find((candidate) => candidate.name === name);
    if (!record) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
    return record;
  }
}

/** Refused while a rule names it, at weight 0 as well; one that does not exist is deleted already. */
function remove(elb: Elb, input: sdk.DeleteTargetGroupCommandInput): Out<sdk.DeleteTargetGroupCommandOutput> {
  const arn = input.TargetGroupArn ?? "";
  if (elb.store.loadBalancerOf(arn)) {
    throw new AwsError("ResourceInUse", `Target group '${arn}' is currently in use by a listener or a rule`);
  }
  elb.targets.forget(arn);
  elb.store.targetGroups.delete(arn);
  elb.store.tags.delete(arn);
  return {};
}

async function change(elb: Elb, record: TargetGroupRecord): Promise<void> {
  const undo = replace(elb.store.targetGroups, record.arn, record);
  const loadBalancer = elb.store.loadBalancerOf(record.arn);
  if (loadBalancer) await putIntoUse(elb, loadBalancer.arn, undo);
}

/** Combinations that AWS refuses (ALB guide, "Target group attributes"). */
function requireConsistent(attributes: TargetGroupRecord["attributes"]): void {
  const algorithm = attributes["load_balancing.algorithm.type"];
  if (attributes["slow_start.duration_seconds"] !== "0" && algorithm !== "round_robin") {
    throw new AwsError("InvalidConfigurationRequest", `Slow start cannot be used with the algorithm '${algorithm}'`);
  }
  if (attributes["load_balancing.algorithm.anomaly_mitigation"] === "on" && algorithm !== "weighted_random") {
    throw new AwsError("InvalidConfigurationRequest", "Anomaly mitigation needs the algorithm 'weighted_random'");
  }
  const appCookie = attributes["stickiness.enabled"] === "true" && attributes["stickiness.type"] === "app_cookie";
  if (appCookie && attributes["stickiness.app_cookie.cookie_name"] === "") {
    throw new AwsError("InvalidConfigurationRequest", "A cookie name must be specified for app_cookie stickiness");
  }
}

function settingsOf(record: Settings): string {
  const { protocol, port, vpcId, targetType, ipAddressType, healthCheck } = record;
  return JSON.stringify([protocol, port, vpcId, targetType, ipAddressType, healthCheck]);
}
