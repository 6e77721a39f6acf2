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

/** What a program's pods may get wrong. */
export interface PodFlaws {
  readonly recreate?: boolean;
  readonly noProbe?: boolean;
  readonly noGate?: boolean;
  readonly replicas?: number;
}

/** The servers of `byHand`, and beside them two Deployments by hand behind target groups of the same load balancer, weighted 100 to 0. */
export function bothPlatforms({ recreate, noProbe, noGate, replicas = 2 }: PodFlaws = {}): string {
  return `${byHand()}
const { Namespace } = require("@pulumi/kubernetes/core/v1/namespace.js");
const { Service } = require("@pulumi/kubernetes/core/v1/service.js");
const { Deployment } = require("@pulumi/kubernetes/apps/v1/deployment.js");
const { PodDisruptionBudget } = require("@pulumi/kubernetes/policy/v1/podDisruptionBudget.js");
const { CustomResource } = require("@pulumi/kubernetes/apiextensions/customResource.js");
const pods = new Namespace("pods", { metadata: { name: "pods", labels: ${noGate ? "{}" : '{ "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" }'} } });
const namespace = pods.metadata.name;
// Nothing runs pods here, so nobody waits for them.
const metadata = { namespace, annotations: { "pulumi.com/skipAwait": "true" } };
const workloads = ["pods-blue", "pods-green"].map((name) => {
  const target = new lb.TargetGroup(name, {
    vpcId: vpc.id, port: 80, protocol: "HTTP", targetType: "ip", deregistrationDelay: 30, healthCheck: { path: "/", interval: 5, timeout: 2 },
  });
  const labels = { app: name };
  const service = new Service(name, { metadata, spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] } });
  new Deployment(name, {
    metadata,
    spec: {
      replicas: ${replicas}, selector: { matchLabels: labels }, ${recreate ? 'strategy: { type: "Recreate" },' : ""}
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 90,
          containers: [{
            name: "app", image: "registry.example.com/shop:v1", resources: { requests: { cpu: "250m", memory: "256Mi" } },
            lifecycle: { preStop: { sleep: { seconds: 45 } } },
            ${noProbe ? "" : 'readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 5 },'}
          }],
        },
      },
    },
  });
  new PodDisruptionBudget(name, { metadata: { namespace }, spec: { maxUnavailable: 1, selector: { matchLabels: labels } } });
  new CustomResource(name, {
    apiVersion: "elbv2.k8s.aws/v1beta1", kind: "TargetGroupBinding", metadata: { namespace },
    spec: { targetGroupARN: target.arn, targetType: "ip", serviceRef: { name: service.metadata.name, port: 80 } },
  });
  return target;
});
new lb.Listener("pods", {
  loadBalancerArn: balancer.arn, port: 81, protocol: "HTTP",
  defaultActions: [{ type: "forward", forward: { targetGroups: [{ arn: workloads[0].arn, weight: 100 }, { arn: workloads[1].arn, weight: 0 }] } }],
});
`;
}
