import { readdirSync, readFileSync } from "node:fs";

/** Environment variable by which processes of a run are found again, also after they left their process group. */
export const marker = "HITLESS_INSTANCE";

/** A process as /proc shows it. */
interface ProcessEntry {
  readonly pid: number;
  readonly group: number;
  readonly marks: readonly string[];
}

/**
 * The processes of an instance: those of its process group, and on Linux also those that carry its mark in their
 * environment (a daemon that started a session of its own has left the group, but hardly ever drops its environment).
 * Zombies do not count. Without /proc only the group can be asked for: then the answer is `-group`, as `kill` takes it.
 */
export function instanceProcesses(group: number, mark: string): number[] {
  const table = processTable();
  if (table === undefined) return groupExists(group) ? [-group] : [];
  return table.filter((entry) => entry.group === group || entry.marks.includes(mark)).map((entry) => entry.pid);
}

/** Every process whose mark begins with `prefix`: what a crashed run has left. Empty where there is no /proc. */
export function markedProcesses(prefix: string): number[] {
  return (processTable() ?? [])
    .filter((entry) => entry.marks.some((mark) => mark.startsWith(prefix)))
    .map((entry) => entry.pid);
}

/** Sends a signal; a process that has just ended is no error. */
export function signalAll(pids: readonly number[], signal: "SIGTERM" | "SIGKILL"): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}

function processTable(): ProcessEntry[] | undefined {
  if (process.platform !== "linux") return undefined;
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const line = read(`/proc/${name}/stat`);
    if (line === undefined) continue;
    // The command's name may hold blanks and brackets: what follows the last bracket is state, parent, group.
    const [state = "", , group = ""] = line.slice(line.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") continue;
    entries.push({ pid: Number(name), group: Number(group), marks: marksOf(name) });
  }
  return entries;
}

function marksOf(pid: string): string[] {
  const environment = read(`/proc/${pid}/environ`) ?? "";
  return environment
    .split("\0")
    .filter((entry) => entry.startsWith(`${marker}=`))
    .map((entry) => entry.slice(marker.length + 1));
}

/** undefined when the process has ended meanwhile, or belongs to another user and so is none of ours. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

function groupExists(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}
