import { BUCKET_MS } from "../load/buckets.js";
import type { LoadProcess } from "../load/loadProcess.js";
import type { LoadCounts, LoadSummary } from "../load/model.js";
import { capacityBetween } from "../report/capacity.js";
import type { CloudRecord } from "../report/record.js";
import { shares } from "../report/text.js";
import { expectedOf, isPreviewed, nameOf } from "../scenario/actions.js";
import type { Scenario, ScenarioStep } from "../scenario/schema.js";
import { CloudWatcher } from "./cloudWatcher.js";
import type { EngineMessage } from "./engineEvents.js";
import { pause } from "./interruption.js";
import { type CloudClients, cloudClients } from "./interventions/cloudClients.js";
import { startLoad } from "./loadTarget.js";
import type { ProviderHost } from "./providerHost.js";
import type { RehearsalCloud } from "./rehearsalCloud.js";
import type { RehearsalCluster } from "./rehearsalCluster.js";
import { INTERRUPT_GRACE_MS, type Stack } from "./stack.js";
import { statusLines } from "./statusLines.js";
import { type StepRun, shareOf } from "./stepReports.js";
import { runStep } from "./stepRunner.js";
import type { View } from "./view.js";

export interface TourParts {
  readonly scenario: Scenario;
  readonly stack: Stack;
  readonly cloud: RehearsalCloud;
  /** The Kubernetes cluster, where there is one. */
  readonly cluster?: RehearsalCluster | undefined;
  readonly provider: ProviderHost;
  /** AWS region of the program. */
  readonly region: string;
  /** Certificates (PEM) that the load trusts. */
  readonly trust: string;
  readonly view: View;
  readonly halt: AbortController;
}

const STATUS_EVERY_MS = 500;
const DESTROY_DEADLINE_MS = 300_000;

/** Walks through the scenario's steps, under load from the moment that there is something to send it to. */
export class Tour {
  readonly warnings: string[] = [];
  readonly #parts: TourParts;
  readonly #watcher: CloudWatcher;
  readonly #clients: CloudClients;
  readonly #looks = new Set<() => void>();
  readonly #status: NodeJS.Timeout;
  #load: LoadProcess | undefined;
  #counts: { total: LoadCounts; lately: LoadCounts } | undefined;
  #doing = { name: "starting", since: Date.now() };
  #message = "";

  constructor(parts: TourParts) {
    this.#parts = parts;
    this.#clients = cloudClients(parts.cloud.link.url, parts.region);
    const look = (): void => {
      for (const each of this.#looks) each();
    };
    this.#watcher = new CloudWatcher(parts.cloud, look, (reason) => parts.halt.abort(new Error(reason)));
    this.#status = setInterval(() => void this.#show(), STATUS_EVERY_MS);
  }

  get record(): CloudRecord {
    return this.#watcher.record;
  }

  get load(): LoadProcess | undefined {
    return this.#load;
  }

  /** Carries out the steps in order, then keeps the load going until enough requests were sent. */
  async walk(): Promise<StepRun[]> {
    const runs: StepRun[] = [];
    for (const [index, step] of this.#parts.scenario.steps.entries()) {
      runs.push(await this.#step(step, index));
      // Without anything to send requests to, the later steps would show nothing.
      if (this.#load === undefined) break;
    }
    if (this.#load !== undefined) await this.#sendEnough(this.#load);
    return runs;
  }

  async #step(step: ScenarioStep, index: number): Promise<StepRun> {
    const { stack, cloud, cluster, provider, view, halt, scenario, trust } = this.#parts;
    const name = nameOf(step, index);
    this.#begin(name);
    view.line(`▸ ${name}`);
    const hands = {
      link: cloud.link,
      clients: this.#clients,
      outputs: () => stack.outputs(),
      kubectl: cluster?.kubectl,
      halt: halt.signal,
    };
    const outcome = await runStep(step, isPreviewed(step, scenario), {
      stack,
      hands,
      watcher: this.#watcher,
      halt: halt.signal,
      onMessage: (message) => this.#hear(message),
      onSample: (look) => {
        this.#looks.add(look);
        return () => this.#looks.delete(look);
      },
      engineDied: () => provider.restart(),
    });
    if (this.#load === undefined && outcome.action === "up" && outcome.outcome === "success") {
      this.#load = await startLoad(scenario.load, await stack.outputs(), cloud.speed, trust);
    }
    // Counts are kept by tenths of a second: one that began before the step's end tells of both sides.
    const observedFrom = Date.now() + BUCKET_MS;
    await this.#observe(step, observedFrom);
    const observedTo = Date.now();
    await this.#catchUp(observedTo);
    const run = { ...outcome, step, index, observedFrom, observedTo };
    await this.#tell(run);
    return run;
  }

  /** Watches for as long as the step says, and until as many requests were sent as it says. */
  async #observe({ observeSeconds, observeRequests }: ScenarioStep, from: number): Promise<void> {
    const { halt } = this.#parts;
    await pause(from + observeSeconds * 1000 - Date.now(), halt.signal);
    await this.#untilSent(observeRequests, from);
  }

  /** A generator that is starved sends late: what was due in this step must not be left to meet what the next one does. */
  #catchUp(until: number): Promise<void> {
    return this.#untilSent(1, until);
  }

  /** Waits until so many of the requests due from that moment on were sent. */
  async #untilSent(requests: number, from: number): Promise<void> {
    const { halt, scenario } = this.#parts;
    const load = this.#load;
    if (load === undefined || requests === 0) return;
    const sent = async (): Promise<number> => (await load.window(from, Date.now())).sent;
    const deadline = deadlineFor(requests, scenario.load.rate);
    while ((await sent()) < requests && Date.now() < deadline) await pause(50, halt.signal);
  }

  /** One line about the step, before its last requests have come back; the report counts anew. */
  async #tell(run: StepRun): Promise<void> {
    const { startedAt, actedAt, endedAt, outcome, step, reason } = run;
    const after = await this.#load?.window(run.observedFrom, run.observedTo);
    const { minHealthy, peakServers } = capacityBetween(this.record, startedAt, endedAt);
    const mark = outcome === expectedOf(step) ? "✓" : "✗";
    const parts = [`${mark} ${outcome} in ${((endedAt - actedAt) / 1000).toFixed(1)} s`];
    if (run.preview !== null) parts.push(`previewed in ${run.preview.seconds.toFixed(1)} s`);
    if (run.action !== "preview") parts.push(`${minHealthy} to ${peakServers} servers (fewest healthy, most at once)`);
    if (after !== undefined) parts.push(`now ${shares(shareOf(after.versions))}`);
    this.#parts.view.line(`  ${parts.join("; ")}`);
    if (reason !== "") this.#parts.view.line(reason.replace(/^/gm, "    "));
  }

  async #sendEnough(load: LoadProcess): Promise<void> {
    const { halt, scenario } = this.#parts;
    const { minimumRequests } = scenario;
    const missing = minimumRequests - (await load.counts()).sent;
    if (missing <= 0) return;
    this.#begin(`sending ${minimumRequests} requests in all`);
    const deadline = deadlineFor(missing, scenario.load.rate);
    while ((await load.counts()).sent < minimumRequests && Date.now() < deadline) await pause(200, halt.signal);
  }

  /** Stops the load when every request has come back. */
  async stopLoad(): Promise<LoadSummary | undefined> {
    if (this.#load === undefined) return undefined;
    this.#begin("waiting for the last requests");
    return this.#load.stop();
  }

  /** Takes the program's resources down again; what goes wrong is told, but is not part of the verdict. */
  async destroy(): Promise<string[]> {
    this.#begin("destroying the stack");
    const { stack, halt } = this.#parts;
    const run = stack.destroy((message) => this.#hear(message));
    const stop = (): void => void run.stop(INTERRUPT_GRACE_MS);
    const deadline = setTimeout(stop, DESTROY_DEADLINE_MS);
    halt.signal.addEventListener("abort", stop, { once: true });
    try {
      const end = await run.ended;
      return end.exitCode === 0 ? [] : [`pulumi destroy failed:\n${end.errors.join("\n") || end.tail.trim()}`];
    } finally {
      clearTimeout(deadline);
      halt.signal.removeEventListener("abort", stop);
      if (halt.signal.aborted) await run.stop(INTERRUPT_GRACE_MS);
      this.#parts.halt.signal.throwIfAborted();
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#status);
    this.#watcher.stop();
    this.#clients.close();
    await this.#load?.kill();
  }

  #begin(name: string): void {
    this.#doing = { name, since: Date.now() };
    this.#message = "";
  }

  #hear({ severity, text, ephemeral }: EngineMessage): void {
    this.#message = text;
    // Errors are told with the outcome of the step.
    if (!ephemeral && severity !== "error") this.#parts.view.line(text.replace(/^/gm, "    "));
  }

  async #show(): Promise<void> {
    const now = Date.now();
    try {
      const load = this.#load;
      if (load !== undefined)
        this.#counts = { total: await load.counts(), lately: await load.window(now - 1500, now - 500) };
    } catch (error) {
      // The load's own call fails as well and is handled there; the picture must not end the rehearsal.
      this.#message = (error as Error).message;
    }
    const seconds = (now - this.#doing.since) / 1000;
    const facts = { step: this.#doing.name, seconds, record: this.record, load: this.#counts, message: this.#message };
    this.#parts.view.status(statusLines(facts));
  }
}

/** At a constant rate the moment is known at which so many requests are sent; a generator that is starved gets half as long again. */
function deadlineFor(requests: number, rate: number): number {
  return Date.now() + ((requests * 1000) / rate) * 1.5 + 10_000;
}
