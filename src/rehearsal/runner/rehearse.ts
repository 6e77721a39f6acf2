import * as path from "node:path";
import type { Logger } from "pino";
import type { LoadSummary } from "../load/model.js";
import type { RehearsalReport } from "../report/model.js";
import { failuresOf } from "../report/verdict.js";
import type { Scenario } from "../scenario/schema.js";
import { Interrupted } from "./interruption.js";
import { programEnvironment } from "./programEnvironment.js";
import { findProject } from "./project.js";
import { ProviderHost } from "./providerHost.js";
import { attachCloud, startCloud } from "./rehearsalCloud.js";
import { requestsReport } from "./requestsReport.js";
import { type Engine, Stack } from "./stack.js";
import { stepReports } from "./stepReports.js";
import { Teardown } from "./teardown.js";
import { Tour } from "./tour.js";
import type { View } from "./view.js";
import { makeWorkDirectory, removeWorkDirectory } from "./workDirectory.js";

export interface RehearseOptions {
  /** Directory of the Pulumi program. */
  readonly directory: string;
  readonly scenario: Scenario;
  /** The real Pulumi engine. */
  readonly engine: Engine;
  /** A local cloud that runs already. @default one of its own */
  readonly cloudUrl?: string;
  /** The speed that was asked for explicitly. @default the scenario's, or the attached cloud's */
  readonly speed?: number;
  /** Keeps the temporary directory with state and logs. @default false */
  readonly keep?: boolean;
  readonly log: Logger;
  readonly view: View;
  /** Ends the rehearsal (Ctrl-C). */
  readonly interrupt: AbortSignal;
}

const DEFAULT_REGION = "us-east-1";

/**
 * Runs a Pulumi program through a scenario: the real engine, a local cloud, real load. Whatever happens, everything that was started
 * is gone afterwards.
 *
 * @throws HitlessError when the input cannot be rehearsed, Interrupted when it was ended from outside
 */
export async function rehearse(options: RehearseOptions): Promise<RehearsalReport> {
  const { scenario, view, log } = options;
  const project = findProject(options.directory);
  const halt = new AbortController();
  const onInterrupt = (): void => halt.abort(new Interrupted());
  options.interrupt.addEventListener("abort", onInterrupt, { once: true });
  if (options.interrupt.aborted) onInterrupt();

  const teardown = new Teardown(log);
  const work = makeWorkDirectory(options.keep ?? false);
  teardown.add("the temporary directory", async () => {
    if (options.keep) view.line(`state and logs are kept in ${work}`);
    else removeWorkDirectory(work);
  });
  try {
    return await carryOut();
  } finally {
    view.end();
    options.interrupt.removeEventListener("abort", onInterrupt);
    for (const sentence of await teardown.run()) view.line(sentence);
  }

  async function carryOut(): Promise<RehearsalReport> {
    const cloud =
      options.cloudUrl === undefined
        ? await startCloud(options.speed ?? scenario.speed, path.join(work, "cloud.log"), halt.signal)
        : await attachCloud(options.cloudUrl, options.speed);
    teardown.add("the local cloud", () => cloud.close(), 30_000);
    view.line(`cloud     ${cloud.link.url}, AWS's time passes ${cloud.speed} times as fast`);
    await cloud.link.setFaults(scenario.faults);
    let destroyed = false;
    if (cloud.attached) {
      teardown.add("the attached cloud's faults", async () => {
        await cloud.link.setFaults({});
        if (!destroyed)
          view.line(`what the program made is still in the cloud at ${cloud.link.url}: it goes with that cloud`);
      });
    }

    const region = String(scenario.config["aws:region"] ?? DEFAULT_REGION);
    const access = { url: cloud.link.url, region, speed: cloud.speed };
    const provider = await ProviderHost.start(programEnvironment(process.env, {}, access, work, ""));
    teardown.add("the provider", () => provider.close());
    const stack = new Stack(project, options.engine, access, () => provider.environment(), work, halt.signal);
    await stack.init();
    stack.config.set({ "aws:region": region, ...scenario.config });

    const startedAt = Date.now();
    const tour = new Tour({ scenario, stack, cloud, provider, region, view, halt });
    teardown.add("the load and the watch", () => tour.close());
    const runs = await tour.walk();
    const load: LoadSummary | undefined = await tour.stopLoad();
    const steps = await stepReports(runs, tour.record, tour.load, cloud.speed);
    const seconds = (Date.now() - startedAt) / 1000;
    const warnings = [...tour.warnings, ...(await tour.destroy())];
    destroyed = true;
    const failures = failuresOf(scenario, steps, load);
    return {
      verdict: failures.length === 0 ? "passed" : "failed",
      failures,
      warnings,
      requests: requestsReport(load),
      steps,
      speed: cloud.speed,
      rate: scenario.load.rate,
      seconds,
      timeline: load?.seconds ?? [],
    };
  }
}
