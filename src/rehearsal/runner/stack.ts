import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { badInput } from "../scenario/codes.js";
import type { EngineMessage } from "./engineEvents.js";
import { type EngineEnd, EngineRun } from "./engineRun.js";
import { checkHalted } from "./interruption.js";
import { type CloudAccess, programEnvironment } from "./programEnvironment.js";
import type { Project } from "./project.js";
import { StackConfig } from "./stackConfig.js";

export const STACK = "rehearsal";

/** The engine as a rehearsal needs it; `src/rehearsal/engine` finds or makes it. */
export interface Engine {
  readonly pulumi: string;
  environment(): Record<string, string>;
}

const SHORT_CALL_MS = 120_000;
/** How long an interrupted update may take to end by itself. */
export const INTERRUPT_GRACE_MS = 10_000;

/** The stack of one rehearsal: its state, configuration and logs lie in a temporary directory. */
export class Stack {
  readonly config: StackConfig;
  readonly #environment: () => Record<string, string>;
  readonly #project: Project;
  readonly #engine: Engine;
  readonly #work: string;
  readonly #halt: AbortSignal;
  /** Of previews and updates. */
  readonly #policies: readonly string[];
  #calls = 0;
  /** A call has ended well: the program does not change during a rehearsal, so its types need no second look. */
  #typesChecked = false;

  /**
   * @param provider variables by which the engine finds the provider; asked for before each call
   * @param options.policies the engine's flags for policy packs
   */
  constructor(
    project: Project,
    engine: Engine,
    cloud: CloudAccess,
    provider: () => Record<string, string>,
    work: string,
    halt: AbortSignal,
    { policies = [], own = process.env }: { policies?: readonly string[]; own?: NodeJS.ProcessEnv } = {},
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#work = work;
    this.#halt = halt;
    this.#policies = policies;
    for (const directory of ["state", "stack", "logs"]) mkdirSync(path.join(work, directory), { recursive: true });
    const passphrase = randomBytes(18).toString("base64url");
    this.#environment = () => ({
      ...programEnvironment(own, engine.environment(), cloud, work, passphrase),
      ...provider(),
    });
    this.config = new StackConfig(path.join(work, "stack", `Pulumi.${STACK}.yaml`), project.name);
  }

  /**
   * Makes the stack. `pulumi stack init` writes next to Pulumi.yaml, so it runs beside a stand-in of the project; the file
   * that it writes becomes the configuration file of every later call.
   */
  async init(): Promise<void> {
    const cwd = path.join(this.#work, "stack");
    writeFileSync(path.join(cwd, "Pulumi.yaml"), stringify({ name: this.#project.name, runtime: "nodejs" }));
    const end = await this.#short(["stack", "init", STACK, "--secrets-provider", "passphrase"], cwd);
    if (end.exitCode === 0) return;
    throw badInput([
      {
        code: "HIT422",
        subject: `stack ${STACK}`,
        problem: `pulumi stack init failed (${end.signal ?? `exit code ${end.exitCode}`})`,
        why: `The engine printed:\n${end.tail.trim()}`,
        fix: "mend what it says; the rehearsal needs a working Pulumi CLI and room in the temporary directory.",
      },
    ]);
  }

  /** Starts `up`; the preview before it is left out, as a pipeline does. */
  up(refresh: boolean, onMessage: (message: EngineMessage) => void): EngineRun {
    const flags = ["--yes", "--skip-preview", ...(refresh ? ["--refresh"] : []), ...this.#policies];
    return this.#operation(["up", ...flags], onMessage);
  }

  preview(refresh: boolean, onMessage: (message: EngineMessage) => void): EngineRun {
    return this.#operation(["preview", ...(refresh ? ["--refresh"] : []), ...this.#policies], onMessage);
  }

  destroy(onMessage: (message: EngineMessage) => void): EngineRun {
    return this.#operation(["destroy", "--yes", "--skip-preview"], onMessage);
  }

  /** Clears the lock that a killed engine left behind. */
  async cancel(): Promise<EngineEnd> {
    return this.#short(["cancel", "--yes", STACK]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const end = await this.#short(["stack", "output", "--json", "--stack", STACK]);
    if (end.exitCode !== 0) throw new Error(`the stack's outputs cannot be read: ${end.tail.trim()}`);
    return JSON.parse(end.stdout) as Record<string, unknown>;
  }

  #operation(args: readonly string[], onMessage: (message: EngineMessage) => void): EngineRun {
    checkHalted(this.#halt);
    const call = this.#nextCall(args[0] ?? "");
    const eventLog = `${call}.events.json`;
    const run = new EngineRun({
      pulumi: this.#engine.pulumi,
      args: [
        ...args,
        ...["--non-interactive", "--color", "never", "--suppress-permalink=true", "--stack", STACK],
        ...["--config-file", this.config.file, "--event-log", eventLog],
      ],
      cwd: this.#project.directory,
      environment: { ...this.#environment(), ...this.#compilation() },
      outputFile: `${call}.log`,
      eventLog,
      onMessage,
    });
    const checked = ({ exitCode }: EngineEnd): void => {
      this.#typesChecked ||= exitCode === 0;
    };
    // Whoever awaits the end sees a failure; here it only means that nothing was checked.
    run.ended.then(checked, () => {});
    return run;
  }

  /** Checking types takes longer than everything else that a program does before it declares its first resource. */
  #compilation(): Record<string, string> {
    return this.#typesChecked && this.#project.isolatedModules ? { PULUMI_NODEJS_TRANSPILE_ONLY: "true" } : {};
  }

  /** A call that is done within seconds; Ctrl-C ends it, and so does a deadline. */
  async #short(args: readonly string[], cwd = this.#project.directory): Promise<EngineEnd> {
    checkHalted(this.#halt);
    const run = new EngineRun({
      pulumi: this.#engine.pulumi,
      args: [...args, "--non-interactive", "--color", "never"],
      cwd,
      environment: this.#environment(),
      outputFile: `${this.#nextCall(args[0] ?? "")}.log`,
    });
    const stop = (): void => void run.stop(INTERRUPT_GRACE_MS);
    const deadline = setTimeout(stop, SHORT_CALL_MS);
    this.#halt.addEventListener("abort", stop, { once: true });
    try {
      return await run.ended;
    } finally {
      clearTimeout(deadline);
      this.#halt.removeEventListener("abort", stop);
      if (this.#halt.aborted) {
        await run.stop(INTERRUPT_GRACE_MS);
        // biome-ignore lint/correctness/noUnsafeFinally: an interrupted call has no result worth more than that
        throw this.#halt.reason;
      }
    }
  }

  #nextCall(name: string): string {
    this.#calls++;
    return path.join(this.#work, "logs", `${String(this.#calls).padStart(2, "0")}-${name}`);
  }
}
