const autoscaling = require("@pulumi/aws/autoscaling");
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const { count, healthCheck, loadBalancerArn, network, release } = require("../fleet.js");

const versionTags = { "hitless:version": release.version };

for (let i = 0; i < count; i++) {
  const name = `web-${i}`;
  const targetGroup = new lb.TargetGroup(name, {
    vpcId: network.vpcId,
    port: 80,
    protocol: "HTTP",
    targetType: "instance",
    deregistrationDelay: 30,
    healthCheck: {
      path: healthCheck.path,
      matcher: "200",
      protocol: "HTTP",
      interval: healthCheck.intervalSeconds,
      timeout: healthCheck.timeoutSeconds,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
  });
  const listener = new lb.Listener(name, {
    loadBalancerArn,
    port: 8000 + i,
    protocol: "HTTP",
    defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: targetGroup.arn, weight: 100 }] } }],
  });
  const template = new ec2.LaunchTemplate(name, {
    imageId: release.imageId,
    instanceType: release.instanceType,
    userData: Buffer.from(release.userData).toString("base64"),
    vpcSecurityGroupIds: network.securityGroupIds,
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },
    tagSpecifications: [{ resourceType: "instance", tags: versionTags }],
  });
  new autoscaling.Group(
    name,
    {
      minSize: 6,
      desiredCapacity: 6,
      maxSize: 8,
      minElbCapacity: 6,
      waitForCapacityTimeout: "600s",
      terminationPolicies: ["OldestLaunchTemplate", "OldestInstance"],
      vpcZoneIdentifiers: network.subnetIds,
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      targetGroupArns: [targetGroup.arn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: 300,
      defaultInstanceWarmup: 0,
      tags: [
        { key: "Name", value: name, propagateAtLaunch: true },
        { key: "hitless:version", value: release.version, propagateAtLaunch: false },
      ],
    },
    { dependsOn: [listener] },
  );
}
