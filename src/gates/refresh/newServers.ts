import type { TargetView } from "../balancerCloud.js";
import type { ActivityView, MemberView } from "./refreshCloud.js";

/** One look at a fleet in a rollout. */
export interface Sighting {
  /** Servers that run the new release, also those that are leaving. */
  readonly fresh: readonly MemberView[];
  /** Servers that stay and run another release. */
  readonly outdated: readonly MemberView[];
  readonly targets: readonly TargetView[];
  /** Launches and terminations since the rollout began; only when they were asked for. */
  readonly activities?: readonly ActivityView[];
}

/** A new server that did not do what a server has to. */
export interface Failure {
  /** Nothing when it did not even start. */
  readonly instanceId?: string;
  readonly what: string;
}

/** Target states of a server that is on its way out (ELBv2 API, TargetHealth). */
const LEAVING: ReadonlySet<string> = new Set(["draining", "unused"]);

/** Remembers what has become of the servers of a new release, so that a release that fails is told from one that is slow. */
export class NewServers {
  readonly #everHealthy = new Set<string>();
  readonly #seen = new Set<string>();
  /** What the load balancer last said of a server before it began to leave: that is the reason, not that it leaves. */
  readonly #lastWord = new Map<string, TargetView>();
  readonly #failures = new Map<string, Failure>();
  #mostHealthy = 0;
  #fewestOutdated = Number.POSITIVE_INFINITY;

  get failures(): readonly Failure[] {
    return [...this.#failures.values()];
  }

  /** New servers that were seen once and are not in the group any more: only activities can tell why. */
  vanished(fresh: readonly MemberView[]): boolean {
    const present = new Set(fresh.filter((member) => !isLeaving(member)).map((member) => member.instanceId));
    return [...this.#seen].some((instanceId) => !present.has(instanceId) && !this.#failures.has(instanceId));
  }

  /** Takes in a look; answers whether the rollout has come nearer to its end. */
  observe(sighting: Sighting): boolean {
    const targets = new Map(sighting.targets.map((target) => [target.instanceId, target]));
    let healthy = 0;
    for (const member of sighting.fresh) {
      const target = targets.get(member.instanceId);
      this.#judge(member, target);
      if (target?.state === "healthy" && member.lifecycle === "InService") healthy += 1;
    }
    for (const activity of sighting.activities ?? []) this.#judgeActivity(activity);
    const progressed = healthy > this.#mostHealthy || sighting.outdated.length < this.#fewestOutdated;
    this.#mostHealthy = Math.max(this.#mostHealthy, healthy);
    this.#fewestOutdated = Math.min(this.#fewestOutdated, sighting.outdated.length);
    return progressed;
  }

  #judge(member: MemberView, target: TargetView | undefined): void {
    const { instanceId } = member;
    this.#seen.add(instanceId);
    if (target && !LEAVING.has(target.state)) this.#lastWord.set(instanceId, target);
    if (target?.state === "healthy") this.#everHealthy.add(instanceId);
    if (!member.healthy) {
      const once = this.#everHealthy.has(instanceId) ? "after it had been healthy" : "without ever having been healthy";
      this.#fail(instanceId, `was taken out of service as unhealthy ${once}${because(this.#lastWord.get(instanceId))}`);
    } else if (target?.state === "unhealthy" && this.#everHealthy.has(instanceId)) {
      this.#fail(instanceId, `became unhealthy after it had been healthy${because(target)}`);
    }
  }

  #judgeActivity(activity: ActivityView): void {
    const instanceId = /\bi-[0-9a-f]+\b/.exec(activity.description)?.[0];
    if (/^Launching/.test(activity.description) && activity.status === "Failed") {
      const message = activity.message ?? activity.cause;
      this.#failures.set(`launch:${activity.description}:${message}`, { what: `a launch failed: ${message}` });
    } else if (
      instanceId !== undefined &&
      this.#seen.has(instanceId) &&
      /^Terminating/.test(activity.description) &&
      /health check/i.test(activity.cause) // AWS: "… taken out of service in response to an EC2 health check indicating …"
    ) {
      this.#fail(instanceId, `was replaced: ${activity.cause}`);
    }
  }

  /** The first verdict on a server is kept: later ones only repeat it. */
  #fail(instanceId: string, what: string): void {
    if (!this.#failures.has(instanceId)) this.#failures.set(instanceId, { instanceId, what });
  }
}

function isLeaving(member: MemberView): boolean {
  return member.lifecycle.startsWith("Terminat");
}

/** AWS's reason for a target's state, as a part of a sentence. */
export function because(target: TargetView | undefined): string {
  const said = [target?.reason, target?.description].filter((part) => part !== undefined && part !== "");
  return said.length > 0 ? ` (${said.join(": ")})` : "";
}
