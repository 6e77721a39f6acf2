import { type Finding, refusal } from "../../../errors/faults.js";
import type { HitlessError } from "../../../errors/hitlessError.js";
import type { Gate, GateState } from "../../gate.js";
import { describeTroubles, troubleOf } from "../podTroubles.js";
import { INJECT_LABEL, waitsForBalancer } from "../readinessGates.js";
import { type Census, readyOf, takeCensus, versionOf } from "./census.js";
import type { DeploymentContext } from "./deploymentRollout.js";
import { nameOf } from "./settleOther.js";

/** Without progress for so long, the display tells what hinders a pod. */
const STUCK_SECONDS = 15;

/** Passes when every pod has been replaced and serves, and has done so for the bake; refuses when the new pods fail or nothing moves. */
export class DeploymentGate implements Gate {
  readonly name = "rollout";
  readonly waitsFor: string;
  /** New pods that have failed, with what they showed. */
  readonly #failed = new Map<string, string>();
  /** Since when new pods show what will count as a failure. */
  readonly #failing = new Map<string, number>();
  readonly #from: string | undefined;
  #lastProgress: number;
  /** The furthest that it has come: pods that restart over and over are none. */
  #furthest = -1;
  #completeSince: number | undefined;
  #last: Census | undefined;

  constructor(
    private readonly context: DeploymentContext,
    before: Census,
    readonly deadlineSeconds: number,
    private readonly toleratedFailures: number,
  ) {
    const { order } = context;
    this.waitsFor = `every pod of ${nameOf(context)} on ${order.release.version}`;
    this.#lastProgress = context.pace.now();
    this.#from = before.templates
      .map(versionOf)
      .find((version) => version !== undefined && version !== order.release.version);
  }

  async check(): Promise<GateState> {
    const { order, pace, cloud, rollout } = this.context;
    const census = await takeCensus(this.context);
    this.#last = census;
    this.#observe(census);
    const hasty = isTargetGroup(rollout.target) ? census.fresh.find((pod) => !waitsForBalancer(pod)) : undefined;
    if (hasty) {
      return this.#refuse(
        "HIT381",
        `pod ${hasty.metadata.name} does not wait for the load balancer: it was made without a readiness gate`,
        `namespace "${rollout.namespace}" has lost its label ${INJECT_LABEL}=enabled, or the AWS Load Balancer Controller its webhook`,
        "the cluster",
      );
    }
    const ringing = order.alarmNames.length > 0 ? await cloud.alarms(order.alarmNames) : [];
    const alarm = ringing.find(({ state }) => state === "ALARM");
    if (alarm) return this.#refuse("HIT387", `alarm ${alarm.name} is in ALARM`, alarm.reason);
    if (this.#failed.size > this.toleratedFailures) {
      return this.#refuse("HIT310", `${this.#failed.size} of its pods failed (${this.toleratedFailures} tolerated)`);
    }
    const serving = await this.#serving(census, rollout.target);
    if (census.complete && serving >= census.size) {
      this.#completeSince ??= pace.now();
      const baked = pace.now() - this.#completeSince;
      if (baked >= order.bakeSeconds) return { state: "passed", note: `${order.release.version} runs on every pod` };
      return { state: "waiting", progress: `${this.#names()}: baking for ${order.bakeSeconds} s` };
    }
    if (this.#completeSince !== undefined) {
      return this.#refuse("HIT314", `its pods did not stay healthy: ${serving} of ${census.size} serve`);
    }
    if (pace.now() - this.#lastProgress > order.replacementTimeoutSeconds) {
      return this.#refuse("HIT311", `nothing moved for ${order.replacementTimeoutSeconds} s`);
    }
    return { state: "waiting", progress: this.#progress(census, serving) };
  }

  async expired(lastProgress: string): Promise<HitlessError> {
    const { order } = this.context;
    return refusal(order.subject, {
      code: "HIT313",
      problem: `the rollout of ${order.release.version} did not end within ${this.deadlineSeconds} s (${lastProgress}).`,
      why: await this.#describe(),
      fix: "set timeoutSeconds to more if the rollout was going well, then run `pulumi up` again",
    });
  }

  #observe(census: Census): void {
    if (!census.observed) return;
    for (const pod of census.fresh) {
      const trouble = troubleOf(pod);
      const { name } = pod.metadata;
      if (trouble?.kind !== "failed") {
        this.#failing.delete(name);
        continue;
      }
      const since = this.#failing.get(name) ?? this.context.pace.now();
      this.#failing.set(name, since);
      if (this.context.pace.now() - since >= trouble.patienceSeconds) this.#failed.set(name, trouble.what);
    }
    // Each new pod that is there, started and ready, and each old one that is gone, is a step.
    const started = census.fresh.filter(({ status }) =>
      status?.containerStatuses?.some(({ state }) => state?.running),
    ).length;
    const available = census.deployment.status?.availableReplicas ?? 0;
    const come = census.fresh.length + started + 2 * readyOf(census).length + available - census.old.length;
    if (come <= this.#furthest) return;
    this.#furthest = come;
    this.#lastProgress = this.context.pace.now();
  }

  /** New pods that are healthy in the eyes of what stands in front of them, which calls them by address or by name. */
  async #serving(census: Census, target: string): Promise<number> {
    const healthy = new Set(
      (await this.context.cloud.targets(target))
        .filter(({ state }) => state === "healthy")
        .map(({ instanceId }) => instanceId),
    );
    return readyOf(census).filter(
      ({ metadata, status }) => healthy.has(metadata.name) || healthy.has(status?.podIP ?? ""),
    ).length;
  }

  #names(): string {
    const { version } = this.context.order.release;
    return this.#from === undefined ? version : `${this.#from} → ${version}`;
  }

  #progress(census: Census, serving: number): string {
    const starting = census.fresh.length - serving;
    const parts = [`${serving} of ${census.size} pods replaced`];
    if (starting > 0) parts.push(`${starting} starting`);
    parts.push(`${census.old.length} old`);
    // A pod that has just been started is in no trouble yet, though its probe does not pass.
    const stuck = this.context.pace.now() - this.#lastProgress > STUCK_SECONDS;
    const trouble = census.fresh.map(troubleOf).find((each) => each !== undefined && (stuck || each.kind === "failed"));
    if (trouble) parts.push(`pod ${trouble.pod} ${trouble.what}`);
    else if (census.refused) parts.push(census.refused.message ?? "");
    return `${this.#names()}: ${parts.join(", ")}`;
  }

  /** @param mend what is to be mended */
  async #refuse(
    code: Finding["code"],
    what: string,
    reason?: string,
    mend = this.context.order.release.version,
  ): Promise<GateState> {
    const { order } = this.context;
    // The reasons first: going back takes away the very pods that show what is wrong.
    const why = [reason, await this.#describe()].filter(Boolean).join("\n");
    const done = this.#last ? `, ${readyOf(this.#last).length} of ${this.#last.size} pods had been replaced` : "";
    return {
      state: "refused",
      error: refusal(order.subject, {
        code,
        problem: `release ${order.release.version} was refused: ${what}${done}.`,
        fix: `mend ${mend} and run \`pulumi up\` again; going back to the release before needs one \`pulumi up\` as well and replaces only what has been replaced`,
        ...(why ? { why } : {}),
      }),
    };
  }

  /** What the new pods show. */
  async #describe(): Promise<string> {
    const census = this.#last;
    if (!census) return "";
    const lines = await describeTroubles(this.context.api, census.fresh);
    for (const [pod, what] of this.#failed) {
      if (!lines.some((line) => line.includes(pod))) lines.unshift(`pod ${pod}: ${what}`);
    }
    if (census.refused) lines.unshift(`no pod can be made: ${census.refused.message ?? census.refused.reason}`);
    return lines.join("\n");
  }
}

/** A target is called by the ARN of its target group, or by its Service's name. */
function isTargetGroup(target: string): boolean {
  return target.startsWith("arn:");
}
