/** `aws.lb.LoadBalancer`: application load balancers. */
import {
  CreateLoadBalancerCommand,
  DeleteLoadBalancerCommand,
  DescribeLoadBalancerAttributesCommand,
  DescribeLoadBalancersCommand,
  type LoadBalancer,
  ModifyLoadBalancerAttributesCommand,
  SetIpAddressTypeCommand,
  SetSecurityGroupsCommand,
  SetSubnetsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { prefixedName } from "../../schema/naming.js";
import { flag, integer, named, regional, set, tagged, text } from "../../schema/property.js";
import { type AttributeKeys, changedAttributes, readAttributes } from "./attributes.js";
import { arnSuffix, readTags, tagsOrNone, updateTags } from "./shared.js";

const MAX_NAME = 32;

/** Defaults: botocore model, as the real provider's documentation. */
const ATTRIBUTES: AttributeKeys = {
  idleTimeout: { key: "idle_timeout.timeout_seconds", kind: "integer", default: 60 },
  clientKeepAlive: { key: "client_keep_alive.seconds", kind: "integer", default: 3600 },
  enableDeletionProtection: { key: "deletion_protection.enabled", kind: "flag", default: false },
  enableHttp2: { key: "routing.http2.enabled", kind: "flag", default: true },
  desyncMitigationMode: { key: "routing.http.desync_mitigation_mode", kind: "text", default: "defensive" },
  dropInvalidHeaderFields: {
    key: "routing.http.drop_invalid_header_fields.enabled",
    kind: "flag",
    default: false,
  },
  enableTlsVersionAndCipherSuiteHeaders: {
    key: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
    kind: "flag",
    default: false,
  },
  enableWafFailOpen: { key: "waf.fail_open.enabled", kind: "flag", default: false },
  enableXffClientPort: { key: "routing.http.xff_client_port.enabled", kind: "flag", default: false },
  enableZonalShift: { key: "zonal_shift.config.enabled", kind: "flag", default: false },
  preserveHostHeader: { key: "routing.http.preserve_host_header.enabled", kind: "flag", default: false },
  xffHeaderProcessingMode: { key: "routing.http.xff_header_processing.mode", kind: "text", default: "append" },
};

export const loadBalancer: ResourceType = {
  token: "aws:lb/loadBalancer:LoadBalancer",
  maxNameLength: MAX_NAME,
  properties: {
    ...regional,
    ...named([1, MAX_NAME]),
    ...tagged,
    loadBalancerType: text({ default: "application", replace: true, oneOf: ["application"] }),
    internal: flag({ computed: true, replace: true }),
    ipAddressType: text({ computed: true, oneOf: ["ipv4", "dualstack", "dualstack-without-public-ipv4"] }),
    securityGroups: set(text(), { computed: true }),
    subnets: set(text(), { computed: true }),
    idleTimeout: integer({ default: 60, range: [1, 4000] }),
    clientKeepAlive: integer({ default: 3600, range: [60, 604800] }),
    enableDeletionProtection: flag({ default: false }),
    enableHttp2: flag({ default: true }),
    desyncMitigationMode: text({ default: "defensive", oneOf: ["monitor", "defensive", "strictest"] }),
    dropInvalidHeaderFields: flag({ default: false }),
    enableTlsVersionAndCipherSuiteHeaders: flag({ default: false }),
    enableWafFailOpen: flag({ default: false }),
    enableXffClientPort: flag({ default: false }),
    enableZonalShift: flag({ default: false }),
    preserveHostHeader: flag({ default: false }),
    xffHeaderProcessingMode: text({ default: "append", oneOf: ["append", "preserve", "remove"] }),
    arn: text({ output: true }),
    arnSuffix: text({ output: true }),
    dnsName: text({ output: true }),
    vpcId: text({ output: true }),
    zoneId: text({ output: true }),
  },

  async create({ aws }, planned) {
    const name = planned.name ?? prefixedName(planned.namePrefix, MAX_NAME);
    const { LoadBalancers } = await aws.elbv2.send(
      new CreateLoadBalancerCommand({
        Name: name,
        Type: planned.loadBalancerType,
        Scheme: planned.internal === undefined ? undefined : planned.internal ? "internal" : "internet-facing",
        IpAddressType: planned.ipAddressType,
        SecurityGroups: planned.securityGroups,
        Subnets: planned.subnets,
        ...tagsOrNone(planned.tags),
      }),
    );
    const arn = LoadBalancers?.[0]?.LoadBalancerArn;
    if (!arn) throw new Error(`CreateLoadBalancer answered without an ARN for ${name}`);
    return arn;
  },

  async settle(call, arn, planned) {
    await untilActive(call, arn);
    await setAttributes(call, arn, planned);
  },

  async read(call, arn) {
    const found = await describe(call, arn);
    if (!found) return undefined;
    const { Attributes } = await call.aws.elbv2.send(
      new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }),
    );
    return {
      ...readAttributes(ATTRIBUTES, Attributes),
      ...(await readTags(call, arn)),
      arn,
      arnSuffix: arnSuffix(arn),
      name: found.LoadBalancerName,
      loadBalancerType: found.Type ?? "application",
      internal: found.Scheme === "internal",
      ipAddressType: found.IpAddressType,
      securityGroups: found.SecurityGroups ?? [],
      subnets: (found.AvailabilityZones ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
      dnsName: found.DNSName,
      vpcId: found.VpcId,
      zoneId: found.CanonicalHostedZoneId,
    };
  },

  async update(call, update) {
    const { id, planned, changed } = update;
    const { elbv2 } = call.aws;
    if (Object.keys(ATTRIBUTES).some((name) => changed.has(name))) await setAttributes(call, id, planned);
    if (changed.has("securityGroups")) {
      await elbv2.send(
        new SetSecurityGroupsCommand({ LoadBalancerArn: id, SecurityGroups: planned.securityGroups ?? [] }),
      );
    }
    if (changed.has("subnets")) {
      await elbv2.send(new SetSubnetsCommand({ LoadBalancerArn: id, Subnets: planned.subnets }));
    }
    if (changed.has("ipAddressType")) {
      await elbv2.send(new SetIpAddressTypeCommand({ LoadBalancerArn: id, IpAddressType: planned.ipAddressType }));
    }
    await updateTags(call, update);
    await untilActive(call, id);
    if (changed.size === 0) await setAttributes(call, id, planned);
  },

  async delete(call, arn) {
    const { aws, waiter, deadlineSeconds } = call;
    await unlessMissing(
      aws.elbv2.send(new DeleteLoadBalancerCommand({ LoadBalancerArn: arn })),
      "LoadBalancerNotFound",
    );
    await waiter.until({
      what: `load balancer ${arn} to be gone`,
      deadlineSeconds: deadlineSeconds(600),
      everySeconds: 2,
      observe: async () =>
        (await describe(call, arn)) ? { progress: "still there" } : { done: true, progress: "gone" },
    });
  },
};

async function describe({ aws }: Call, arn: string): Promise<LoadBalancer | undefined> {
  const answer = await unlessMissing(
    aws.elbv2.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
    "LoadBalancerNotFound",
  );
  return answer?.LoadBalancers?.[0];
}

async function untilActive(call: Call, arn: string): Promise<void> {
  await call.waiter.until({
    what: `load balancer ${arn} to be active`,
    deadlineSeconds: call.deadlineSeconds(600),
    everySeconds: 5,
    observe: async () => {
      const { Code, Reason } = (await describe(call, arn))?.State ?? {};
      if (Code === "failed") throw new Error(`the load balancer failed: ${Reason ?? "AWS gives no reason"}`);
      return { progress: `load balancer is ${Code ?? "unknown"}`, ...(Code === "active" ? { done: true } : {}) };
    },
  });
}

async function setAttributes({ aws }: Call, arn: string, planned: Values): Promise<void> {
  const { Attributes: now } = await aws.elbv2.send(new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn }));
  const Attributes = changedAttributes(ATTRIBUTES, planned, now);
  if (Attributes.length === 0) return;
  await aws.elbv2.send(new ModifyLoadBalancerAttributesCommand({ LoadBalancerArn: arn, Attributes }));
}
