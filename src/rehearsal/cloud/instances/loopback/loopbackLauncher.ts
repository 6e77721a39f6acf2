import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import type { Logger } from "pino";
import { Clock } from "../../clock.js";
import type { ConsoleRing } from "../consoleRing.js";
import { MetadataServer } from "../imds/metadataServer.js";
import { instanceEnvironment } from "../instanceEnvironment.js";
import type { BootPlan, InstanceProcesses, Launcher } from "../launcher.js";
import { readLines } from "../lines.js";
import { ProcessResults } from "../processResults.js";
import type { ProcessTime } from "../processTimes.js";
import type { InstanceSpec } from "../runtime.js";
import { loopbackAddress } from "./loopbackAddress.js";
import { instanceProcesses, marker, signalAll } from "./markedProcesses.js";

/** File in the run's directory with the process group of every running instance, for whoever has to clean up after a crash. */
export const groupsFile = "groups";

/** Real seconds between looks at whether daemons of an instance are still there; more often once they were told to end. */
const lookEverySeconds = { running: 0.5, ending: 0.05 };

/**
 * Runs image command and user data with a real pipe as console, as `initScript` does, and reports their results on descriptor
 * 3. `cat` ends when the last writer has.
 */
const bootScript = `
report() { echo "[hitless] $2 ended with status $3"; echo "$1 $3" >&3; }
{
  if [ -n "$BOOT_COMMAND" ]; then
    (trap : TERM; command=$BOOT_COMMAND; unset BOOT_COMMAND BOOT_SCRIPT; /bin/sh -c "$command" 3>&-; report image "the image's command" $?) </dev/null &
  fi
  if [ -n "$BOOT_SCRIPT" ]; then
    (trap : TERM; script=$BOOT_SCRIPT; unset BOOT_COMMAND BOOT_SCRIPT; "$script" 3>&-; report script "the user data script" $?) </dev/null &
  fi
  [ -n "$BOOT_COMMAND$BOOT_SCRIPT" ] || exec sleep 2147483647
  wait
} 2>&1 | (trap '' TERM; exec cat 3>&-)
`;

/**
 * Instances without namespaces: process groups with a loopback address and port in HOST and PORT, and a directory of their own.
 * They share the machine's files, and see each other. A daemon that leaves its process group is found by its environment on
 * Linux; elsewhere it is not found.
 */
export class LoopbackLauncher implements Launcher {
  readonly isolation = "loopback";
  private readonly taken = new Set<string>();
  private readonly groups = new Set<number>();
  private launches = 0;

  constructor(
    private readonly options: { readonly directory: string; readonly log: Logger },
    readonly isolationReason: string,
  ) {}

  async launch(spec: InstanceSpec, boot: BootPlan, console: ConsoleRing): Promise<InstanceProcesses> {
    this.launches += 1;
    const directory = join(this.options.directory, `instance-${this.launches}`);
    const [home, temporary, script] = [join(directory, "home"), join(directory, "tmp"), join(directory, "user-data")];
    for (const path of [home, temporary]) await mkdir(path, { recursive: true });
    if (boot.script) await writeFile(script, boot.script, { mode: 0o700 });
    const address = await loopbackAddress(spec.privateIpAddress, this.taken);
    const key = `${address.host}:${address.port}`;
    this.taken.add(key);
    const metadata = new MetadataServer(() => spec.instanceId);
    metadata.add(spec.instanceId, spec);
    const metadataPort = await metadata.listen("127.0.0.1", 0);
    // The directory is unique on this machine, which makes the mark so.
    const mark = directory;
    const child = spawn("/bin/sh", ["-c", bootScript], {
      cwd: home,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      env: {
        ...instanceEnvironment(home),
        TMPDIR: temporary,
        HOST: address.host,
        PORT: String(address.port),
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${metadataPort}`,
        [marker]: mark,
        BOOT_SCRIPT: boot.script ? script : "",
        BOOT_COMMAND: boot.imageCommand ?? "",
      },
    });
    const cleanUp = async (): Promise<void> => {
      this.taken.delete(key);
      await metadata.close();
      await rm(directory, { recursive: true, force: true });
    };
    const group = await new Promise<number>((resolve, reject) => {
      child.once("spawn", () => resolve(child.pid as number));
      child.once(
        "error",
        (error) => void cleanUp().finally(() => reject(new Error(`/bin/sh cannot be run: ${error.message}`))),
      );
    });
    this.groups.add(group);
    this.recordGroups();
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => console.write(chunk));
    const results = new ProcessResults();
    readLines(child.stdio[3] as Readable, (line) => results.read(line));
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const tree = new ProcessTree(group, mark);
    const ended = exited
      .then(() => tree.untilGone())
      .then(() => closed)
      .then(() => {
        this.groups.delete(group);
        this.recordGroups();
      })
      .then(cleanUp)
      .catch((error: unknown) =>
        this.options.log.error(
          { instanceId: spec.instanceId, err: error },
          "what an ended instance held could not be given back",
        ),
      )
      .then(() => results.end({ exitCode: child.exitCode, signal: tree.signalled ?? child.signalCode }));
    return {
      endpoint: address,
      ended,
      terminate: () => tree.signal("SIGTERM"),
      kill: () => tree.signal("SIGKILL"),
      cpuSeconds: (times) => tree.cpuSeconds(times),
    };
  }

  /** Each instance has given back what it held. */
  async close(): Promise<void> {}

  /** At once, so that a crash right after a start finds it written. */
  private recordGroups(): void {
    writeFileSync(join(this.options.directory, groupsFile), [...this.groups].join("\n"));
  }
}

/** What belongs to one instance, looked up anew each time: processes come and go. */
class ProcessTree {
  private readonly realTime = new Clock();
  /** The last signal that all were sent. */
  signalled?: "SIGTERM" | "SIGKILL";

  constructor(
    private readonly group: number,
    private readonly mark: string,
  ) {}

  signal(signal: "SIGTERM" | "SIGKILL"): void {
    this.signalled = signal;
    signalAll(instanceProcesses(this.group, this.mark), signal);
  }

  cpuSeconds(times: readonly ProcessTime[]): number {
    const pids = new Set(instanceProcesses(this.group, this.mark));
    return times.filter(({ pid }) => pids.has(pid)).reduce((sum, { seconds }) => sum + seconds, 0);
  }

  async untilGone(): Promise<void> {
    for (;;) {
      const left = instanceProcesses(this.group, this.mark);
      if (left.length === 0) return;
      // A process that forked while the first look was being taken must not get away.
      if (this.signalled === "SIGKILL") signalAll(left, "SIGKILL");
      await this.realTime.sleep(this.signalled ? lookEverySeconds.ending : lookEverySeconds.running);
    }
  }
}
