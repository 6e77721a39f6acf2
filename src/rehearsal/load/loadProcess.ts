import { type ChildProcess, fork } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import type { LoadCounts, LoadOptions, LoadSummary } from "./model.js";
import type { FromLoad, ToLoad } from "./protocol.js";

/** An answer from the generator takes a millisecond; so long without one means that it hangs. */
const ANSWER_DEADLINE_MS = 15_000;

interface Waiting {
  readonly resolve: (counts: LoadCounts) => void;
  readonly reject: (reason: Error) => void;
}

/** The load generator in a process of its own. */
export class LoadProcess {
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #summary: { resolve: (summary: LoadSummary) => void; reject: (reason: Error) => void } | undefined;
  #ended: Error | undefined;

  private constructor(
    readonly child: ChildProcess,
    readonly options: LoadOptions,
    /** Moment of the first request, wall clock milliseconds. */
    readonly startedAt: number,
  ) {
    child.on("message", (message: FromLoad) => this.#hear(message));
    child.once("exit", (code, signal) =>
      this.#fail(new Error(`the load generator ended unexpectedly (${signal ?? code})`)),
    );
  }

  /** Starts the process and the load; resolves when requests are being sent. */
  static async start(options: LoadOptions): Promise<LoadProcess> {
    const child = fork(loadMain(), [], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    try {
      const startedAt = await within(
        ANSWER_DEADLINE_MS,
        "the load generator did not start",
        new Promise<number>((resolve, reject) => {
          child.once("message", (message: FromLoad) =>
            message.type === "started" ? resolve(message.at) : reject(new Error(JSON.stringify(message))),
          );
          child.once("error", reject);
          child.once("exit", (code, signal) =>
            reject(new Error(`the load generator ended at once (${signal ?? code})`)),
          );
          child.send({ type: "start", options } satisfies ToLoad);
        }),
      );
      return new LoadProcess(child, options, startedAt);
    } catch (error) {
      child.kill("SIGKILL");
      throw error;
    }
  }

  counts(): Promise<LoadCounts> {
    return this.#ask((id) => ({ type: "counts", id }));
  }

  /** Counts of the requests scheduled in the window. */
  window(from: number, to: number): Promise<LoadCounts> {
    return this.#ask((id) => ({ type: "window", id, from, to }));
  }

  /** Stops sending and waits for every request in flight; windows can still be asked for until `kill`. */
  async stop(): Promise<LoadSummary> {
    const longest = Math.max(...this.options.requests.map((request) => request.timeoutSeconds));
    return within(
      longest * 1000 + ANSWER_DEADLINE_MS,
      "the load generator did not stop",
      new Promise<LoadSummary>((resolve, reject) => {
        if (this.#ended !== undefined) return reject(this.#ended);
        this.#summary = { resolve, reject };
        this.#say({ type: "stop" });
      }),
    );
  }

  /** Ends the process at once; resolves when it is gone. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGKILL");
    await gone;
  }

  #ask(message: (id: number) => ToLoad): Promise<LoadCounts> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    const answer = new Promise<LoadCounts>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#say(message(id));
    return within(ANSWER_DEADLINE_MS, "the load generator does not answer", answer).finally(() =>
      this.#waiting.delete(id),
    );
  }

  #say(message: ToLoad): void {
    this.child.send(message, (error) => {
      if (error) this.#fail(error);
    });
  }

  #hear(message: FromLoad): void {
    if (message.type === "answer") this.#waiting.get(message.id)?.resolve(message.counts);
    else if (message.type === "summary") this.#summary?.resolve(message.summary);
    else if (message.type === "failed") this.#fail(new Error(`the load generator failed: ${message.reason}`));
  }

  #fail(reason: Error): void {
    this.#ended ??= reason;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#summary?.reject(reason);
  }
}

/** The built generator; from TypeScript sources (tests) the one in dist, because a forked Node runs no TypeScript. */
function loadMain(): string {
  const beside = path.join(__dirname, "loadMain.js");
  if (existsSync(beside)) return beside;
  const built = path.resolve(__dirname, "../../../dist/rehearsal/load/loadMain.js");
  if (existsSync(built)) return built;
  throw new Error(`The load generator is not built: ${built} is missing. Run \`npm run build\`.`);
}

async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${ms / 1000} s`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
