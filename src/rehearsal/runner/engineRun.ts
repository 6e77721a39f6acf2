import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, type WriteStream } from "node:fs";
import { EngineEvents, type EngineMessage, type EngineOutcome } from "./engineEvents.js";
import { FileTail } from "./fileTail.js";
import { descendantsOf, reap, signal } from "./processTree.js";

export interface EngineCall {
  /** Path of the CLI. */
  readonly pulumi: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where everything that it prints is kept. */
  readonly outputFile: string;
  /** Set for operations that write an event log. */
  readonly eventLog?: string;
  readonly onMessage?: (message: EngineMessage) => void;
}

/** Called when an operation on a resource has ended, with how many have by now. */
export type OnOperation = (ended: number) => void;

export interface EngineEnd extends EngineOutcome {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Everything on standard output. */
  readonly stdout: string;
  /** The last of what it printed, both streams. */
  readonly tail: string;
}

const TAIL = 4000;
/** How long processes that the engine started may live on after it. */
const ORPHAN_GRACE_MS = 3000;

/** Engines that run now: none of them may outlive us, however we end. */
const running = new Set<number>();
process.on("exit", () => {
  for (const pid of running) signal(-pid, "SIGKILL");
});

/** One call of the Pulumi CLI, in a process group of its own: Ctrl-C in a terminal reaches us, and we decide. */
export class EngineRun {
  readonly ended: Promise<EngineEnd>;
  readonly #child: ChildProcess;
  readonly #onOperation = new Set<OnOperation>();

  constructor(call: EngineCall) {
    const events = new EngineEvents(call.onMessage, (ended) => {
      for (const hear of this.#onOperation) hear(ended);
    });
    const follower = call.eventLog === undefined ? undefined : new FileTail(call.eventLog, (text) => events.add(text));
    const output = createWriteStream(call.outputFile, { flags: "a" });
    output.write(`$ pulumi ${call.args.join(" ")}\n`);
    this.#child = spawn(call.pulumi, call.args, {
      cwd: call.cwd,
      env: call.environment,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { pid } = this.#child;
    if (pid !== undefined) {
      running.add(pid);
      this.#child.once("exit", () => running.delete(pid));
    }
    this.ended = this.#follow(output)
      .finally(() => follower?.finish())
      .then((end) => ({ ...end, ...events.outcome }));
    // Whoever awaits `ended` sees the failure; until then it is not unhandled.
    this.ended.catch(() => {});
  }

  /** Calls back whenever an operation on a resource has ended, within about 10 ms. */
  onOperation(hear: OnOperation): void {
    this.#onOperation.add(hear);
  }

  /** The first Ctrl-C: the engine stops starting things, and ends what it has begun. */
  interrupt(): void {
    if (this.#child.pid !== undefined) signal(this.#child.pid, "SIGINT");
  }

  /** `kill -9` of the engine; then waits until what it had started is gone too, and answers how many of those had to be killed. */
  async kill(orphanGraceMs = ORPHAN_GRACE_MS): Promise<number> {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return 0;
    // It stands still from this moment: finding out what it has started takes longer than its next operation may.
    signal(pid, "SIGSTOP");
    const started = await descendantsOf(pid);
    signal(pid, "SIGKILL");
    return reap(started, orphanGraceMs);
  }

  /** Interrupts the engine, and kills it when it has not ended by itself after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const started = await descendantsOf(pid);
    this.interrupt();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(true), graceMs);
    });
    const isLate = await Promise.race([
      this.ended.then(
        () => false,
        () => false,
      ),
      late,
    ]);
    clearTimeout(timer);
    if (isLate) await this.kill(0);
    await reap(started, 1000);
  }

  #follow(output: WriteStream): Promise<Omit<EngineEnd, keyof EngineOutcome>> {
    let stdout = "";
    let tail = "";
    const keep = (chunk: Buffer): void => {
      output.write(chunk);
      tail = (tail + chunk.toString("utf8")).slice(-TAIL);
    };
    this.#child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString("utf8");
      keep(chunk);
    });
    this.#child.stderr?.on("data", keep);
    return new Promise((resolve, reject) => {
      this.#child.once("error", (error) => {
        output.end();
        reject(error);
      });
      const finish = (exitCode: number | null, name: NodeJS.Signals | null): void => {
        output.end();
        resolve({ exitCode, signal: name, stdout, tail });
      };
      this.#child.once("close", finish);
      // An orphan that still holds the pipes must not keep us waiting for "close".
      this.#child.once("exit", (exitCode, name) => void setTimeout(finish, 2000, exitCode, name).unref());
    });
  }
}
