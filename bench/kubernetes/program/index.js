// Ours: each strategy on the same pods, by the configuration key `strategy`; what the pods are asked for comes with `shop`. Namespace and Gateway
// are called `name`.
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const pulumi = require("@pulumi/pulumi");
const { BlueGreenPair, CanaryRelease, RollingFleet } = require("hitless");
const { gateway, kubernetes } = require("hitless/kubernetes");

const config = new pulumi.Config();
const name = config.require("name");
const shop = config.requireObject("shop");
const release = (version) => ({ version, image: shop.image, env: { VERSION: version } });

const fleet = (more = {}) =>
  kubernetes({
    namespace: name,
    desiredCapacity: shop.pods,
    resources: { requests: shop.requests },
    runAsUser: 1000,
    shutdownSeconds: shop.shutdownSeconds,
    ...more,
  });
const times = {
  healthCheck: shop.healthCheck,
  drainSeconds: shop.drainSeconds,
  startupSeconds: shop.startupSeconds,
  warmupSeconds: shop.warmupSeconds,
};
/** Nothing waits for weights to spread, as Argo Rollouts does not: before it ends, a pod goes on serving for 15 seconds and its drain. */
const spreadSeconds = 0;
const route = () => gateway({ gateway: name, gatewayNamespace: "infra", url: config.require("url") });

const strategies = {
  rolling() {
    const vpc = ec2.getVpcOutput({ default: true });
    const subnets = ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpc.id] }] });
    const balancer = new lb.LoadBalancer("shop", { subnets: subnets.ids });
    new RollingFleet("shop", {
      release: release(config.require("version")),
      fleet: fleet({ vpcId: vpc.id }),
      entrance: { loadBalancerArn: balancer.arn },
      // A Deployment with default settings takes one more and one less: two at once.
      batchSize: 2,
      ...times,
    });
    return pulumi.interpolate`http://${balancer.dnsName}/`;
  },

  canary() {
    const [canary, previous] = [config.get("canary"), config.get("previous")];
    return new CanaryRelease("shop", {
      stable: release(config.require("stable")),
      ...(canary ? { canary: { ...release(canary), weight: config.requireNumber("weight") } } : {}),
      ...(previous ? { previous: release(previous) } : {}),
      steps: [25, 50, 75],
      spreadSeconds,
      fleet: fleet(),
      entrance: route(),
      ...times,
    }).url;
  },

  pair() {
    return new BlueGreenPair("shop", {
      live: config.require("live"),
      blue: release(config.require("blue")),
      green: release(config.require("green")),
      shift: config.getObject("shift"),
      spreadSeconds,
      fleet: fleet(),
      entrance: route(),
      ...times,
    }).url;
  },
};

exports.url = strategies[config.require("strategy")]();
