import { readFileSync, readlinkSync, rmSync } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Logger } from "pino";
import { markedProcesses, signalAll } from "../instances/loopback/markedProcesses.js";

const prefix = "hitless-host-";
/** A directory without an owner's note is one that is being made right now, unless it is older than this. */
const makingMs = 60_000;

/** Who made a directory: enough to tell the process from a later one with the same number. */
interface Owner {
  readonly pid: number;
  readonly started?: string;
  readonly pidNamespace?: string;
}

/** The temporary directory of one run of the cloud. */
export class RunDirectory {
  private readonly onExit = (): void => rmSync(this.path, { recursive: true, force: true });

  private constructor(readonly path: string) {
    process.once("exit", this.onExit);
  }

  /** Where instances keep their files. */
  get instances(): string {
    return join(this.path, "instances");
  }

  /** @param base where temporary directories go */
  static async create(base: string = tmpdir()): Promise<RunDirectory> {
    const path = await mkdtemp(join(base, prefix));
    await writeFile(join(path, "owner"), JSON.stringify(describeOwner(process.pid)));
    const directory = new RunDirectory(path);
    await mkdir(directory.instances);
    return directory;
  }

  async remove(): Promise<void> {
    process.off("exit", this.onExit);
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Removes what runs whose process is gone have left in the temporary directory, processes included where they can be told. */
export async function sweepLeftovers(log: Logger, base: string = tmpdir()): Promise<void> {
  for (const name of await readdir(base)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(base, name);
    try {
      if (!(await isAbandoned(path))) continue;
      const left = markedProcesses(`${path}/`);
      signalAll(left, "SIGKILL");
      await rm(path, { recursive: true, force: true });
      log.info({ path, processes: left.length }, "removed what an earlier run has left");
    } catch (error) {
      log.warn({ path, err: error }, "what an earlier run has left cannot be removed");
    }
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const stats = await lstat(path);
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) return false;
  let owner: Owner;
  try {
    owner = JSON.parse(await readFile(join(path, "owner"), "utf8")) as Owner;
  } catch {
    return Date.now() - stats.mtimeMs > makingMs;
  }
  // In another process namespace (a container that shares this directory) the number means someone else.
  if (owner.pidNamespace !== pidNamespace()) return false;
  return !exists(owner.pid) || owner.started !== startOf(owner.pid);
}

const describeOwner = (pid: number): Owner => ({ pid, started: startOf(pid), pidNamespace: pidNamespace() });

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in the kernel's ticks; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const line = readFileSync(`/proc/${pid}/stat`, "latin1");
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}
