import type { EventEmitter } from "node:events";

/** Everything needed to start one instance, and what its metadata service tells it. */
export interface InstanceSpec {
  readonly instanceId: string;
  readonly imageId: string;
  readonly instanceType: string;
  /** The launch template's user data, base64 as AWS keeps it; absent when the template has none. */
  readonly userData?: string;
  readonly privateIpAddress: string;
  /** The subnet's block, whose prefix length the instance's interface gets. */
  readonly subnetCidr: string;
  readonly vpcCidr: string;
  readonly availabilityZone: string;
  readonly region: string;
  readonly accountId: string;
  readonly reservationId: string;
  /** Tags of the instance, served under /latest/meta-data/tags/instance when `instanceMetadataTags` is set. */
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: {
    readonly httpTokens: "required" | "optional";
    readonly instanceMetadataTags: boolean;
  };
  readonly instanceProfileArn?: string;
}

/** Where the balancer reaches an instance. */
export interface InstanceEndpoint {
  readonly host: string;
  /** Set where the instance could be given only one port (no namespaces): all traffic goes there, whatever port was asked. */
  readonly port?: number;
}

export interface InstanceExit {
  readonly instanceId: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** True when the exit was asked for by `stop`. */
  readonly expected: boolean;
}

/** Runs instances as process trees; `isolation` says how far they are kept apart. */
export interface InstanceRuntime {
  readonly isolation: "namespace" | "loopback" | "paper";
  /** Why namespaces are not in use, in one sentence, when `isolation` is "loopback". */
  readonly isolationReason?: string;
  /** Resolves when the process tree runs (not when the application answers); rejects when it cannot be started. */
  start(spec: InstanceSpec): Promise<InstanceEndpoint>;
  /** SIGTERM to the tree, SIGKILL after `graceMs` real milliseconds; resolves when nothing of it is left. Unknown ids resolve. */
  stop(instanceId: string, graceMs: number): Promise<void>;
  /** SIGKILL at once, as a power failure does. */
  kill(instanceId: string): Promise<void>;
  /** The instance's console output (both streams, newest 64 KiB), also after its end. */
  console(instanceId: string): Promise<string>;
  /**
   * CPU seconds that each running instance has used since its start, by instance id. Instances without processes are absent, and so
   * are all where the system does not tell.
   */
  cpuSeconds(): Promise<Readonly<Record<string, number>>>;
  /** Emits "exit" whenever an instance's process tree ends. */
  readonly events: EventEmitter<{ exit: [InstanceExit] }>;
  /** Stops everything and waits until no process is left. */
  close(): Promise<void>;
}
