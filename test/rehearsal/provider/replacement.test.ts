/** Which changes replace a resource, by type: terraform-provider-aws's ForceNew, as docs and source tell. */

import { resolveConfig } from "../../../src/rehearsal/provider/config/config.js";
import { Provider } from "../../../src/rehearsal/provider/provider.js";
import { resourceType, SERVED_RESOURCES } from "../../../src/rehearsal/provider/registry.js";
import { loadBalancer } from "../../../src/rehearsal/provider/resources/lb/loadBalancer.js";
import { urn } from "./engineDouble.js";

const REPLACING: Record<string, string[]> = {
  "aws:lb/loadBalancer:LoadBalancer": ["internal", "loadBalancerType", "name", "namePrefix"],
  "aws:lb/listener:Listener": ["loadBalancerArn"],
  "aws:lb/listenerRule:ListenerRule": ["listenerArn"],
  "aws:lb/targetGroup:TargetGroup": [
    "ipAddressType",
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
  ],
  "aws:lb/targetGroupAttachment:TargetGroupAttachment": ["availabilityZone", "port", "targetGroupArn", "targetId"],
  "aws:ec2/launchTemplate:LaunchTemplate": ["name", "namePrefix"],
  "aws:autoscaling/group:Group": ["initialLifecycleHooks", "name", "namePrefix"],
  "aws:autoscaling/policy:Policy": ["autoscalingGroupName", "name"],
  "aws:autoscaling/attachment:Attachment": ["autoscalingGroupName", "lbTargetGroupArn"],
  "aws:autoscaling/lifecycleHook:LifecycleHook": ["autoscalingGroupName", "name"],
  "aws:ec2/securityGroup:SecurityGroup": ["description", "name", "namePrefix", "vpcId"],
  "aws:ec2/securityGroupRule:SecurityGroupRule": [
    "cidrBlocks",
    "fromPort",
    "ipv6CidrBlocks",
    "prefixListIds",
    "protocol",
    "securityGroupId",
    "self",
    "sourceSecurityGroupId",
    "toPort",
    "type",
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": ["securityGroupId"],
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": ["securityGroupId"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
};

test.each(SERVED_RESOURCES)("%s", async (token) => {
  const { properties } = await resourceType(token);
  const replacing = Object.keys(properties).filter((name) => properties[name]?.replace && name !== "region");
  expect(replacing.sort()).toEqual(REPLACING[token]);
  expect(properties.region).toMatchObject({ computed: true, replace: true });
});

describe("a replacement", () => {
  const config = resolveConfig({ region: "us-east-1" }, {});
  const provider = new Provider(config, 1);
  const olds = {
    name: "web",
    port: 80,
    protocol: "HTTP",
    vpcId: "v",
    targetType: "instance",
    deregistrationDelay: 300,
    slowStart: 0,
    region: "us-east-1",
  };
  const news = { name: "web", port: 81, protocol: "HTTP", vpcId: "v" };
  const token = "aws:lb/targetGroup:TargetGroup";
  const request = { urn: urn(token, "web"), id: "arn", olds, ignored: [] };

  test("goes first where the program chose the name: AWS takes no namesake", async () => {
    expect(await provider.diff({ ...request, news })).toMatchObject({ deleteBeforeReplace: true });
  });

  test("comes first where Pulumi made the name up, or the name changes", async () => {
    expect(await provider.diff({ ...request, news: { ...news, __defaults: ["name"] } })).toMatchObject({
      deleteBeforeReplace: false,
    });
    expect(await provider.diff({ ...request, news: { ...news, name: "web2" } })).toMatchObject({
      deleteBeforeReplace: false,
    });
    const unchanged = { ...news, port: 80 };
    expect(await provider.diff({ ...request, news: unchanged })).toEqual({ changes: [], deleteBeforeReplace: false });
  });

  test("follows a change of region, the provider's own included", async () => {
    const moved = new Provider({ ...config, region: "eu-west-1" }, 1);
    const { changes } = await moved.diff({ ...request, news: { ...news, port: 80 } });
    expect(changes).toEqual([{ path: "region", top: "region", kind: "update", replace: true }]);
    const pinned = await moved.diff({ ...request, news: { ...news, port: 80, region: "us-east-1" } });
    expect(pinned.changes).toEqual([]);
  });
});

test("types are named by Pulumi up to AWS's limits", () => {
  expect(loadBalancer.maxNameLength).toBe(32);
});
