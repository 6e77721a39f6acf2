import type { Logger } from "pino";
import { createAdminApi } from "./admin/adminApi.js";
import { AutoScaling } from "./autoscaling/autoScaling.js";
import { Clock } from "./clock.js";
import { Closers } from "./closers.js";
import { CloudWatch } from "./cloudwatch/cloudWatch.js";
import { CpuMetrics } from "./ec2/cpuMetrics.js";
import { Ec2 } from "./ec2/ec2.js";
import { zonesOf } from "./ec2/zones.js";
import { LoadBalancing } from "./elbv2/loadBalancing.js";
import { type Host, startHost } from "./host/host.js";
import type { KubernetesControllers } from "./kubernetes/kubernetesControllers.js";
import type { CloudFaults, CloudSnapshot, CloudStatus, GroupSnapshot, TargetGroupSnapshot } from "./snapshot.js";
import { ParameterStore } from "./ssm/parameterStore.js";
import { createSsm } from "./ssm/ssm.js";
import { createSts } from "./sts/sts.js";
import { Authority } from "./tls/authority.js";
import type { Certificate } from "./tls/x509.js";
import { ApiFaults } from "./wire/apiFaults.js";
import { StaleReads } from "./wire/staleReads.js";
import { WireServer } from "./wire/wireServer.js";

export interface LocalCloudOptions {
  /** Port of the API on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** AWS seconds per real second. */
  readonly speed: number;
  readonly log: Logger;
  /** @default "us-east-1" */
  readonly region?: string;
  /** @default "123456789012" */
  readonly accountId?: string;
  /** How instances are kept apart; on `paper` they have no processes, and the cloud answers for them. @default "auto" */
  readonly isolation?: "auto" | "namespace" | "loopback" | "paper";
  /** Commands that baked images would start by themselves, by image id. */
  readonly imageCommands?: Readonly<Record<string, string>>;
  /** Certificates and keys (PEM) of HTTPS listeners by the ARN that they name; for others one is made. */
  readonly certificates?: Readonly<Record<string, Certificate>>;
  /** AWS seconds by which repeated Describe and List calls are answered from the past. @default 0 */
  readonly consistencyDelaySeconds?: number;
  /** Path of a kubeconfig file: the cloud plays the AWS Load Balancer Controller and a Gateway controller in that cluster. */
  readonly kubeconfig?: string;
}

/** The local cloud whole: AWS's API on loopback, with real load balancers and real instances behind it. */
export class LocalCloud {
  readonly #parts: Parts;
  readonly #closers: Closers;
  #closing: Promise<void> | undefined;

  private constructor(parts: Parts, closers: Closers) {
    this.#parts = parts;
    this.#closers = closers;
  }

  /** Starts it; rejects in one sentence, with nothing left behind, when something of it cannot be started. */
  static async start(options: LocalCloudOptions): Promise<LocalCloud> {
    const closers = new Closers("The local cloud");
    try {
      return new LocalCloud(await startParts(options, closers), closers);
    } catch (error) {
      await closers
        .close()
        .catch((left: unknown) => options.log.error({ err: left }, "the failed start was not cleaned up"));
      throw error;
    }
  }

  /** Where SDKs reach it: `http://127.0.0.1:4566`. */
  get url(): string {
    return this.#parts.server.url;
  }

  get port(): number {
    return this.#parts.server.port;
  }

  /** Replaces the faults in force; an empty object mends everything. */
  setFaults(faults: CloudFaults): Promise<void> {
    return this.#parts.administered.setFaults(faults);
  }

  /** Groups, targets and weights in one consistent picture. */
  snapshot(): CloudSnapshot {
    return this.#parts.administered.snapshot();
  }

  status(): CloudStatus {
    return this.#parts.administered.status();
  }

  /** Emits "failed" when the process that runs instances and balancers has died: nothing works any more then. */
  get events(): Host["events"] {
    return this.#parts.host.events;
  }

  /** Ends the API, then what acts by itself, then instances and balancers; resolves when nothing is left. */
  close(): Promise<void> {
    this.#closing ??= this.#closers.close();
    return this.#closing;
  }
}

/** Instances that run nothing cost an address and a listening socket each. */
const paperInstances = 5000;

interface Parts {
  readonly host: Host;
  readonly server: WireServer;
  readonly administered: ReturnType<typeof administer>;
}

async function startParts(options: LocalCloudOptions, closers: Closers): Promise<Parts> {
  const { port, speed, log, isolation, imageCommands, region = "us-east-1", accountId = "123456789012" } = options;
  const clock = new Clock(speed);
  const prefix = addressPrefix(port);
  const host = await startHost({
    speed,
    log,
    ...(isolation && { isolation }),
    ...(imageCommands && { imageCommands }),
  });
  closers.add("instances and balancers", () => host.close());
  const common = { clock, log, region, accountId };

  const authority = new Authority();
  const certificates = options.certificates ?? {};
  const parameters = new ParameterStore(region);
  const ec2 = new Ec2({
    ...common,
    runtime: host.runtime,
    ...(isolation === "paper" && { maxInstances: paperInstances }),
    parameter: (name) => parameters.value(name),
    ...(imageCommands && { imageCommands }),
  });
  closers.add("EC2", () => ec2.close());
  const monitoring = new CloudWatch(common);
  closers.add("CloudWatch", () => monitoring.close());
  const cpu = new CpuMetrics({
    clock,
    log,
    runtime: host.runtime,
    instances: () => ec2.measured(),
    put: (data) => monitoring.put(data),
  });
  closers.add("CPU metrics", async () => cpu.close());
  const targets = new LoadBalancing({
    ...common,
    compute: ec2,
    dataPlane: host.dataPlane,
    monitoring,
    securityGroups: ec2,
    addressPrefix: prefix,
    authority,
    certificates,
  });
  closers.add("load balancing", () => targets.close());
  ec2.addGroupUser((groupId) => targets.userOfSecurityGroup(groupId));
  const autoScaling = new AutoScaling({ ...common, compute: ec2, targets, monitoring });
  closers.add("Auto Scaling", () => autoScaling.close());

  const apiFaults = new ApiFaults((realSeconds) => clock.sleep(realSeconds * speed));
  const staleReads = new StaleReads(clock);
  staleReads.delaySeconds = options.consistencyDelaySeconds ?? 0;
  /** What runs in a cluster, once controllers work in one. */
  const cluster: { controllers?: Pick<KubernetesControllers, "snapshots"> } = {};
  const administered = administer({
    podGroups: (targetGroups) => cluster.controllers?.snapshots(targetGroups) ?? [],
    host,
    ec2,
    targets,
    autoScaling,
    apiFaults,
    staleReads,
    speed,
    zones: zonesOf(region).map(({ name }) => name),
    trust: [authority.cert, ...Object.values(certificates).map(({ cert }) => cert)].join("\n"),
  });
  const services = [
    ec2.service,
    targets.service,
    autoScaling.service,
    monitoring.service,
    createSts({ accountId }),
    createSsm({ region, accountId, parameters }),
  ];
  const { before } = apiFaults;
  const server = await WireServer.start({
    port,
    services,
    accountId,
    log,
    before,
    staleReads,
    admin: createAdminApi(administered),
  });
  closers.add("the API", () => server.close());
  if (options.kubeconfig !== undefined) {
    const { startControllers } = await import("./kubernetes/startControllers.js");
    const kubeconfig = options.kubeconfig;
    const controllers = await startControllers({
      ...common,
      kubeconfig,
      cloudUrl: server.url,
      host,
      authority,
      addressPrefix: prefix,
    });
    cluster.controllers = controllers;
    closers.add("the controllers in the cluster", () => controllers.close());
  }
  return { host, server, administered };
}

/** The cloud as its admin API sees it. */
function administer(parts: {
  podGroups: (targetGroups: readonly TargetGroupSnapshot[]) => readonly GroupSnapshot[];
  host: Host;
  ec2: Ec2;
  targets: LoadBalancing;
  autoScaling: AutoScaling;
  apiFaults: ApiFaults;
  staleReads: StaleReads;
  speed: number;
  zones: readonly string[];
  trust: string;
}) {
  const { host, ec2, targets, autoScaling, apiFaults, staleReads, speed, zones, trust } = parts;
  const usualDelaySeconds = staleReads.delaySeconds;
  return {
    status: (): CloudStatus => ({
      version: packageVersion(),
      pid: process.pid,
      speed,
      isolation: host.runtime.isolation,
      ...(host.runtime.isolationReason !== undefined && { isolationReason: host.runtime.isolationReason }),
      zones,
    }),
    snapshot: (): CloudSnapshot => {
      const targetGroups = targets.targetGroupSnapshots();
      return {
        at: Date.now(),
        groups: [...autoScaling.snapshots(), ...parts.podGroups(targetGroups)],
        targetGroups,
        listeners: targets.listenerSnapshots(),
      };
    },
    trust: (): string => trust,
    setFaults: async (faults: CloudFaults): Promise<void> => {
      const { throttleShare, apiErrorShare, apiLatencySeconds, consistencyDelaySeconds, ...others } = faults;
      const { bootDelaySeconds, bootFailureShare, lostZones, ...ofDataPlane } = others;
      // First, because it refuses a zone that is not there.
      await ec2.setFaults({ bootDelaySeconds, bootFailureShare, lostZones });
      apiFaults.set({ throttleShare, apiErrorShare, apiLatencySeconds });
      staleReads.delaySeconds = consistencyDelaySeconds ?? usualDelaySeconds;
      await host.dataPlane.setFaults(ofDataPlane);
    },
    console: (instanceId: string) => ec2.console(instanceId),
    powerFailure: (instanceId: string) => ec2.powerFailure(instanceId),
  };
}

let started = 0;

/**
 * The usual port has the load balancer addresses 127.77.0.1 and following. Clouds on other ports get one of 32,768 ranges, so that
 * clouds side by side do not want the same address and port; those of one process, and of processes that were started one after the
 * other, never share one.
 */
function addressPrefix(port: number): string {
  if (port === 4566) return "127.77.0";
  const seed = (port === 0 ? process.pid * 101 + started++ : port) % 32_768;
  return `127.${128 + (seed >> 8)}.${seed & 0xff}`;
}

/** The same path from src and from dist. */
function packageVersion(): string {
  return (require("../../../package.json") as { version: string }).version;
}
