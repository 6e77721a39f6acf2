// A Deployment as everybody writes it, and its rolling update by kubectl, behind a load balancer of the same cloud.
import { createRequire } from "node:module";
import { podTemplate, service, shop } from "./shop.mjs";

const require = createRequire(import.meta.url);
const NAME = "shop";

/**
 * @param namespace of its own
 * @param careful pods with a startup probe and a preStop wait, as Hitless makes them, and the same `minReadySeconds`; else a readiness probe only
 * @returns its URL
 */
export async function openPlain(ground, namespace, careful) {
  const { url, targetGroup } = await balancer(ground, namespace);
  const binding = {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: { namespace, name: NAME },
    spec: { serviceRef: { name: NAME, port: 80 }, targetGroupARN: targetGroup, targetType: "ip" },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name: NAME },
    spec: {
      replicas: shop.pods,
      ...(careful ? { minReadySeconds: shop.warmupSeconds } : {}),
      selector: { matchLabels: { app: namespace } },
      template: podTemplate(namespace, "v1", careful),
    },
  };
  await ground.apply([service(namespace, NAME), binding, deployment]);
  await rolledOut(ground, namespace, ground.cluster.kubeconfig);
  await answers(url);
  return url;
}

/** Sets the version, and waits until kubectl says that it is rolled out. */
export async function setVersion(ground, namespace, version) {
  const own = ground.kubeconfigs.kubectl;
  await ground.kubectl(["set", "env", `deployment/${NAME}`, `VERSION=${version}`, "-n", namespace], own);
  await rolledOut(ground, namespace, own);
}

/** `kubectl rollout undo`, to the version before. */
export async function undo(ground, namespace) {
  const own = ground.kubeconfigs.kubectl;
  await ground.kubectl(["rollout", "undo", `deployment/${NAME}`, "-n", namespace], own);
  await rolledOut(ground, namespace, own);
}

function rolledOut(ground, namespace, kubeconfig) {
  return ground.kubectl(["rollout", "status", `deployment/${NAME}`, "-n", namespace, "--timeout=120s"], kubeconfig);
}

/** As the program's: an Application Load Balancer with one listener, and a target group of addresses. */
async function balancer(ground, name) {
  const elb = require("@aws-sdk/client-elastic-load-balancing-v2");
  const ec2 = require("@aws-sdk/client-ec2");
  const { url, region } = ground.engineAccess();
  const settings = { endpoint: url, region, credentials: { accessKeyId: "bench", secretAccessKey: "bench" } };
  const [balancers, network] = [new elb.ElasticLoadBalancingV2Client(settings), new ec2.EC2Client(settings)];
  try {
    const { Subnets } = await network.send(new ec2.DescribeSubnetsCommand({}));
    const VpcId = Subnets[0].VpcId;
    const ids = Subnets.filter((subnet) => subnet.VpcId === VpcId).map(({ SubnetId }) => SubnetId);
    const { LoadBalancers } = await balancers.send(new elb.CreateLoadBalancerCommand({ Name: name, Subnets: ids }));
    const { healthCheck, drainSeconds } = shop;
    const { TargetGroups } = await balancers.send(
      new elb.CreateTargetGroupCommand({
        ...{ Name: name, Protocol: "HTTP", Port: 80, VpcId, TargetType: "ip", HealthCheckPath: healthCheck.path },
        HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
        HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
        ...{ HealthyThresholdCount: 2, UnhealthyThresholdCount: 2 },
      }),
    );
    const { TargetGroupArn } = TargetGroups[0];
    const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: String(drainSeconds) }];
    await balancers.send(new elb.ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
    const { LoadBalancerArn, DNSName } = LoadBalancers[0];
    const DefaultActions = [{ Type: "forward", TargetGroupArn }];
    await balancers.send(
      new elb.CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions }),
    );
    return { url: `http://${DNSName}/`, targetGroup: TargetGroupArn };
  } finally {
    balancers.destroy();
    network.destroy();
  }
}

/** Until the first targets are healthy; before, nobody has been promised anything. */
export async function answers(url, inARow = 20) {
  const deadline = Date.now() + 60_000;
  for (let good = 0; good < inARow; ) {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await response?.body?.cancel();
    const ok = response?.ok ?? false;
    good = ok ? good + 1 : 0;
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    if (!ok || good < inARow) await new Promise((resolve) => setTimeout(resolve, ok ? 100 : 500));
  }
}
