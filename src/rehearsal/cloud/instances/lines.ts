import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** Reads a process's report line by line; `onEnd` comes once, when no more can come. A reset is an end like any other: the process was killed. */
export function readLines(stream: Readable, onLine: (line: string) => void, onEnd: () => void = () => undefined): void {
  createInterface({ input: stream })
    .on("line", onLine)
    .on("close", onEnd)
    // readline passes the stream's errors on, and an error that nobody listens to ends this process.
    .on("error", onEnd);
  stream.on("error", () => undefined);
}
