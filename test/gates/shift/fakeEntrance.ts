import type { AlarmView } from "../../../src/gates/alarmCloud.js";
import { listenerOf } from "../../../src/gates/aws/arns.js";
import type { AwsCloud } from "../../../src/gates/aws/awsCloud.js";
import { launchTimes } from "../../../src/gates/aws/launchTimes.js";
import { AWS_BALANCER_WORDS, AWS_FLEET_WORDS } from "../../../src/gates/aws/words.js";
import type { ForwardAction, ListenerView, RuleView, TargetView } from "../../../src/gates/balancerCloud.js";
import type { Seniority } from "../../../src/gates/fleetsCloud.js";
import type { GroupView } from "../../../src/gates/refresh/refreshCloud.js";
import { serversFor } from "../../../src/plan/capacity.js";
import { COMPONENT_TAG } from "../../../src/plan/releaseTags.js";
import { percentOf } from "../../../src/plan/weights.js";

export const COMPONENT = "shop/prod/web";
export const LISTENER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/1/2";
export const RULE = "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener-rule/app/web/1/2/3";

/** The target group ARN of a fleet by its name. */
export function tg(name: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/1`;
}

interface Server {
  readonly instanceId: string;
  readonly launchedAt: number;
  sick: boolean;
}

export interface Fleet {
  readonly name: string;
  readonly arn: string;
  tags: Record<string, string>;
  desired: number;
  maxSize: number;
  bootSeconds: number;
  servers: Server[];
}

/** The weights that somebody set, and how the fleets stood then. */
export interface Setting {
  readonly at: number;
  readonly before: ForwardAction;
  readonly action: ForwardAction;
  readonly healthy: ReadonlyMap<string, number>;
}

/** A load balancer checks a target group only while it is in an action, and needs so long to find a server healthy. */
const CHECK_SECONDS = 6;

/** An entrance, and several fleets behind it, in virtual time. */
export class FakeEntrance implements AwsCloud {
  now = 0;
  action: ForwardAction = { targets: [] };
  readonly fleets = new Map<string, Fleet>();
  readonly settings: Setting[] = [];
  /** Everything that changed something. */
  readonly calls: string[] = [];
  readonly alarmStates = new Map<string, AlarmView["state"]>();
  /** Rules beside the entrance, by ARN. */
  readonly others = new Map<string, { priority: string; action: ForwardAction }>();
  /** So many reads after a change still tell what was there before. */
  staleReads = 0;
  #stale: { action: ForwardAction; reads: number } | undefined;
  #attachedAt = new Map<string, number>();
  #events: { at: number; run: () => void }[] = [];
  #ids = 0;

  addFleet(name: string, size: number, more: Partial<Fleet> = {}): Fleet {
    const version = more.tags?.["hitless:version"] ?? name;
    const fleet: Fleet = {
      name,
      arn: tg(name),
      desired: size,
      maxSize: 100,
      bootSeconds: 0,
      servers: [],
      ...more,
      tags: { "hitless:component": COMPONENT, "hitless:version": version, ...more.tags },
    };
    this.fleets.set(name, fleet);
    this.#fit(fleet);
    return fleet;
  }

  /** What the entrance does at first; servers there have been healthy for long. */
  begin(weights: Record<string, number>): void {
    this.action = { targets: Object.entries(weights).map(([name, weight]) => ({ targetGroupArn: tg(name), weight })) };
    for (const name of Object.keys(weights)) this.#attachedAt.set(tg(name), -10_000);
    for (const fleet of this.fleets.values()) {
      if (fleet.arn in Object.fromEntries(this.#attachedAt)) {
        fleet.servers = fleet.servers.map((server) => ({ ...server, launchedAt: -10_000 }));
      }
    }
  }

  at(seconds: number, run: () => void): void {
    this.#events.push({ at: seconds, run });
    this.#events.sort((one, other) => one.at - other.at);
  }

  resize(name: string, size: number): void {
    const fleet = this.#fleet(name);
    fleet.desired = size;
    this.#fit(fleet);
  }

  tag(name: string, tags: Record<string, string>): void {
    Object.assign(this.#fleet(name).tags, tags);
  }

  /** Makes so many servers of a fleet fail their checks. */
  sicken(name: string, count: number): void {
    for (const server of this.#fleet(name)
      .servers.filter((each) => !each.sick)
      .slice(0, count))
      server.sick = true;
  }

  heal(name: string): void {
    for (const server of this.#fleet(name).servers) server.sick = false;
  }

  advance(seconds: number): void {
    const end = this.now + seconds;
    for (let next = this.#events[0]; next && next.at <= end; next = this.#events[0]) {
      this.#events.shift();
      this.now = Math.max(this.now, next.at);
      next.run();
    }
    this.now = end;
  }

  /** How many servers of each target group are healthy. */
  healthy(): Map<string, number> {
    return new Map(
      [...this.fleets.values()].map((fleet) => [
        fleet.arn,
        fleet.servers.filter((server) => this.#state(fleet, server) === "healthy").length,
      ]),
    );
  }

  /** The shares that users have now: `{ v1: 90, v2: 10 }`. */
  shares(action: ForwardAction = this.action): Record<string, number> {
    return Object.fromEntries([...percentOf(action)].map(([arn, percent]) => [arn.split("/")[1], percent]));
  }

  #fleet(name: string): Fleet {
    const fleet = this.fleets.get(name);
    if (!fleet) throw new Error(`no fleet ${name}`);
    return fleet;
  }

  #fit(fleet: Fleet): void {
    while (fleet.servers.length > fleet.desired) fleet.servers.pop();
    while (fleet.servers.length < fleet.desired) {
      this.#ids += 1;
      fleet.servers.push({ instanceId: `i-${this.#ids.toString(16)}`, launchedAt: this.now, sick: false });
    }
  }

  #state(fleet: Fleet, server: Server): string {
    const attachedAt = this.#attachedAt.get(fleet.arn);
    if (attachedAt === undefined) return "unused";
    if (server.sick) return "unhealthy";
    const ready = Math.max(server.launchedAt + fleet.bootSeconds, attachedAt) + CHECK_SECONDS;
    return this.now >= ready ? "healthy" : "initial";
  }

  #attach(): void {
    const actions = [this.action, ...[...this.others.values()].map((rule) => rule.action)];
    const attached = new Set(actions.flatMap((action) => action.targets.map((target) => target.targetGroupArn)));
    for (const arn of attached) if (!this.#attachedAt.has(arn)) this.#attachedAt.set(arn, this.now);
    for (const arn of [...this.#attachedAt.keys()]) if (!attached.has(arn)) this.#attachedAt.delete(arn);
  }

  async targets(targetGroupArn: string): Promise<readonly TargetView[]> {
    const fleet = [...this.fleets.values()].find((each) => each.arn === targetGroupArn);
    return (fleet?.servers ?? []).map((server) => {
      const state = this.#state(fleet as Fleet, server);
      return { instanceId: server.instanceId, state, ...(state === "unhealthy" ? { reason: "Target.Timeout" } : {}) };
    });
  }

  async forwardAction(arn: string): Promise<ForwardAction | undefined> {
    if (this.others.has(arn)) return this.others.get(arn)?.action;
    if (this.#stale && this.#stale.reads > 0) {
      this.#stale.reads -= 1;
      return this.#stale.action;
    }
    return this.action.targets.length > 0 ? this.action : undefined;
  }

  async setForwardAction(arn: string, action: ForwardAction): Promise<void> {
    if (action.targets.length > 5) throw new Error("TooManyTargetGroups");
    const other = this.others.get(arn);
    const text = Object.entries(this.shares(action)).map(([name, share]) => `${name}=${share}`);
    this.calls.push(`${other ? `rule ${other.priority}` : "weights"} ${text.join(" ")}`);
    if (other) {
      other.action = action;
    } else {
      this.settings.push({ at: this.now, before: this.action, action, healthy: this.healthy() });
      if (this.staleReads > 0) this.#stale = { action: this.action, reads: this.staleReads };
      this.action = action;
    }
    this.#attach();
  }

  async rules(listenerArn: string): Promise<readonly RuleView[]> {
    if (listenerArn !== LISTENER) throw new Error(`not the listener: ${listenerArn}`);
    return [...this.others].map(([arn, { priority, action }]) => ({
      arn,
      priority,
      headers: {},
      targetGroupArns: action.targets.map((target) => target.targetGroupArn),
    }));
  }

  async listener(arn: string): Promise<ListenerView> {
    return { arn, protocol: "HTTP", port: 80, dnsName: "web.example.com" };
  }

  async group(name: string): Promise<GroupView | undefined> {
    const fleet = this.fleets.get(name);
    return fleet && view(fleet);
  }

  async listenerArns(): Promise<readonly string[]> {
    return [LISTENER];
  }

  async entranceTags(): Promise<Readonly<Record<string, string>>> {
    return {};
  }

  async fleetsOf(component: string): Promise<readonly GroupView[]> {
    return [...this.fleets.values()].filter((fleet) => fleet.tags[COMPONENT_TAG] === component).map(view);
  }

  async setDesiredCapacity(group: string, desired: number): Promise<void> {
    const fleet = this.#fleet(group);
    if (desired > fleet.maxSize) throw new Error("ValidationError: above maxSize");
    this.calls.push(`size ${group} ${desired}`);
    this.resize(group, desired);
  }

  async alarms(names: readonly string[]): Promise<readonly AlarmView[]> {
    return names.flatMap((name) => {
      const state = this.alarmStates.get(name);
      return state ? [{ name, state, ...(state === "ALARM" ? { reason: "5 errors > 1" } : {}) }] : [];
    });
  }

  async activities() {
    return [...this.fleets.values()].flatMap((fleet) =>
      fleet.servers.map((server) => ({
        description: `Launching a new EC2 instance: ${server.instanceId}`,
        cause: "size",
        status: "Successful",
        startedAt: new Date(server.launchedAt * 1000),
      })),
    );
  }

  async seniority(group: GroupView): Promise<Seniority> {
    return { since: "started", moments: launchTimes(group.members, await this.activities()) };
  }

  async troubles(): Promise<readonly string[]> {
    return [];
  }

  async listenerOf(entranceArn: string): Promise<string> {
    return listenerOf(entranceArn);
  }
  readonly balancerWords = AWS_BALANCER_WORDS;
  readonly fleetWords = AWS_FLEET_WORDS;

  async consoleTail(instanceId: string): Promise<string> {
    return `Error: out of memory\n    at ${instanceId}`;
  }

  readonly refreshes = unexpected;
  readonly startRefresh = unexpected;
  readonly setTemplate = unexpected;
  readonly cancelRefresh = unexpected;
  readonly rollBackRefresh = unexpected;
  readonly templateVersions = unexpected;
}

function unexpected(): Promise<never> {
  throw new Error("a shift of weights has nothing to do with this");
}

function view(fleet: Fleet): GroupView {
  return {
    name: fleet.name,
    arn: `arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/${fleet.name}`,
    desiredCapacity: fleet.desired,
    minSize: 0,
    maxSize: fleet.maxSize,
    targetGroupArns: [fleet.arn],
    suspendedProcesses: [],
    tags: fleet.tags,
    members: fleet.servers.map(({ instanceId }) => ({ instanceId, lifecycle: "InService", healthy: true })),
  };
}

/**
 * Where a setting broke the rule "no weight without health": whoever got a larger share had to have the healthy servers for it, out
 * of what the fleets that had users before carried. Putting weights back only asks for a healthy server.
 */
export function violations(cloud: FakeEntrance): string[] {
  const first = cloud.settings[0]?.before;
  if (!first) return [];
  const origin = percentOf(first);
  return cloud.settings.flatMap(({ at, before, action, healthy }) => {
    const was = percentOf(before);
    const isReturn = JSON.stringify(cloud.shares(action)) === JSON.stringify(cloud.shares(first));
    const total = Math.max(...[...origin].map(([arn, share]) => (share > 0 ? (healthy.get(arn) ?? 0) : 0)));
    return [...percentOf(action)].flatMap(([arn, share]) => {
      if (share <= (was.get(arn) ?? 0) + 1e-9) return [];
      const need = isReturn ? 1 : serversFor(total, share);
      const has = healthy.get(arn) ?? 0;
      return has >= need ? [] : [`at ${at} s ${arn} got ${share} % with ${has} of ${need} healthy servers`];
    });
  });
}
