import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";

/** A running process and how it was started; a process id alone may be used again by another. */
export interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly startedAt: string;
  readonly command: string;
}

/** All processes that run now; one that has ended and only waits to be collected by its parent is none. */
async function processes(): Promise<Running[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-ww", "-o", "pid=,ppid=,stat=,lstart=,args="], {
    maxBuffer: 1 << 26,
    env: { ...process.env, LC_ALL: "C" },
  });
  const found: Running[] = [];
  for (const line of stdout.split("\n")) {
    const [, pid, parent, state, startedAt, command] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state?.startsWith("Z")) continue;
    found.push({ pid: Number(pid), parent: Number(parent), startedAt: startedAt ?? "", command: command ?? "" });
  }
  return found;
}

/** A process and everything that it started, directly or not, as soon as a command of that kind is among them. */
export async function familyWith(pid: number, command: RegExp): Promise<Running[]> {
  for (;;) {
    const all = await processes();
    const family = all.filter((each) => each.pid === pid);
    if (family.length === 0) throw new Error(`process ${pid} ended before it had started ${command}`);
    for (const member of family) family.push(...all.filter(({ parent }) => parent === member.pid));
    if (family.some((member) => command.test(member.command))) return family;
  }
}

/** Those of the given processes that still run, and any whose command line or environment holds the mark. */
export async function remaining(known: readonly Running[], mark: string): Promise<string[]> {
  const same = (one: Running) => known.some(({ pid, startedAt }) => pid === one.pid && startedAt === one.startedAt);
  return (await processes())
    .filter((each) => each.pid !== process.pid && (same(each) || each.command.includes(mark) || holds(each.pid, mark)))
    .map(({ pid, command }) => `${pid} ${command}`);
}

/** Only Linux shows a process's environment. */
function holds(pid: number, mark: string): boolean {
  const file = `/proc/${pid}/environ`;
  if (!existsSync("/proc/self/environ")) return false;
  try {
    return readFileSync(file, "utf8").includes(mark);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    // It has ended meanwhile, or belongs to somebody else.
    if (["ENOENT", "ESRCH", "EACCES", "EPERM"].includes(code)) return false;
    throw error;
  }
}
