import * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../../src/errors/faults.js";
import type { KubernetesFleetArgs } from "../../../src/fleet/kubernetes/fleetArgs.js";
import { kubernetesPlatform } from "../../../src/fleet/kubernetes/kubernetesPlatform.js";
import type { WishedSizes, WorkloadOpts } from "../../../src/fleet/platform.js";
import type { ReleaseArgs } from "../../../src/fleet/release.js";
import type { BatchRule } from "../../../src/plan/batches.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../../src/testing/index.js";
import { checkHealthCheck, type HealthCheckArgs } from "../../../src/traffic/healthCheck.js";

export const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
export const SERVICE = "kubernetes:core/v1:Service";
export const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
export const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";
export const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
export const TARGET_GROUP = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef";
export const COMPONENT = "shop/dev/web";

/** Arguments that are fine, for tests to change. */
export function goodFleet(): KubernetesFleetArgs {
  return {
    namespace: "shop",
    vpcId: "vpc-1",
    desiredCapacity: 6,
    resources: { requests: { cpu: "250m", memory: "256Mi" } },
  };
}

export const goodRelease = (): ReleaseArgs => ({ version: "v1", image: "registry.example.com/shop:v1" });

export interface BuildWish {
  readonly name?: string;
  readonly fleet?: KubernetesFleetArgs;
  readonly release?: ReleaseArgs;
  readonly healthCheck?: HealthCheckArgs;
  readonly batch?: BatchRule;
  readonly drainSeconds?: pulumi.Input<number>;
  readonly startupSeconds?: number;
  readonly warmupSeconds?: number;
  readonly behind?: "targetGroup" | "service";
  /** What the fleet stands behind: a target group's ARN, or `NAMESPACE/NAME` of a Service. */
  readonly targetId?: string;
  readonly awaits?: "provider" | "gate";
  readonly sizes?: Partial<WishedSizes>;
  readonly workload?: WorkloadOpts;
  readonly mocks?: MockOptions;
}

export class Component extends pulumi.ComponentResource {
  constructor(name: string) {
    super("hitless:index:RollingFleet", name);
  }

  /** Complete when all of its parts are there. */
  done(nodes: object): void {
    const parts = Object.entries(nodes as Record<string, pulumi.CustomResource>);
    this.registerOutputs(Object.fromEntries(parts.map(([name, node]) => [name, node.id])));
  }
}

/** Checks and builds one fleet, as a strategy does; answers what was made. */
export async function build(wish: BuildWish = {}): Promise<HitlessMocks> {
  const mocks = await setHitlessMocks(wish.mocks);
  const component = new Component("web");
  const faults = new Faults('RollingFleet "web"');
  const batch = wish.batch ?? { surge: true, batchSize: 2 };
  const plan = kubernetesPlatform.checkFleet(wish.fleet ?? goodFleet(), faults, batch);
  const release = kubernetesPlatform.checkRelease(wish.release ?? goodRelease(), faults, "release.");
  const healthCheck = checkHealthCheck(wish.healthCheck ?? { path: "/health" }, faults);
  const times = {
    drainSeconds: wish.drainSeconds ?? 30,
    startupSeconds: wish.startupSeconds ?? 60,
    warmupSeconds: wish.warmupSeconds ?? 0,
  };
  kubernetesPlatform.checkTimes(plan, { ...times, healthCheck }, faults);
  faults.throwIfAny();
  const opts = { parent: component };
  const shared = kubernetesPlatform.share("web", plan, opts);
  const behind = wish.behind ?? "targetGroup";
  const { minSize, desiredCapacity, maxSize, autoscaled } = plan;
  const built = kubernetesPlatform.createFleet(
    wish.name ?? "web",
    {
      ...times,
      release,
      fleet: plan,
      shared,
      healthCheck,
      target: {
        id: pulumi.output(wish.targetId ?? (behind === "targetGroup" ? TARGET_GROUP : "shop/web")),
        kind: behind,
        resource: component as unknown as pulumi.CustomResource,
        nodes: {},
      },
      awaits: wish.awaits ?? "provider",
      sizes: { minSize, desiredCapacity, maxSize, autoscaled, ...wish.sizes },
      component: COMPONENT,
      creationTimeoutSeconds: 300,
    },
    opts,
    wish.workload ?? {},
  );
  const scaling = plan.autoscaled ? built.scaling({ entrance: undefined as never }, wish.name ?? "web", opts) : {};
  component.done({ ...built.nodes, ...scaling });
  await mocks.complete();
  return mocks;
}
