/** What this provider serves. Types are loaded with their first use: a preview of one type pays for that one only. */
import type { FunctionType, ResourceType } from "./resource.js";

type Loader<T> = () => Promise<T>;

const RESOURCES: Readonly<Record<string, Loader<ResourceType>>> = {
  "aws:lb/loadBalancer:LoadBalancer": async () => (await import("./resources/lb/loadBalancer.js")).loadBalancer,
  "aws:lb/listener:Listener": async () => (await import("./resources/lb/listener.js")).listener,
  "aws:lb/listenerRule:ListenerRule": async () => (await import("./resources/lb/listenerRule.js")).listenerRule,
  "aws:lb/targetGroup:TargetGroup": async () => (await import("./resources/lb/targetGroup.js")).targetGroup,
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": async () =>
    (await import("./resources/lb/targetGroupAttachment.js")).targetGroupAttachment,
  "aws:ec2/launchTemplate:LaunchTemplate": async () =>
    (await import("./resources/ec2/launchTemplate.js")).launchTemplate,
  "aws:autoscaling/group:Group": async () => (await import("./resources/autoscaling/group.js")).group,
  "aws:autoscaling/policy:Policy": async () => (await import("./resources/autoscaling/policy.js")).policy,
  "aws:autoscaling/attachment:Attachment": async () =>
    (await import("./resources/autoscaling/attachment.js")).attachment,
  "aws:autoscaling/lifecycleHook:LifecycleHook": async () =>
    (await import("./resources/autoscaling/lifecycleHook.js")).lifecycleHook,
  "aws:ec2/securityGroup:SecurityGroup": async () => (await import("./resources/ec2/securityGroup.js")).securityGroup,
  "aws:ec2/securityGroupRule:SecurityGroupRule": async () =>
    (await import("./resources/ec2/securityGroupRule.js")).securityGroupRule,
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": async () =>
    (await import("./resources/vpc/securityGroupRules.js")).securityGroupIngressRule,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": async () =>
    (await import("./resources/vpc/securityGroupRules.js")).securityGroupEgressRule,
  "aws:cloudwatch/metricAlarm:MetricAlarm": async () =>
    (await import("./resources/cloudwatch/metricAlarm.js")).metricAlarm,
};

const FUNCTIONS: Readonly<Record<string, Loader<FunctionType>>> = {
  "aws:ec2/getVpc:getVpc": async () => (await import("./functions/getVpc.js")).getVpc,
  "aws:ec2/getSubnets:getSubnets": async () => (await import("./functions/getSubnets.js")).getSubnets,
  "aws:ec2/getSubnet:getSubnet": async () => (await import("./functions/getSubnets.js")).getSubnet,
  "aws:ec2/getAmi:getAmi": async () => (await import("./functions/getAmi.js")).getAmi,
  "aws:index/getAvailabilityZones:getAvailabilityZones": async () =>
    (await import("./functions/getAvailabilityZones.js")).getAvailabilityZones,
  "aws:index/getRegion:getRegion": async () => (await import("./functions/identity.js")).getRegion,
  "aws:index/getPartition:getPartition": async () => (await import("./functions/identity.js")).getPartition,
  "aws:index/getDefaultTags:getDefaultTags": async () => (await import("./functions/identity.js")).getDefaultTags,
  "aws:index/getCallerIdentity:getCallerIdentity": async () =>
    (await import("./functions/identity.js")).getCallerIdentity,
  "aws:ssm/getParameter:getParameter": async () => (await import("./functions/getParameter.js")).getParameter,
};

/** The tokens of all resource types and functions, for documentation and tests. */
export const SERVED_RESOURCES: readonly string[] = Object.keys(RESOURCES);
export const SERVED_FUNCTIONS: readonly string[] = Object.keys(FUNCTIONS);

/** `aws.alb.*` and the older `aws.elasticloadbalancingv2.*` are other names of `aws.lb.*` ("the functionality is identical"). */
function canonical(token: string): string {
  return token.replace(/^aws:(alb|applicationloadbalancing|elasticloadbalancingv2)\//, "aws:lb/");
}

/** Throws an error that lists what is served if this type is not. */
export async function resourceType(token: string): Promise<ResourceType> {
  return await (RESOURCES[canonical(token)] ?? refuse("the resource type", token, SERVED_RESOURCES))();
}

/** Throws an error that lists what is served if this function is not. */
export async function functionType(token: string): Promise<FunctionType> {
  return await (FUNCTIONS[canonical(token)] ?? refuse("the function", token, SERVED_FUNCTIONS))();
}

function refuse(what: string, token: string, served: readonly string[]): never {
  throw new Error(
    `the rehearsal provider does not serve ${what} ${token}. It serves: ${served.join(", ")}. ` +
      "Fix: leave it out while rehearsing, or rehearse with the real provider (`--provider real`)",
  );
}
