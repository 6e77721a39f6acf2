import * as path from "node:path";
import type { Logger } from "pino";
import type { LoadSummary } from "../load/model.js";
import { isolationNotes } from "../report/isolation.js";
import type { RehearsalReport } from "../report/model.js";
import { failuresOf } from "../report/verdict.js";
import { badInput } from "../scenario/codes.js";
import type { Isolation, Scenario } from "../scenario/schema.js";
import { unknownZones } from "../scenario/zones.js";
import { openGateways } from "./gateways.js";
import { Interrupted } from "./interruption.js";
import { type PolicyPacks, policyFlags } from "./policyPacks.js";
import { programEnvironment } from "./programEnvironment.js";
import { findProject } from "./project.js";
import { ProviderHost } from "./providerHost.js";
import { attachCloud, startCloud } from "./rehearsalCloud.js";
import { namedCluster, type RehearsalCluster, startCluster } from "./rehearsalCluster.js";
import { requestsReport } from "./requestsReport.js";
import { type Engine, Stack } from "./stack.js";
import { stepReports } from "./stepReports.js";
import { Teardown } from "./teardown.js";
import { Tour } from "./tour.js";
import { writeTrust } from "./trustFile.js";
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
  /** How servers are kept apart, asked for explicitly. @default the scenario's */
  readonly isolation?: Isolation;
  /** The kubeconfig file of a cluster that runs already. @default one of its own, where the scenario wants one */
  readonly kubeconfig?: string;
  /** Policy packs that judge each preview and update; each update is then previewed first. @default none */
  readonly policies?: PolicyPacks;
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
  const { view, log } = options;
  const project = findProject(options.directory);
  const policies = policyFlags(options.policies ?? { packs: [], configs: [] });
  // What a mandatory policy forbids is to be refused before anything is done, as in a pipeline.
  const scenario = { ...options.scenario, previewed: options.scenario.previewed || policies.length > 0 };
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

  async function findCluster(): Promise<RehearsalCluster | undefined> {
    if (options.kubeconfig !== undefined) return namedCluster(options.kubeconfig);
    if (scenario.cluster === undefined) return undefined;
    if (options.cloudUrl !== undefined) {
      const problem =
        "the scenario wants a cluster of its own, and a cloud that runs already plays no controllers in that";
      const fix =
        "leave out --cloud; or start cluster and cloud yourself (`hitless cloud --kubeconfig FILE`) and name both.";
      throw badInput([{ code: "HIT414", subject: options.cloudUrl, problem, fix }]);
    }
    const progress = (line: string): void => view.line(`cluster   ${line}`);
    const cluster = await startCluster(scenario.cluster, project.directory, { progress, halt: halt.signal });
    teardown.add("the cluster", () => cluster.close(), 60_000);
    return cluster;
  }

  async function carryOut(): Promise<RehearsalReport> {
    const cluster = await findCluster();
    const settings = {
      isolation: options.isolation ?? scenario.isolation,
      certificates: scenario.certificates,
      ...(cluster && { kubeconfig: cluster.kubeconfig }),
    };
    const cloud =
      options.cloudUrl === undefined
        ? await startCloud(options.speed ?? scenario.speed, path.join(work, "cloud.log"), halt.signal, settings)
        : await attachCloud(options.cloudUrl, options.speed, settings);
    teardown.add("the local cloud", () => cloud.close(), 30_000);
    const paper = cloud.isolation === "paper" ? "; servers are on paper" : "";
    view.line(`cloud     ${cloud.link.url}, AWS's time passes ${cloud.speed} times as fast${paper}`);
    const strangers = unknownZones(scenario, cloud.zones);
    if (strangers.length > 0) throw badInput(strangers);
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
    const trust = await cloud.link.trust();
    const access = {
      url: cloud.link.url,
      region,
      speed: cloud.speed,
      trustFile: writeTrust(work, trust, process.env),
      ...(cluster && { kubeconfig: cluster.kubeconfig }),
    };
    const provider = await ProviderHost.start(programEnvironment(process.env, {}, access, work, ""));
    teardown.add("the provider", () => provider.close());
    const stack = new Stack(project, options.engine, access, () => provider.environment(), work, halt.signal, {
      policies,
    });
    await stack.init();
    const gateways = scenario.cluster?.gateways ?? [];
    const urls = cluster && gateways.length > 0 ? await openGateways(cluster, gateways, work) : {};
    stack.config.set({ "aws:region": region, ...urls, ...scenario.config });

    const startedAt = Date.now();
    const tour = new Tour({ scenario, stack, cloud, cluster, provider, region, trust, view, halt });
    teardown.add("the load and the watch", () => tour.close());
    const runs = await tour.walk();
    const load: LoadSummary | undefined = await tour.stopLoad();
    const steps = await stepReports(runs, tour.record, tour.load, cloud.speed);
    const seconds = (Date.now() - startedAt) / 1000;
    const trouble = scenario.destroy ? await tour.destroy() : [];
    const warnings = [...isolationNotes(cloud.isolation), ...tour.warnings, ...trouble];
    const logTrouble = cloud.logTrouble();
    if (logTrouble !== undefined) warnings.push(logTrouble);
    const broken = cluster?.ended();
    if (broken !== undefined) throw new Error(`the cluster broke during the rehearsal: ${broken}`);
    destroyed = scenario.destroy;
    const failures = failuresOf(scenario, steps, load);
    return {
      verdict: failures.length === 0 ? "passed" : "failed",
      failures,
      warnings,
      requests: requestsReport(load),
      steps,
      speed: cloud.speed,
      isolation: cloud.isolation,
      rate: scenario.load.rate,
      seconds,
      timeline: load?.seconds ?? [],
    };
  }
}
