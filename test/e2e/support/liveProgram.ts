import { mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import pino from "pino";
import type { CloudFaults, CloudSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";
import type { LoadProcess } from "../../../src/rehearsal/load/loadProcess.js";
import type { LoadCounts, LoadSummary } from "../../../src/rehearsal/load/model.js";
import { type EngineMessage, endedOf } from "../../../src/rehearsal/runner/engineEvents.js";
import type { EngineEnd, EngineRun } from "../../../src/rehearsal/runner/engineRun.js";
import { startLoad } from "../../../src/rehearsal/runner/loadTarget.js";
import { programEnvironment } from "../../../src/rehearsal/runner/programEnvironment.js";
import { findProject } from "../../../src/rehearsal/runner/project.js";
import { ProviderHost } from "../../../src/rehearsal/runner/providerHost.js";
import { type RehearsalCloud, startCloud } from "../../../src/rehearsal/runner/rehearsalCloud.js";
import { type Engine, Stack } from "../../../src/rehearsal/runner/stack.js";
import { Teardown } from "../../../src/rehearsal/runner/teardown.js";
import { type Isolation, type ScenarioLoad, scenarioSchema } from "../../../src/rehearsal/scenario/schema.js";
import { CloudSamples } from "./cloudSamples.js";
import { root } from "./rehearse.js";

export interface LiveSettings {
  /** Directory of the Pulumi program. */
  readonly program: string;
  readonly speed: number;
  readonly config: Readonly<Record<string, unknown>>;
  /** As in a scenario. */
  readonly load: object;
  /** As in a scenario. */
  readonly isolation?: Isolation;
}

/** How one call of the engine ended. */
export interface Ended {
  readonly outcome: "success" | "refused" | "killed";
  /** What the engine said when it refused. */
  readonly reason: string;
  /** Operations on resources that had ended. */
  readonly operations: number;
  /** Operations that had begun, as `update shop-green`. */
  readonly done: readonly string[];
  /** Everything that was said, newest last. */
  readonly messages: readonly string[];
}

/** When the engine is to be killed: after so many operations, or as soon as the cloud shows something. */
export type KillMoment = { readonly operations: number } | { readonly sees: (now: CloudSnapshot) => boolean };

const REGION = "us-east-1";
/** An engine that takes longer hangs; real seconds. */
const PATIENCE_MS = 180_000;

/** A program on a local cloud, under load, step by step: for tests whose next step depends on how the last one went. */
export class LiveProgram {
  readonly samples: CloudSamples;
  #load: LoadProcess | undefined;
  readonly #loadOptions: ScenarioLoad;
  #config: Readonly<Record<string, unknown>>;

  private constructor(
    readonly stack: Stack,
    readonly cloud: RehearsalCloud,
    private readonly provider: ProviderHost,
    private readonly teardown: Teardown,
    settings: LiveSettings,
  ) {
    this.#loadOptions = scenarioSchema.shape.load.parse(settings.load);
    this.#config = settings.config;
    this.samples = new CloudSamples(cloud.link);
  }

  static async start(settings: LiveSettings): Promise<LiveProgram> {
    const work = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-live-"));
    const teardown = new Teardown(pino({ level: "silent" }));
    teardown.add("its directory", async () => rmSync(work, { recursive: true, force: true, maxRetries: 3 }));
    try {
      const halt = new AbortController().signal;
      // The built one: what it installs for the engine lies beside it.
      const { resolveEngine } = require(path.join(root, "dist/rehearsal/engine/engine.js"));
      const engine: Engine = await resolveEngine();
      const cloud = await startCloud(settings.speed, path.join(work, "cloud.log"), halt, {
        isolation: settings.isolation ?? "auto",
      });
      teardown.add("the cloud", () => cloud.close(), 30_000);
      const access = { url: cloud.link.url, region: REGION, speed: cloud.speed };
      const provider = await ProviderHost.start(programEnvironment(process.env, {}, access, work, ""));
      teardown.add("the provider", () => provider.close());
      const project = findProject(settings.program);
      const stack = new Stack(project, engine, access, () => provider.environment(), work, halt);
      await stack.init();
      stack.config.set({ "aws:region": REGION, ...settings.config });
      return new LiveProgram(stack, cloud, provider, teardown, settings);
    } catch (error) {
      await teardown.run();
      throw error;
    }
  }

  /** Sets keys of the configuration; `null` removes one. */
  set(config: Readonly<Record<string, unknown>>): void {
    this.stack.config.set(config);
    this.#config = { ...this.#config, ...config };
  }

  /** Sets the whole configuration: a key that was set and is absent now is removed. */
  replaceConfig(config: Readonly<Record<string, unknown>>): void {
    const gone = Object.keys(this.#config).filter((key) => !(key in config));
    this.set({ ...Object.fromEntries(gone.map((key) => [key, null])), ...config });
  }

  faults(faults: CloudFaults): Promise<void> {
    return this.cloud.link.setFaults(faults);
  }

  /** The first update that succeeds starts the load. */
  async up(): Promise<Ended> {
    const messages: string[] = [];
    const ended = endOf(await inTime(this.stack.up(false, hear(messages))), messages);
    if (ended.outcome === "success") this.#load ??= await this.#startLoad();
    return ended;
  }

  /** Starts an update that has to succeed. */
  async mustUp(what: string): Promise<Ended> {
    const ended = await this.up();
    if (ended.outcome !== "success") throw new Error(`${what}: up was refused\n${told(ended)}`);
    return ended;
  }

  async preview(refresh = false): Promise<Ended> {
    const messages: string[] = [];
    return endOf(await inTime(this.stack.preview(refresh, hear(messages))), messages);
  }

  /**
   * Fails unless a preview has nothing to do. With a refresh it also reads everything from AWS first: what differs there from
   * Pulumi's state, and from the program, shows.
   */
  async mustBeDone(what: string, refresh: boolean): Promise<void> {
    const ended = await this.preview(refresh);
    if (ended.outcome !== "success" || ended.done.length > 0) {
      throw new Error(`${what}: the next preview is not empty\n${told(ended)}`);
    }
  }

  /** Starts an update and kills its engine (`kill -9`) at the moment; then clears its lock, as a person would. */
  async kill(moment: KillMoment): Promise<Ended> {
    const messages: string[] = [];
    const run = this.stack.up(false, hear(messages));
    let killed: Promise<number> | undefined;
    const strike = (): void => {
      killed ??= run.kill();
    };
    if ("operations" in moment) run.onOperation((ended) => ended >= moment.operations && strike());
    const forget = this.samples.watch((now) => "sees" in moment && moment.sees(now) && strike());
    const end = await inTime(run).finally(forget);
    await killed;
    if (killed === undefined || end.exitCode !== null) return endOf(end, messages);
    await this.provider.restart();
    const cancelled = await this.stack.cancel();
    if (cancelled.exitCode !== 0) throw new Error(`pulumi cancel failed: ${cancelled.tail}`);
    return { ...endOf(end, messages), outcome: "killed" };
  }

  /** The counts of the requests sent from a moment on. */
  async answers(from: number, to = Date.now()): Promise<LoadCounts> {
    if (!this.#load) throw new Error("there is no load yet");
    return this.#load.window(from, to);
  }

  /** Waits until so many requests have been answered from now on, and tells by whom. */
  async nextAnswers(count: number): Promise<LoadCounts> {
    const from = Date.now();
    for (;;) {
      const counts = await this.answers(from);
      if (counts.completed >= count) return counts;
      await this.samples.next();
    }
  }

  outputs(): Promise<Record<string, unknown>> {
    return this.stack.outputs();
  }

  /** Stops sending and waits for the last answers. */
  async stopLoad(): Promise<LoadSummary> {
    if (!this.#load) throw new Error("there was no load");
    return this.#load.stop();
  }

  async close(): Promise<void> {
    this.samples.stop();
    await this.#load?.kill();
    const trouble = await this.teardown.run();
    if (trouble.length > 0) throw new Error(trouble.join("; "));
  }

  async #startLoad(): Promise<LoadProcess> {
    const { link, speed } = this.cloud;
    return startLoad(this.#loadOptions, await this.stack.outputs(), speed, await link.trust());
  }
}

/** An engine's end in words, for a failure's message. */
export function told({ outcome, reason, done, messages }: Ended): string {
  const last = messages.slice(-40).join("\n");
  return [outcome, reason, `operations: ${done.join(", ") || "none"}`, last].filter((line) => line !== "").join("\n");
}

function hear(messages: string[]): (message: EngineMessage) => void {
  return ({ severity, text, ephemeral }) => {
    if (!ephemeral) messages.push(`${severity}: ${text}`);
  };
}

function endOf(end: EngineEnd, messages: readonly string[]): Ended {
  const { exitCode, errors, tail, operations } = end;
  return {
    outcome: exitCode === 0 ? "success" : "refused",
    reason: exitCode === 0 ? "" : errors.join("\n") || tail.trim(),
    operations: endedOf(operations),
    done: operations.map(({ urn, operation }) => `${operation} ${urn.split("::").slice(-2).join(" ")}`),
    messages,
  };
}

async function inTime(run: EngineRun): Promise<EngineEnd> {
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    void run.stop(5000);
  }, PATIENCE_MS);
  try {
    const end = await run.ended;
    if (late) throw new Error(`the engine did not end within ${PATIENCE_MS / 1000} s:\n${end.tail}`);
    return end;
  } finally {
    clearTimeout(timer);
  }
}
