import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import type { DataPlane } from "../balancer/dataPlane.js";
import { Clock } from "../clock.js";
import type { IsolationChoice } from "../instances/createRuntime.js";
import { groupsFile } from "../instances/loopback/loopbackLauncher.js";
import { markedProcesses, signalAll } from "../instances/loopback/markedProcesses.js";
import { probeNamespaces, runsAsRoot } from "../instances/probe.js";
import type { InstanceRuntime } from "../instances/runtime.js";
import { spawnHost } from "./hostProcess.js";
import { openListener } from "./listeners.js";
import { writeRelayed } from "./logRelay.js";
import { type HostPeer, RemoteDataPlane, RemoteRuntime } from "./remote.js";
import { RpcPeer } from "./rpc.js";
import { RunDirectory, sweepLeftovers } from "./runDirectory.js";

/** How the host is started. */
export interface HostOptions {
  /** AWS seconds per real second. */
  readonly speed: number;
  readonly log: Logger;
  /**
   * `namespace` keeps instances apart by Linux namespaces and fails where those are not to be had; `loopback` gives them an
   * address and port on loopback; `auto` takes the first that works and says so. `paper` runs nothing and answers for them.
   * @default "auto"
   */
  readonly isolation?: "auto" | "namespace" | "loopback" | "paper";
  /** Commands that baked images would start by themselves, by image id; absolute paths, as instances begin in `/`. */
  readonly imageCommands?: Readonly<Record<string, string>>;
}

/** The second process of the local cloud: it runs instances and balancers. */
export interface Host {
  readonly runtime: InstanceRuntime;
  readonly dataPlane: DataPlane;
  /** A process in the network namespace from which balancers reach their targets; undefined where that is this machine's own. */
  readonly networkPid: number | undefined;
  /** "failed": the process died on its own; nothing of it works any more. */
  readonly events: EventEmitter<{ failed: [Error] }>;
  /** Ends balancers, instances and the process; resolves when nothing is left. */
  close(): Promise<void>;
}

const bootDeadlineSeconds = 30;
/** Real seconds in which the process must have ended after it was let go. */
const exitDeadlineSeconds = 5;

/** Starts the host. When this process ends, however it ends, the host and everything that it runs ends as well. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { log, isolation: wanted = "auto" } = options;
  await sweepLeftovers(log);
  if (wanted === "loopback")
    return LocalHost.start(options, { kind: "loopback", reason: "loopback isolation was asked for" });
  if (wanted === "paper") return LocalHost.start(options, { kind: "paper" });
  const reasons: string[] = [];
  // Root in a container often lacks what root needs, and may still make a user namespace.
  for (const userNamespace of runsAsRoot() ? [false, true] : [true]) {
    const probed = await probeNamespaces(userNamespace);
    if (!probed.usable) {
      reasons.push(probed.reason);
      continue;
    }
    try {
      return await LocalHost.start(options, { kind: "namespace", userNamespace });
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  // The two ways usually fail alike: the first reason is the one to mend.
  const reason = reasons[0] as string;
  if (wanted === "namespace") throw new Error(`instances cannot have namespaces of their own here: ${reason}`);
  log.warn(
    { reason },
    "instances have no namespaces of their own: each gets a loopback address and port in HOST and PORT, and user data reads and writes this machine's own files",
  );
  return LocalHost.start(options, { kind: "loopback", reason });
}

class LocalHost implements Host {
  readonly events = new EventEmitter<{ failed: [Error] }>();
  readonly runtime: RemoteRuntime;
  readonly dataPlane: RemoteDataPlane;
  private readonly exited: Promise<string>;
  /** Whether its process's end would be a surprise. */
  private inService = false;
  private died = false;
  private closing?: Promise<void>;

  static async start(options: HostOptions, isolation: IsolationChoice): Promise<Host> {
    const directory = await RunDirectory.create();
    const host = new LocalHost(options, isolation, directory);
    try {
      await host.boot(options, isolation);
      host.inService = true;
      return host;
    } catch (error) {
      await host.end();
      throw error;
    }
  }

  private readonly child: ChildProcess;
  private readonly peer: HostPeer;
  private readonly log: Logger;

  private constructor(
    options: HostOptions,
    private readonly isolation: IsolationChoice,
    private readonly directory: RunDirectory,
  ) {
    this.log = options.log;
    this.child = spawnHost(isolation, options.log);
    this.peer = new RpcPeer(this.child, {
      openListener: (address: string, port: number) => this.openListener(address, port),
    });
    this.peer.events.on("log", (line) => writeRelayed(this.log, line));
    this.runtime = new RemoteRuntime(
      this.peer,
      isolation.kind,
      isolation.kind === "loopback" ? isolation.reason : undefined,
    );
    this.dataPlane = new RemoteDataPlane(this.peer);
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (code, signal) => resolve(signal === null ? `exit code ${code}` : `signal ${signal}`));
      this.child.once("error", (error) => resolve(error.message));
    });
    void this.exited.then((how) => this.afterExit(how));
  }

  get networkPid(): number | undefined {
    return this.isolation.kind === "namespace" ? this.child.pid : undefined;
  }

  close(): Promise<void> {
    this.inService = false;
    this.closing ??= (async () => {
      const results = this.died ? [] : await Promise.allSettled([this.dataPlane.close(), this.runtime.close()]);
      await this.end();
      const failed = results.flatMap((result) =>
        result.status === "rejected" ? [(result.reason as Error).message] : [],
      );
      if (failed.length > 0) throw new Error(`the local cloud did not end cleanly: ${failed.join("; ")}`);
    })();
    return this.closing;
  }

  private async boot(options: HostOptions, isolation: IsolationChoice): Promise<void> {
    await this.peer.call(
      "boot",
      [
        {
          speed: options.speed,
          logLevel: options.log.level,
          isolation,
          directory: this.directory.instances,
          imageCommands: options.imageCommands ?? {},
        },
      ],
      bootDeadlineSeconds,
    );
  }

  private openListener(address: string, port: number): ReturnType<typeof openListener> {
    return openListener(address, port, (socket) => this.peer.emit("lateConnection", { address, port }, socket));
  }

  /** Lets the process go, and makes sure that it went and took everything with it. */
  private async end(): Promise<void> {
    if (this.child.connected) this.child.disconnect();
    const cancel = new Clock().after(exitDeadlineSeconds, () => {
      this.log.error(`the local cloud's second process is still there after ${exitDeadlineSeconds} s: it is killed`);
      this.child.kill("SIGKILL");
    });
    await this.exited;
    cancel();
    await this.killLeftovers();
    await this.directory.remove();
  }

  private async afterExit(how: string): Promise<void> {
    const error = new Error(
      `the local cloud's second process, which runs instances and balancers, has ended unasked (${how}); start the cloud again`,
    );
    this.peer.break(error);
    if (!this.inService) return;
    this.died = true;
    this.log.fatal({ how }, error.message);
    await this.killLeftovers();
    this.runtime.allKilled();
    this.events.emit("failed", error);
  }

  /** With namespaces the kernel has ended every instance, and on paper there are no processes. Else those that the process could not end itself are ended here. */
  private async killLeftovers(): Promise<void> {
    if (this.isolation.kind !== "loopback") return;
    let groups = "";
    try {
      groups = await readFile(join(this.directory.instances, groupsFile), "utf8");
    } catch {
      // No file: no instance was started, or all have ended in good order.
    }
    signalAll(
      groups
        .split("\n")
        .filter(Boolean)
        .map((group) => -Number(group)),
      "SIGKILL",
    );
    signalAll(markedProcesses(`${this.directory.path}/`), "SIGKILL");
  }
}
