import type { Server } from "node:net";
import type { BalancerConfig, BalancerCounts, DataPlaneFaults, TargetHealthChange } from "../balancer/dataPlane.js";
import type { IsolationChoice } from "../instances/createRuntime.js";
import type { InstanceEndpoint, InstanceExit, InstanceSpec } from "../instances/runtime.js";

/** What the host is told first. */
export interface BootOptions {
  readonly speed: number;
  readonly logLevel: string;
  readonly isolation: IsolationChoice;
  /** The run's directory for instances. */
  readonly directory: string;
  readonly imageCommands: Readonly<Record<string, string>>;
}

/** What the main process asks of the host. */
export type HostProcedures = {
  boot(options: BootOptions): Promise<void>;
  startInstance(spec: InstanceSpec): Promise<InstanceEndpoint>;
  stopInstance(instanceId: string, graceMs: number): Promise<void>;
  killInstance(instanceId: string): Promise<void>;
  instanceConsole(instanceId: string): Promise<string>;
  instanceCpuSeconds(): Promise<Readonly<Record<string, number>>>;
  closeInstances(): Promise<void>;
  applyBalancer(config: BalancerConfig): Promise<void>;
  removeBalancer(loadBalancerArn: string): Promise<void>;
  setFaults(faults: DataPlaneFaults): Promise<void>;
  closeBalancers(): Promise<void>;
};

/** What the host asks of the main process: a listening socket of the machine's real loopback. */
export type MainProcedures = {
  openListener(address: string, port: number): Promise<Server>;
};

/** What the host tells unasked. */
export type HostEvents = {
  exit: InstanceExit;
  health: TargetHealthChange;
  counts: BalancerCounts[];
  /** One line of pino's JSON. */
  log: string;
};

/** What the main process tells unasked; the connection itself travels with the message. */
export type MainEvents = {
  /** A connection that reached a listening socket before the main process had closed its own copy of it. */
  lateConnection: { readonly address: string; readonly port: number };
};
