import { isIPv4 } from "node:net";
import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { TargetHealthView } from "../../ports.js";
import type { Operation, Out } from "../../service.js";
import type { Elb } from "../context.js";
import type { TargetGroupRecord } from "../model.js";
import { notServed, requireRange } from "../refusals.js";
import { healthView } from "../targetHealth.js";
import type { Target } from "../targetTable.js";

/** Targets: register, deregister, describe. */
export function targetOperations(elb: Elb): Record<string, Operation> {
  return {
    RegisterTargets: (input: sdk.RegisterTargetsCommandInput) => {
      const group = elb.store.targetGroup(input.TargetGroupArn ?? "");
      registerTargets(elb, group, input.Targets ?? []);
      return {};
    },
    DeregisterTargets: (input: sdk.DeregisterTargetsCommandInput) => {
      const group = elb.store.targetGroup(input.TargetGroupArn ?? "");
      // The call answers at once; the drain goes on by itself.
      void deregisterTargets(elb, group, input.Targets ?? []);
      return {};
    },
    DescribeTargetHealth: (input) => describeHealth(elb, input),
  };
}

/** Registers targets that AWS would take: running instances of the group's VPC, or addresses. */
export function registerTargets(elb: Elb, group: TargetGroupRecord, targets: readonly sdk.TargetDescription[]): void {
  const wanted = targets.map(({ Id: id = "", Port, QuicServerId }) => {
    if (QuicServerId !== undefined) throw notServed("QUIC targets");
    if (group.targetType === "instance") requireInstance(elb, group, id);
    else if (!isIPv4(id)) throw new AwsError("InvalidTarget", `The IP address '${id}' is not a valid IPv4 address`);
    return { id, port: Port === undefined ? group.port : requireRange("Port", Port, 1, 65535) };
  });
  const isRegistered = (target: Target | undefined) => target !== undefined && target.drain === undefined;
  const added = wanted.filter(({ id, port }) => !isRegistered(elb.targets.find(group.arn, id, port)));
  // ALB guide, quotas: a thousand targets per load balancer. One that drains has been deregistered (whether AWS still counts it is not
  // documented; a refresh in batches would then be impossible at the quota).
  const loadBalancer = elb.store.loadBalancerOf(group.arn);
  const others = loadBalancer ? elb.store.groupsOf(loadBalancer.arn).filter((other) => other.arn !== group.arn) : [];
  const held = [group, ...others].reduce((sum, { arn }) => sum + elb.targets.list(arn).filter(isRegistered).length, 0);
  if (held + added.length > 1000) {
    throw new AwsError("TooManyTargets", "A load balancer can have at most 1000 targets");
  }
  elb.targets.register(group.arn, wanted);
}

/** Starts the drain of the named targets (of all ports where none is given); resolves when they have left. */
export function deregisterTargets(
  elb: Elb,
  group: TargetGroupRecord,
  targets: readonly sdk.TargetDescription[],
): Promise<void> {
  const leaving = targets.flatMap(({ Id: id = "", Port: port }) => elb.targets.named(group.arn, id, port));
  return elb.targets.deregister(group, [...new Set(leaving)]);
}

function requireInstance(elb: Elb, group: TargetGroupRecord, id: string): void {
  const instance = elb.compute.instance(id);
  if (!instance) throw new AwsError("InvalidTarget", `The instance ID '${id}' is not valid`);
  if (instance.state !== "running") {
    throw new AwsError(
      "InvalidTarget",
      `The following targets are not in a running state and cannot be registered: '${id}' (${instance.state})`,
    );
  }
  if (instance.vpcId !== group.vpcId) {
    throw new AwsError(
      "InvalidTarget",
      `The following targets are not in the target group VPC '${group.vpcId}': '${id}'`,
    );
  }
}

function describeHealth(
  elb: Elb,
  input: sdk.DescribeTargetHealthCommandInput,
): Out<sdk.DescribeTargetHealthCommandOutput> {
  const group = elb.store.targetGroup(input.TargetGroupArn ?? "");
  const described = (targets?: Target[]) =>
    elb.targets.healths(group.arn, targets).map(({ target, health }) => description(group, target, health));
  if (!input.Targets?.length) return { TargetHealthDescriptions: described() };
  const descriptions = input.Targets.flatMap(({ Id: id = "", Port: port }) => {
    const matches = elb.targets.named(group.arn, id, port);
    if (matches.length > 0) return described(matches);
    const absent = { id, port: port ?? group.port };
    return [description(group, absent, healthView("unused", "Target.NotRegistered"))];
  });
  return { TargetHealthDescriptions: descriptions };
}

function description(
  group: TargetGroupRecord,
  target: { id: string; port: number },
  health: TargetHealthView,
): sdk.TargetHealthDescription {
  const { port } = group.healthCheck;
  return {
    Target: { Id: target.id, Port: target.port },
    HealthCheckPort: port === "traffic-port" ? String(target.port) : port,
    TargetHealth: {
      State: health.state,
      ...(health.reason !== undefined && { Reason: health.reason as sdk.TargetHealthReasonEnum }),
      ...(health.description !== undefined && { Description: health.description }),
    },
  };
}
