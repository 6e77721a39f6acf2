import { readdir, readFile } from "node:fs/promises";

/** What one process, and those of its children that it has collected already, have used of a processor. */
export interface ProcessTime {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** Linux tells times to user space in hundredths of a second, whatever its own tick is (`USER_HZ`, proc(5)). */
const ticksPerSecond = 100;

/** The times of all processes that this one can see; empty where there is no /proc. */
export async function processTimes(): Promise<ProcessTime[]> {
  if (process.platform !== "linux") return [];
  const names = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(names.map((name) => statLine(name)));
  return lines.flatMap((line, index) => (line === undefined ? [] : [readStat(Number(names[index]), line)]));
}

/** Seconds of a process and of everything below it. */
export function secondsBelow(pid: number, times: readonly ProcessTime[]): number {
  const children = new Map<number, ProcessTime[]>();
  for (const time of times) children.set(time.parent, [...(children.get(time.parent) ?? []), time]);
  let seconds = times.find((time) => time.pid === pid)?.seconds ?? 0;
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    for (const child of children.get(next) ?? []) {
      seconds += child.seconds;
      queue.push(child.pid);
    }
  }
  return seconds;
}

function readStat(pid: number, line: string): ProcessTime {
  // The command's name may hold blanks and brackets; fields are counted from the last bracket: state, parent, …
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  // utime, stime, cutime, cstime are the fields 14 to 17 of the whole line (proc(5)).
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), seconds: ticks / ticksPerSecond };
}

/** undefined when the process has ended meanwhile. */
async function statLine(pid: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
