import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Logger } from "pino";
import { Clock } from "../../clock.js";
import { hostNameOf } from "../addresses.js";
import { runCommand } from "../command.js";
import { ConsoleRing } from "../consoleRing.js";
import { MetadataServer, metadataAddress } from "../imds/metadataServer.js";
import { instanceEnvironment } from "../instanceEnvironment.js";
import type { BootPlan, InstanceProcesses, Launcher } from "../launcher.js";
import { secondsBelow } from "../processTimes.js";
import type { InstanceSpec } from "../runtime.js";
import { BootChannel } from "./bootChannel.js";
import { initScript } from "./initScript.js";
import { InstanceRoots } from "./instanceRoot.js";
import { VpcNetwork } from "./network.js";
import { RootPlanner } from "./rootPlan.js";

/**
 * Real seconds between reminders to an instance's first process to look whether anything is left. Shells differ in what they make of a
 * child that ends while they handle the end of another one; a reminder finds what was overlooked.
 */
const remindEverySeconds = 0.5;
const instanceNamespaces = ["--net", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"];

/** On link-local addresses (RFC 3927), so that no VPC has them. */
const trialInstance: InstanceSpec = {
  instanceId: "i-00000000000000000",
  imageId: "ami-00000000000000000",
  instanceType: "t3.nano",
  privateIpAddress: "169.254.77.4",
  subnetCidr: "169.254.77.0/24",
  vpcCidr: "169.254.77.0/24",
  availabilityZone: "us-east-1a",
  region: "us-east-1",
  accountId: "000000000000",
  reservationId: "r-00000000000000000",
  tags: {},
  metadata: { httpTokens: "required", instanceMetadataTags: false },
};

/**
 * Instances in namespaces of their own: network, files, processes, host name. Must run inside a process that has network,
 * mount and process namespaces itself (see `hostNamespaceArguments`); when that process ends, everything ends.
 */
export class NamespaceLauncher implements Launcher {
  readonly isolation = "namespace";
  private launches = 0;
  private readonly realTime = new Clock();

  private constructor(
    private readonly log: Logger,
    private readonly roots: InstanceRoots,
    private readonly network: VpcNetwork,
    private readonly metadata: MetadataServer,
  ) {}

  /**
   * @param directory empty, ours; a file system in memory is mounted on it, which vanishes with this process
   * @param userNamespace whether this process is root only inside a user namespace
   */
  static async create(options: {
    readonly directory: string;
    readonly userNamespace: boolean;
    readonly log: Logger;
  }): Promise<NamespaceLauncher> {
    const { directory, userNamespace, log } = options;
    await runCommand("mount", ["-n", "-t", "tmpfs", "-o", "mode=755", "hitless", directory]);
    await mkdir(join(directory, "instances"));
    const [network, plan] = await Promise.all([
      VpcNetwork.create(),
      new RootPlanner(directory, userNamespace, log).plan(),
    ]);
    const metadata = new MetadataServer();
    await metadata.listen(metadataAddress, 80);
    const launcher = new NamespaceLauncher(log, new InstanceRoots(directory, plan, userNamespace), network, metadata);
    await launcher.tryOut();
    return launcher;
  }

  /** Boots an instance that does nothing, so that what cannot be had here is known before the first real one. */
  private async tryOut(): Promise<void> {
    const processes = await this.launch(trialInstance, {}, new ConsoleRing());
    processes.kill();
    await processes.ended;
  }

  async launch(spec: InstanceSpec, boot: BootPlan, console: ConsoleRing): Promise<InstanceProcesses> {
    this.launches += 1;
    const root = await this.roots.prepare(`${this.launches}`, spec, boot.script);
    const child = spawn("unshare", [...instanceNamespaces, "/bin/sh", "-c", initScript], {
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...instanceEnvironment("/root"),
        BOOT_DIR: root.directory,
        BOOT_HOST: hostNameOf(spec.privateIpAddress),
        BOOT_SCRIPT: root.script,
        BOOT_COMMAND: boot.imageCommand ?? "",
      },
    });
    let isUp = false;
    child.stdout?.on("data", (chunk: Buffer) => console.write(chunk));
    // From then on only unshare itself writes there, about its own end.
    child.stderr?.on("data", (chunk: Buffer) => isUp || console.write(chunk));
    const closed = once(child);
    const channel = new BootChannel(child.stdio[3] as Duplex);
    let link: string | undefined;
    const cleanUp = async (): Promise<void> => {
      this.metadata.remove(spec.privateIpAddress);
      try {
        if (link !== undefined) await this.network.disconnect(link);
        await rm(root.directory, { recursive: true, force: true });
      } catch (error) {
        this.log.error(
          { instanceId: spec.instanceId, err: error },
          "what an ended instance held could not be given back",
        );
      }
    };
    try {
      const pid = await channel.pid;
      this.metadata.add(spec.privateIpAddress, spec);
      link = await this.network.connect(spec, child.pid as number);
      channel.proceed();
      await channel.up;
      isUp = true;
      let ending = false;
      const stopReminding = this.realTime.every(remindEverySeconds, () => {
        if ((ending || channel.results.known) && child.exitCode === null) signal(pid, "SIGUSR1");
      });
      const ended = closed.then(async () => {
        stopReminding();
        await cleanUp();
        // The first process ends well when nothing is left after SIGTERM; otherwise only SIGKILL ends it.
        return channel.results.end({ exitCode: null, signal: child.exitCode === 0 ? "SIGTERM" : "SIGKILL" });
      });
      return {
        endpoint: { host: spec.privateIpAddress },
        ended,
        terminate: () => {
          ending = true;
          signal(pid, "SIGTERM");
        },
        kill: () => signal(pid, "SIGKILL"),
        // Whoever has lost its parent is adopted by the first process, so nobody gets lost.
        cpuSeconds: (times) => secondsBelow(pid, times),
      };
    } catch (error) {
      // --kill-child: the instance's first process goes with it, and the kernel ends the rest.
      child.kill("SIGKILL");
      await closed;
      await cleanUp();
      // Where the first process gave up, whatever failed here afterwards is only the consequence.
      const reason = channel.failedStep === undefined ? (error as Error).message : `it failed at ${channel.failedStep}`;
      throw new Error([reason, console.tail(3)].filter(Boolean).join(": "));
    }
  }

  async close(): Promise<void> {
    await this.metadata.close();
  }
}

/** Resolves when the process has ended and its output has been read to the end. */
function once(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
}

function signal(pid: number, name: "SIGTERM" | "SIGKILL" | "SIGUSR1"): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Ended in this very moment; `ended` tells.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
