/** What a hand-written program may get wrong; a good one has none of these. */
export interface Flaws {
  readonly fixedName?: string;
  readonly latest?: boolean;
  readonly imdsV1?: boolean;
  readonly drain?: number;
  readonly port?: number;
  readonly servers?: number;
}

/** Two fleets by hand, weighted 100 to 0, as a program has them that does not use our components. */
export function byHand({ fixedName, latest, imdsV1, drain = 30, port = 8080, servers = 2 }: Flaws = {}): string {
  return `
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const autoscaling = require("@pulumi/aws/autoscaling");
const ssm = require("@pulumi/aws/ssm");
const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
const image = ssm.getParameterOutput({ name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" });
const front = new ec2.SecurityGroup("front", { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }] });
const inner = new ec2.SecurityGroup("inner", { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: ${port}, toPort: ${port}, securityGroups: [front.id] }] });
const balancer = new lb.LoadBalancer("shop", { loadBalancerType: "application", securityGroups: [front.id], subnets: subnets.ids });
function side(name, extra) {
  const target = new lb.TargetGroup(name, {
    vpcId: vpc.id, port: ${port}, protocol: "HTTP", targetType: "instance", deregistrationDelay: ${drain},
    healthCheck: { path: "/", interval: 5, timeout: 2, matcher: "200" }, ...extra,
  });
  const template = new ec2.LaunchTemplate(name, {
    imageId: image.value, instanceType: "t3.micro", vpcSecurityGroupIds: [inner.id],
    ${imdsV1 ? "" : 'metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" },'}
  });
  return { name, target, template };
}
const blue = side("blue", ${fixedName ? JSON.stringify({ name: fixedName }) : "{}"});
const green = side("green", {});
const listener = new lb.Listener("http", {
  loadBalancerArn: balancer.arn, port: 80, protocol: "HTTP",
  defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: blue.target.arn, weight: 100 }, { arn: green.target.arn, weight: 0 }] } }],
});
for (const { name, target, template } of [blue, green]) {
  new autoscaling.Group(name, {
    minSize: ${servers}, desiredCapacity: ${servers}, maxSize: 4, vpcZoneIdentifiers: subnets.ids, targetGroupArns: [target.arn],
    healthCheckType: "ELB", waitForCapacityTimeout: "0",
    launchTemplate: { id: template.id, version: ${latest ? '"$Latest"' : "template.latestVersion.apply(String)"} },
  }, { dependsOn: [listener] });
}
`;
}

/** Our own component, with servers that answer at once. */
export function ours({ servers = 2 }: { servers?: number } = {}): string {
  return `
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const ssm = require("@pulumi/aws/ssm");
const { RollingFleet } = require("hitless");
const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
const image = ssm.getParameterOutput({ name: "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64" });
const front = new ec2.SecurityGroup("front", { vpcId: vpc.id, ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] }] });
const balancer = new lb.LoadBalancer("shop", { loadBalancerType: "application", securityGroups: [front.id], subnets: subnets.ids });
new RollingFleet("web", {
  release: {
    version: "v1", imageId: image.value, instanceType: "t3.micro",
    userData: "#!/bin/sh\\nexec node -e 'require(\\"http\\").createServer((q, s) => s.end()).listen(process.env.PORT || 80, process.env.HOST || \\"0.0.0.0\\")'\\n",
  },
  fleet: { vpcId: vpc.id, subnetIds: subnets.ids, desiredCapacity: ${servers}, loadBalancerSecurityGroupIds: [front.id] },
  entrance: { loadBalancerArn: balancer.arn },
  healthCheck: { path: "/", intervalSeconds: 5, timeoutSeconds: 2 },
  drainSeconds: 30,
});
`;
}
