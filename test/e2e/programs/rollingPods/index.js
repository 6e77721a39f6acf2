// A RollingFleet on pods; with `sabotage: preStop` they end as soon as they are told to, as those of a plain Deployment do.
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const { Namespace } = require("@pulumi/kubernetes/core/v1");
const pulumi = require("@pulumi/pulumi");
const { RollingFleet } = require("hitless");
const { kubernetes } = require("hitless/kubernetes");

const config = new pulumi.Config();
const number = (key, otherwise) => config.getNumber(key) ?? otherwise;

if (config.get("sabotage") === "preStop") {
  pulumi.runtime.registerResourceTransform(({ type, props, opts }) => {
    if (type !== "kubernetes:apps/v1:Deployment") return undefined;
    const { template } = props.spec;
    const containers = template.spec.containers.map(({ lifecycle: _, ...container }) => container);
    const broken = { ...template, spec: { ...template.spec, containers } };
    return { props: { ...props, spec: { ...props.spec, template: broken } }, opts };
  });
}

const vpc = ec2.getVpcOutput({ default: true });
const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
const balancer = new lb.LoadBalancer("web", { subnets: subnets.ids });
const namespace = new Namespace("web", {
  metadata: { name: "web", labels: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } },
});

const version = config.require("version");
const nginx = config.get("server") === "nginx";
const web = new RollingFleet("web", {
  release: nginx
    ? { version, image: "registry.example.com/nginx:1", args: ["-c", `/etc/site/${version}.conf`] }
    : {
        version,
        image: "registry.example.com/web:1",
        env: {
          VERSION: version,
          BOOT_SECONDS: config.get("bootSeconds") ?? "0",
          HEALTH: config.get("health") ?? "ok",
        },
      },
  fleet: kubernetes({
    namespace: namespace.metadata.name,
    vpcId: vpc.id,
    desiredCapacity: number("servers", 4),
    resources: { requests: { cpu: "50m", memory: "192Mi" } },
    runAsUser: 1000,
    ...(nginx ? { writablePaths: ["/tmp"] } : {}),
    shutdownSeconds: 15,
  }),
  entrance: { loadBalancerArn: balancer.arn },
  healthCheck: { path: "/health", intervalSeconds: 5, timeoutSeconds: 4 },
  batchSize: number("batchSize", 2),
  drainSeconds: number("drainSeconds", 6),
  startupSeconds: number("startupSeconds", 20),
  warmupSeconds: number("warmupSeconds", 2),
});

exports.url = pulumi.interpolate`http://${balancer.dnsName}/`;
exports.status = web.status;
