/** Entry of the host's process: see host.ts, which starts it. */
import { rmSync } from "node:fs";
import type { Server, Socket } from "node:net";
import type { Logger } from "pino";
import { BalancerDataPlane } from "../balancer/balancerDataPlane.js";
import type { DataPlane } from "../balancer/dataPlane.js";
import { Clock } from "../clock.js";
import { createRuntime } from "../instances/createRuntime.js";
import type { InstanceRuntime } from "../instances/runtime.js";
import { relayingLogger } from "./logRelay.js";
import type { BootOptions, HostEvents, HostProcedures, MainEvents, MainProcedures } from "./protocol.js";
import { RpcPeer } from "./rpc.js";

interface Booted {
  readonly options: BootOptions;
  readonly runtime: InstanceRuntime;
  readonly dataPlane: DataPlane;
  readonly log: Logger;
}

/** Real seconds that instances may take to end once the main process is gone. */
const emergencySeconds = 5;

let booted: Booted | undefined;
const listening = new Map<string, Server>();

const peer = new RpcPeer<HostProcedures, MainProcedures, HostEvents, MainEvents>(process, {
  boot: async (options) => {
    booted = await boot(options);
  },
  startInstance: (spec) => running().runtime.start(spec),
  stopInstance: (instanceId, graceMs) => running().runtime.stop(instanceId, graceMs),
  killInstance: (instanceId) => running().runtime.kill(instanceId),
  instanceConsole: (instanceId) => running().runtime.console(instanceId),
  instanceCpuSeconds: () => running().runtime.cpuSeconds(),
  closeInstances: () => running().runtime.close(),
  applyBalancer: (config) => running().dataPlane.apply(config),
  removeBalancer: (loadBalancerArn) => running().dataPlane.remove(loadBalancerArn),
  setFaults: (faults) => running().dataPlane.setFaults(faults),
  closeBalancers: () => running().dataPlane.close(),
});

peer.events.on("lateConnection", ({ address, port }, socket) => {
  const server = listening.get(`${address}:${port}`);
  if (server) {
    server.emit("connection", socket);
    return;
  }
  (socket as Socket | undefined)?.destroy();
  booted?.log.warn({ address, port }, "a connection came too late: its listener is closed");
});
process.on("disconnect", () => void end());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => void end());

async function boot(options: BootOptions): Promise<Booted> {
  const log = relayingLogger(options.logLevel, (line) => peer.emit("log", line));
  const { isolation, directory, speed, imageCommands } = options;
  const runtime = await createRuntime({ isolation, directory, speed, log, imageCommands });
  const dataPlane = new BalancerDataPlane({ clock: new Clock(options.speed), log, listen });
  runtime.events.on("exit", (exit) => peer.emit("exit", exit));
  dataPlane.events.on("health", (change) => peer.emit("health", change));
  dataPlane.events.on("counts", (counts) => peer.emit("counts", counts));
  return { options, runtime, dataPlane, log };
}

function running(): Booted {
  if (!booted) throw new Error("the host has not been booted");
  return booted;
}

/** A socket of the machine's real loopback: it stays in the network namespace in which the main process opened it. */
async function listen(address: string, port: number): Promise<Server> {
  const server = await peer.call("openListener", [address, port]);
  const key = `${address}:${port}`;
  listening.set(key, server);
  server.once("close", () => listening.delete(key));
  return server;
}

/**
 * The main process has let go, or is gone. As process 1 of a process namespace this one takes all instances along; without
 * namespaces they are ended one by one.
 */
async function end(): Promise<void> {
  if (booted && booted.options.isolation.kind !== "namespace") {
    new Clock().after(emergencySeconds, () => process.exit(1));
    try {
      await booted.runtime.close();
      rmSync(booted.options.directory, { recursive: true, force: true });
    } finally {
      process.exit(0);
    }
  }
  process.exit(0);
}
