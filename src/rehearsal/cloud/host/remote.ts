import { EventEmitter } from "node:events";
import type {
  BalancerConfig,
  BalancerCounts,
  DataPlane,
  DataPlaneFaults,
  TargetHealthChange,
} from "../balancer/dataPlane.js";
import type { InstanceEndpoint, InstanceExit, InstanceRuntime, InstanceSpec } from "../instances/runtime.js";
import type { HostEvents, HostProcedures, MainEvents, MainProcedures } from "./protocol.js";
import type { RpcPeer } from "./rpc.js";

/** The main process's end of the conversation. */
export type HostPeer = RpcPeer<MainProcedures, HostProcedures, MainEvents, HostEvents>;

/** Seconds that the host may take on top of what a call itself may take. */
const marginSeconds = 15;

/** The host's instances, as the main process sees them. */
export class RemoteRuntime implements InstanceRuntime {
  readonly events = new EventEmitter<{ exit: [InstanceExit] }>();
  private readonly running = new Set<string>();

  constructor(
    private readonly peer: HostPeer,
    readonly isolation: "namespace" | "loopback" | "paper",
    readonly isolationReason: string | undefined,
  ) {
    peer.events.on("exit", (exit) => this.ended(exit));
  }

  async start(spec: InstanceSpec): Promise<InstanceEndpoint> {
    this.running.add(spec.instanceId);
    try {
      return await this.peer.call("startInstance", [spec], 60);
    } catch (error) {
      this.running.delete(spec.instanceId);
      throw error;
    }
  }

  stop(instanceId: string, graceMs: number): Promise<void> {
    return this.peer.call("stopInstance", [instanceId, graceMs], graceMs / 1000 + marginSeconds);
  }

  kill(instanceId: string): Promise<void> {
    return this.peer.call("killInstance", [instanceId]);
  }

  console(instanceId: string): Promise<string> {
    return this.peer.call("instanceConsole", [instanceId]);
  }

  cpuSeconds(): Promise<Readonly<Record<string, number>>> {
    return this.peer.call("instanceCpuSeconds", []);
  }

  close(): Promise<void> {
    return this.peer.call("closeInstances", []);
  }

  /** The host has died, and every instance with it: each one's end is told as a power failure would be. */
  allKilled(): void {
    for (const instanceId of [...this.running])
      this.ended({ instanceId, exitCode: null, signal: "SIGKILL", expected: false });
  }

  private ended(exit: InstanceExit): void {
    this.running.delete(exit.instanceId);
    this.events.emit("exit", exit);
  }
}

/** The host's balancers, as the main process sees them. */
export class RemoteDataPlane implements DataPlane {
  readonly events = new EventEmitter<{ health: [TargetHealthChange]; counts: [BalancerCounts[]] }>();

  constructor(private readonly peer: HostPeer) {
    peer.events.on("health", (change) => this.events.emit("health", change));
    peer.events.on("counts", (counts) => this.events.emit("counts", counts));
  }

  apply(config: BalancerConfig): Promise<void> {
    return this.peer.call("applyBalancer", [config]);
  }

  remove(loadBalancerArn: string): Promise<void> {
    return this.peer.call("removeBalancer", [loadBalancerArn]);
  }

  setFaults(faults: DataPlaneFaults): Promise<void> {
    return this.peer.call("setFaults", [faults]);
  }

  close(): Promise<void> {
    return this.peer.call("closeBalancers", []);
  }
}
