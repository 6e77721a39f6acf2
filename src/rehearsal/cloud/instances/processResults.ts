import { constants } from "node:os";
import type { ProcessEnd } from "./launcher.js";

/** How an instance's user data and image command ended, as the boot scripts report it: `script N`, `image N` with a shell's `$?`. */
export class ProcessResults {
  private readonly ends = new Map<string, ProcessEnd>();

  /** Takes a line of the report. */
  read(line: string): void {
    const [word = "", status = ""] = line.split(" ");
    this.ends.set(word, fromShellStatus(Number(status)));
  }

  /** Whether any of the two has ended. */
  get known(): boolean {
    return this.ends.size > 0;
  }

  /** The user data's result, else the image command's, else `otherwise`. */
  end(otherwise: ProcessEnd): ProcessEnd {
    return this.ends.get("script") ?? this.ends.get("image") ?? otherwise;
  }
}

/** Turns a shell's `$?` into code or signal: shells report a signal as 128 plus its number. */
export function fromShellStatus(status: number): ProcessEnd {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0];
  return signal === undefined ? { exitCode: status, signal: null } : { exitCode: null, signal };
}

/** "exit code 3" or "signal SIGKILL". */
export function describeEnd(end: ProcessEnd): string {
  if (end.signal !== null) return `signal ${end.signal}`;
  return end.exitCode === null ? "no exit code" : `exit code ${end.exitCode}`;
}
