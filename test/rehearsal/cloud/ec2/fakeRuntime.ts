import { EventEmitter } from "node:events";
import type {
  InstanceEndpoint,
  InstanceExit,
  InstanceRuntime,
  InstanceSpec,
} from "../../../../src/rehearsal/cloud/instances/runtime.js";

/** A runtime that starts nothing: tests decide when starts and stops are done, and see what was asked. */
export class FakeRuntime implements InstanceRuntime {
  readonly isolation = "namespace";
  readonly events = new EventEmitter<{ exit: [InstanceExit] }>();
  readonly started: InstanceSpec[] = [];
  readonly stopped: { instanceId: string; graceMs: number }[] = [];
  readonly killed: string[] = [];
  /** Console output by instance. */
  readonly consoles = new Map<string, string>();
  startError?: Error;
  /** Starts and stops wait for it. */
  gate: Promise<void> = Promise.resolve();

  async start(spec: InstanceSpec): Promise<InstanceEndpoint> {
    this.started.push(spec);
    await this.gate;
    if (this.startError) throw this.startError;
    return { host: spec.privateIpAddress };
  }

  async stop(instanceId: string, graceMs: number): Promise<void> {
    this.stopped.push({ instanceId, graceMs });
    await this.gate;
    this.exit(instanceId, { signal: "SIGTERM", expected: true });
  }

  async kill(instanceId: string): Promise<void> {
    this.killed.push(instanceId);
    this.exit(instanceId, { signal: "SIGKILL" });
  }

  async console(instanceId: string): Promise<string> {
    return this.consoles.get(instanceId) ?? "";
  }

  /** CPU seconds by instance. */
  cpu: Record<string, number> = {};

  async cpuSeconds(): Promise<Record<string, number>> {
    return { ...this.cpu };
  }

  async close(): Promise<void> {}

  exit(instanceId: string, exit: Partial<InstanceExit>): void {
    this.events.emit("exit", { instanceId, exitCode: null, signal: null, expected: false, ...exit });
  }
}
