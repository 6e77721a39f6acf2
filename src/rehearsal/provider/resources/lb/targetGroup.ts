/** `aws.lb.TargetGroup`, for application load balancers. */
import {
  CreateTargetGroupCommand,
  type CreateTargetGroupCommandInput,
  DeleteTargetGroupCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetGroupsCommand,
  ModifyTargetGroupAttributesCommand,
  ModifyTargetGroupCommand,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isCode, unlessMissing } from "../../awsErrors.js";
import { isUnknown, type Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { prefixedName } from "../../schema/naming.js";
import { integer, named, regional, tagged, text } from "../../schema/property.js";
import { arnSuffix, readTags, tagsOrNone, updateTags } from "./shared.js";
import { changedGroupAttributes, GROUP_BLOCKS, readGroupAttributes } from "./targetGroupAttributes.js";

const MAX_NAME = 32;
/** `namePrefix` leaves room for 26 unique characters. */
const MAX_PREFIX = 6;

export const targetGroup: ResourceType = {
  token: "aws:lb/targetGroup:TargetGroup",
  maxNameLength: MAX_NAME,
  properties: {
    ...regional,
    ...named([1, MAX_NAME]),
    ...tagged,
    ...GROUP_BLOCKS,
    port: integer({ replace: true, range: [1, 65535] }),
    protocol: text({ replace: true, oneOf: ["HTTP", "HTTPS"] }),
    protocolVersion: text({ computed: true, replace: true, same: sameUpperCase, oneOf: ["HTTP1", "HTTP2", "GRPC"] }),
    targetType: text({ default: "instance", replace: true, oneOf: ["instance", "ip"] }),
    vpcId: text({ replace: true }),
    ipAddressType: text({ computed: true, replace: true, oneOf: ["ipv4", "ipv6"] }),
    arn: text({ output: true }),
    arnSuffix: text({ output: true }),
    loadBalancerArns: { kind: "set", element: text(), output: true },
  },

  validate(inputs) {
    const failures = [];
    for (const property of ["port", "protocol", "vpcId"]) {
      if (inputs[property] === undefined) {
        failures.push({
          property,
          reason: `\`${property}\` should be set for target type ${inputs.targetType ?? "instance"}`,
        });
      }
    }
    const prefix = inputs.namePrefix;
    if (typeof prefix === "string" && prefix.length > MAX_PREFIX) {
      failures.push({
        property: "namePrefix",
        reason: `\`namePrefix\` is "${prefix}", longer than ${MAX_PREFIX} characters`,
      });
    }
    const { interval, timeout } = inputs.healthCheck ?? {};
    if (!isUnknown(interval) && !isUnknown(timeout) && timeout >= (interval ?? 30)) {
      failures.push({
        property: "healthCheck.timeout",
        reason: `\`healthCheck.timeout\` is ${timeout}, expected less than the interval, ${interval ?? 30}`,
      });
    }
    return failures;
  },

  async create({ aws }, planned) {
    const name = planned.name ?? prefixedName(planned.namePrefix, MAX_NAME);
    const { TargetGroups } = await aws.elbv2.send(
      new CreateTargetGroupCommand({
        Name: name,
        Port: planned.port,
        Protocol: planned.protocol,
        ProtocolVersion: planned.protocolVersion,
        TargetType: planned.targetType,
        VpcId: planned.vpcId,
        IpAddressType: planned.ipAddressType,
        ...healthCheckInput(planned),
        ...tagsOrNone(planned.tags),
      }),
    );
    const arn = TargetGroups?.[0]?.TargetGroupArn;
    if (!arn) throw new Error(`CreateTargetGroup answered without an ARN for ${name}`);
    return arn;
  },

  async settle(call, arn, planned) {
    await setAttributes(call, arn, planned);
  },

  async read(call, arn) {
    const found = await describe(call, arn);
    if (!found) return undefined;
    const { Attributes } = await call.aws.elbv2.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
    return {
      ...readGroupAttributes(Attributes),
      ...(await readTags(call, arn)),
      arn,
      arnSuffix: arnSuffix(arn),
      name: found.TargetGroupName,
      port: found.Port,
      protocol: found.Protocol,
      protocolVersion: found.ProtocolVersion,
      targetType: found.TargetType,
      vpcId: found.VpcId,
      ipAddressType: found.IpAddressType,
      loadBalancerArns: found.LoadBalancerArns ?? [],
      healthCheck: {
        enabled: found.HealthCheckEnabled,
        healthyThreshold: found.HealthyThresholdCount,
        interval: found.HealthCheckIntervalSeconds,
        matcher: found.Matcher?.HttpCode ?? found.Matcher?.GrpcCode,
        path: found.HealthCheckPath,
        port: found.HealthCheckPort,
        protocol: found.HealthCheckProtocol,
        timeout: found.HealthCheckTimeoutSeconds,
        unhealthyThreshold: found.UnhealthyThresholdCount,
      },
    };
  },

  async update(call, update) {
    const { id, planned, changed } = update;
    if (changed.has("healthCheck")) {
      await call.aws.elbv2.send(new ModifyTargetGroupCommand({ TargetGroupArn: id, ...healthCheckInput(planned) }));
    }
    await setAttributes(call, id, planned);
    await updateTags(call, update);
  },

  /** A listener that was deleted a moment ago may still hold the group: the real provider retries for two minutes. */
  async delete({ aws, waiter, deadlineSeconds }, arn) {
    await waiter.until({
      what: `target group ${arn} to be free of listeners and rules`,
      deadlineSeconds: deadlineSeconds(120),
      everySeconds: 3,
      observe: async () => {
        try {
          await unlessMissing(
            aws.elbv2.send(new DeleteTargetGroupCommand({ TargetGroupArn: arn })),
            "TargetGroupNotFound",
          );
          return { done: true, progress: "deleted" };
        } catch (error) {
          if (!isCode(error, "ResourceInUse")) throw error;
          return { progress: `ResourceInUse: ${(error as Error).message}` };
        }
      },
    });
  },
};

function sameUpperCase(left: unknown, right: unknown): boolean {
  return String(left).toUpperCase() === String(right).toUpperCase();
}

function healthCheckInput({ healthCheck: check, protocolVersion }: Values): Partial<CreateTargetGroupCommandInput> {
  if (!check) return {};
  const codes = protocolVersion === "GRPC" ? { GrpcCode: check.matcher } : { HttpCode: check.matcher };
  return {
    HealthCheckEnabled: check.enabled,
    HealthyThresholdCount: check.healthyThreshold,
    HealthCheckIntervalSeconds: check.interval,
    Matcher: check.matcher === undefined ? undefined : codes,
    HealthCheckPath: check.path,
    HealthCheckPort: check.port,
    HealthCheckProtocol: check.protocol,
    HealthCheckTimeoutSeconds: check.timeout,
    UnhealthyThresholdCount: check.unhealthyThreshold,
  };
}

async function describe({ aws }: Call, arn: string): Promise<TargetGroup | undefined> {
  const answer = await unlessMissing(
    aws.elbv2.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] })),
    "TargetGroupNotFound",
  );
  return answer?.TargetGroups?.[0];
}

async function setAttributes({ aws }: Call, arn: string, planned: Values): Promise<void> {
  const { Attributes: now } = await aws.elbv2.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn }));
  const Attributes = changedGroupAttributes(planned, now);
  if (Attributes.length === 0) return;
  await aws.elbv2.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn: arn, Attributes }));
}
