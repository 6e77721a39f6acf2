// What both programs stand on: the account's default network, a load balancer, and the releases of the example app.
const fs = require("node:fs");
const path = require("node:path");
const cloudwatch = require("@pulumi/aws/cloudwatch");
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const ssm = require("@pulumi/aws/ssm");
const pulumi = require("@pulumi/pulumi");

const app = fs.readFileSync(path.resolve(__dirname, "../../../examples/rolling-fleet/app/server.js"), "utf8");

function userData(version, { bootSeconds = 0, health = "ok", latencyMs = 0, errorPercent = 0 } = {}) {
  return `#!/bin/bash
set -euo pipefail
cd "$(mktemp -d)"
cat > server.js <<'SERVER'
${app}
SERVER
export VERSION='${version}' BOOT_SECONDS='${bootSeconds}' HEALTH='${health}' LATENCY_MS='${latencyMs}' ERROR_PERCENT='${errorPercent}'
exec node server.js
`;
}

exports.surroundings = () => {
  const config = new pulumi.Config();
  const number = (key, otherwise) => config.getNumber(key) ?? otherwise;
  const behaviour = config.getObject("behaviour") ?? {};
  const vpc = ec2.getVpcOutput({ default: true });
  const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
  const image = ssm.getParameterOutput({
    name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
  });
  // With a certificate the entrance speaks HTTPS.
  const certificateArn = config.get("certificateArn");
  const port = certificateArn ? 443 : 80;
  const doorway = new ec2.SecurityGroup("doorway", {
    vpcId: vpc.id,
    ingress: [{ protocol: "tcp", fromPort: port, toPort: port, cidrBlocks: ["0.0.0.0/0"] }],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  const balancer = new lb.LoadBalancer("shop", { securityGroups: [doorway.id], subnets: subnets.ids });
  const alarm = config.getBoolean("alarm")
    ? new cloudwatch.MetricAlarm("errors", {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: balancer.arnSuffix },
        statistic: "Sum",
        period: 60,
        evaluationPeriods: 1,
        threshold: 10,
        comparisonOperator: "GreaterThanThreshold",
        // No error is no datum (ALB user guide, CloudWatch metrics).
        treatMissingData: "notBreaching",
      })
    : undefined;
  return {
    config,
    url: pulumi.interpolate`${certificateArn ? "https" : "http"}://${balancer.dnsName}/`,
    release: (version) => ({
      version,
      imageId: image.value,
      instanceType: "t3.micro",
      userData: userData(version, behaviour[version]),
    }),
    // The same for both strategies.
    common: {
      fleet: {
        vpcId: vpc.id,
        subnetIds: subnets.ids,
        desiredCapacity: number("servers", 2),
        minSize: config.getNumber("minServers"),
        maxSize: config.getNumber("maxServers"),
        scaling: config.getObject("scaling"),
        loadBalancerSecurityGroupIds: [doorway.id],
      },
      entrance: { loadBalancerArn: balancer.arn, listenerPort: port, certificateArn },
      healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
      bakeSeconds: number("bakeSeconds", 0),
      warmupSeconds: number("warmupSeconds", 0),
      drainSeconds: number("drainSeconds", 30),
      startupSeconds: number("startupSeconds", 120),
      spreadSeconds: number("spreadSeconds", 10),
      alarmNames: alarm ? [alarm.name] : [],
    },
  };
};
