import type { AlarmView } from "../../../src/gates/alarmCloud.js";
import type { GateSurroundings } from "../../../src/gates/gate.js";
import type { KubeApi, KubeCall, KubeStatus } from "../../../src/gates/kubernetes/kubeApi.js";
import type { Pod } from "../../../src/gates/kubernetes/objects.js";
import type { DeploymentContext } from "../../../src/gates/kubernetes/rollout/deploymentRollout.js";
import type { RolloutOrder } from "../../../src/gates/rollout.js";

/** What pods of a version do. */
export type Behaviour = "ready" | "crash loop" | "never ready" | "restarted once" | "no image";

interface FakePod {
  readonly name: string;
  readonly version: string;
  readonly ip: string;
  looks: number;
  sick?: boolean;
}

/** One Deployment with its controller, its pods and its load balancer; a look of the gate is a step of them all. */
export class FakeCluster {
  pods: FakePod[] = [];
  template: any;
  rollingUpdate: any = { maxSurge: 1, maxUnavailable: 0 };
  replicas: number;
  generation = 1;
  annotations: Record<string, string> = {};
  readonly behaviour = new Map<string, Behaviour>();
  readonly applied: { version: string; manager: string; rollingUpdate: any; replicas: number }[] = [];
  readonly said: string[] = [];
  paused = false;
  alarms: AlarmView[] = [];
  /** Pods that the load balancer does not find healthy, by version. */
  readonly unhealthy = new Set<string>();
  /** Answers for calls that are not to succeed. */
  refuse: ((call: KubeCall) => KubeStatus | undefined) | undefined;
  /** Called at each look. */
  onLook: ((look: number) => void) | undefined;
  looks = 0;
  now = 0;
  /** Versions whose pods get no readiness gate. */
  readonly ungated = new Set<string>();
  #made = 0;

  constructor(version: string, replicas: number) {
    this.replicas = replicas;
    this.template = templateOf(version);
    for (let count = 0; count < replicas; count += 1) this.#start(version, 10);
  }

  get versions(): string[] {
    return this.pods.map((pod) => pod.version);
  }

  context(order: Partial<RolloutOrder> & { version: string; from?: string }): DeploymentContext {
    const { version, from = "v1", ...more } = order;
    const surroundings: GateSurroundings = {
      pace: {
        now: () => this.now,
        sleep: async (seconds) => {
          this.now += seconds;
        },
      },
      report: {
        progress: async (message) => void this.said.push(message),
        note: async (message) => void this.said.push(message),
        warn: async (message) => void this.said.push(message),
      },
      assertWatched: async () => {},
    };
    return {
      ...surroundings,
      api: this.api as unknown as KubeApi,
      cloud: {
        targets: async () =>
          this.pods.map((pod) => ({
            instanceId: pod.ip,
            state: this.#ready(pod) && !this.unhealthy.has(pod.version) ? "healthy" : "unhealthy",
          })),
        alarms: async () => this.alarms,
      },
      order: {
        subject: 'RollingFleet "web"',
        release: { version },
        batch: { surge: true, batchSize: 1 },
        whenBusy: "supersede",
        warmupSeconds: 0,
        bakeSeconds: 0,
        alarmNames: [],
        replacementTimeoutSeconds: 60,
        ...more,
      },
      rollout: {
        namespace: "shop",
        name: "web",
        before: objectOf(from),
        after: objectOf(version),
        fieldManager: "pulumi-kubernetes-1",
        target: "arn:target",
      },
    };
  }

  readonly api = {
    subject: 'RollingFleet "web"',
    get: async (path: string) => (path.endsWith("/deployments/web") ? this.#deployment() : undefined),
    list: async (path: string) => {
      if (path.endsWith("/replicasets")) return this.#sets();
      if (path.endsWith("/pods")) {
        const pods = this.pods.map((pod) => this.#pod(pod));
        this.#step();
        return pods;
      }
      throw new Error(`unexpected list ${path}`);
    },
    attempt: async (call: KubeCall) => {
      if (call.path.includes("/events")) return { object: { items: [] } };
      const status = this.refuse?.(call);
      return status ? { status } : { object: this.#apply(call) };
    },
    text: async (path: string) => `last words of ${path.split("/").at(-2)}`,
    refused: (_call: KubeCall, status: KubeStatus) => new Error(`refused: ${status.message}`),
  };

  #apply(call: KubeCall): unknown {
    const { spec } = call.body as any;
    const merged = { ...this.#deployment(), spec: { ...this.#deployment().spec, template: spec.template } };
    if (call.query?.dryRun) return merged;
    this.applied.push({
      version: versionOf(spec.template),
      manager: call.query?.fieldManager ?? "",
      rollingUpdate: spec.strategy.rollingUpdate,
      replicas: spec.replicas,
    });
    this.template = spec.template;
    this.rollingUpdate = spec.strategy.rollingUpdate;
    this.replicas = spec.replicas;
    this.generation += 1;
    return this.#deployment();
  }

  /** What the Deployment's controller does: up to the surge, down to what has to be available. */
  #step(): void {
    this.looks += 1;
    this.onLook?.(this.looks);
    for (const pod of this.pods) pod.looks += 1;
    const wanted = versionOf(this.template);
    const fresh = this.pods.filter((pod) => pod.version === wanted);
    const available = this.pods.filter((pod) => this.#ready(pod)).length;
    let spare = available - (this.replicas - this.rollingUpdate.maxUnavailable);
    for (const pod of this.pods.filter((each) => each.version !== wanted)) {
      if (this.#ready(pod) && spare-- <= 0) continue;
      this.pods.splice(this.pods.indexOf(pod), 1);
    }
    const room = this.replicas + this.rollingUpdate.maxSurge - this.pods.length;
    for (let count = 0; count < Math.min(room, this.replicas - fresh.length); count += 1) this.#start(wanted, 0);
  }

  #start(version: string, looks: number): void {
    this.#made += 1;
    this.pods.push({ name: `web-${version}-${this.#made}`, version, ip: `10.0.0.${this.#made}`, looks });
  }

  #ready(pod: FakePod): boolean {
    const behaviour = this.behaviour.get(pod.version) ?? "ready";
    return (behaviour === "ready" || behaviour === "restarted once") && pod.looks >= 2 && !pod.sick;
  }

  #deployment(): any {
    const wanted = versionOf(this.template);
    const updated = this.pods.filter((pod) => pod.version === wanted);
    return {
      metadata: {
        name: "web",
        namespace: "shop",
        uid: "deployment",
        generation: this.generation,
        annotations: this.annotations,
      },
      spec: {
        replicas: this.replicas,
        paused: this.paused,
        selector: { matchLabels: { app: "web" } },
        template: this.template,
      },
      status: {
        observedGeneration: this.generation,
        replicas: this.pods.length,
        updatedReplicas: updated.length,
        availableReplicas: this.pods.filter((pod) => this.#ready(pod)).length,
      },
    };
  }

  #sets(): unknown[] {
    const versions = new Set([...this.versions, versionOf(this.template)]);
    return [...versions].map((version) => ({
      metadata: {
        name: `web-${version}`,
        uid: `set-${version}`,
        ownerReferences: [{ uid: "deployment", kind: "Deployment" }],
      },
      spec: {
        template: withHash(version === versionOf(this.template) ? this.template : templateOf(version), version),
      },
    }));
  }

  #pod(pod: FakePod): Pod {
    const ready = this.#ready(pod);
    const behaviour = this.behaviour.get(pod.version) ?? "ready";
    const crashes = behaviour === "crash loop" && pod.looks >= 2;
    const restarts = crashes ? 2 : behaviour === "restarted once" ? 1 : 0;
    const ended = { terminated: { exitCode: 3, reason: "Error" } };
    return {
      metadata: {
        name: pod.name,
        namespace: "shop",
        ownerReferences: [{ uid: `set-${pod.version}`, kind: "ReplicaSet" }],
      },
      spec: {
        nodeName: "node",
        ...(this.ungated.has(pod.version)
          ? {}
          : { readinessGates: [{ conditionType: "target-health.elbv2.k8s.aws/web-1" }] }),
      },
      status: {
        phase: "Running",
        podIP: pod.ip,
        conditions: [
          { type: "Ready", status: ready ? "True" : "False" },
          { type: "ContainersReady", status: ready ? "True" : "False" },
        ],
        containerStatuses: [
          {
            name: "app",
            ready,
            restartCount: restarts,
            state:
              behaviour === "no image"
                ? { waiting: { reason: "ErrImagePull", message: "no such image" } }
                : crashes
                  ? { waiting: { reason: "CrashLoopBackOff" } }
                  : { running: {} },
            ...(restarts > 0 ? { lastState: ended } : {}),
          },
        ],
      },
    };
  }
}

/** As a ReplicaSet has it: with its controller's own label. */
function withHash(template: any, hash: string): any {
  return {
    ...template,
    metadata: { ...template.metadata, labels: { ...template.metadata.labels, "pod-template-hash": hash } },
  };
}

function templateOf(version: string): any {
  return {
    metadata: { labels: {}, annotations: { "hitless.dev/version": version } },
    spec: { containers: [{ name: "app", image: `shop:${version}` }] },
  };
}

function objectOf(version: string): any {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { annotations: { "hitless.dev/version": version } },
    spec: { template: templateOf(version) },
  };
}

function versionOf(template: any): string {
  return template.metadata.annotations["hitless.dev/version"];
}
