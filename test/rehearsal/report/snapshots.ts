import type { CloudSnapshot, InstanceSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";
import { CloudRecord } from "../../../src/rehearsal/report/record.js";

/** One server as a script tells it; times are seconds from the beginning. */
export interface Script {
  readonly version: string;
  readonly launched: number;
  /** Never healthy when absent. */
  readonly healthy?: number;
  readonly leaves?: number;
  readonly gone?: number;
  readonly group?: string;
}

export interface Settings {
  readonly drainSeconds?: number;
  readonly warmupSeconds?: number;
  /** When a refresh runs, in seconds. */
  readonly refresh?: readonly [number, number];
  /** Weights by group of the one rule, from the first on; those after it are changes. */
  readonly weighings?: readonly Weighing[];
}

export interface Weighing {
  /** Seconds from the beginning. */
  readonly at: number;
  readonly weights: Readonly<Record<string, number>>;
}

/** Records what ten looks a second would have seen of the scripted servers, from 0 to `seconds`. */
export function recorded(servers: readonly Script[], seconds: number, settings: Settings = {}): CloudRecord {
  const record = new CloudRecord();
  for (let tenth = 0; tenth <= seconds * 10; tenth++) record.add(snapshotAt(servers, tenth / 10, settings));
  return record;
}

function snapshotAt(servers: readonly Script[], now: number, settings: Settings): CloudSnapshot {
  const { drainSeconds = 30, warmupSeconds, refresh } = settings;
  const groups = [...new Set(servers.map(({ group = "web" }) => group))];
  const status = refresh === undefined || now < refresh[0] ? undefined : now < refresh[1] ? "InProgress" : "Successful";
  return {
    at: now * 1000,
    listeners: listeners(settings.weighings ?? [], now),
    targetGroups: groups.map((name) => ({
      arn: `arn:${name}`,
      name,
      deregistrationDelaySeconds: drainSeconds,
      healthCheckIntervalSeconds: 5,
      targets: [],
    })),
    groups: groups.map((name) => ({
      name,
      minSize: 0,
      desiredCapacity: 6,
      maxSize: 12,
      healthCheckGracePeriodSeconds: 0,
      defaultInstanceWarmupSeconds: warmupSeconds,
      targetGroupArns: [`arn:${name}`],
      instances: servers.flatMap((server, index) =>
        (server.group ?? "web") === name ? instance(server, index, now) : [],
      ),
      refresh:
        status === undefined
          ? undefined
          : { id: "r1", status, percentageComplete: 0, instancesToUpdate: 0, targetVersion: "2" },
    })),
  };
}

function listeners(weighings: readonly Weighing[], now: number): CloudSnapshot["listeners"] {
  const index = weighings.findLastIndex(({ at }) => at <= now);
  const inForce = weighings[index];
  if (inForce === undefined) return [];
  const weights = Object.entries(inForce.weights).map(([name, weight]) => ({ targetGroupArn: `arn:${name}`, weight }));
  const changed = index === 0 ? {} : { weightsChangedAt: inForce.at * 1000 };
  const rules = [{ arn: "rule", priority: "default" as const, weights, ...changed }];
  return [{ arn: "listener", loadBalancerArn: "lb", url: "http://x", rules }];
}

function instance(server: Script, index: number, now: number): InstanceSnapshot[] {
  const { version, launched, healthy = Number.POSITIVE_INFINITY, leaves, gone } = server;
  if (now < launched || (gone !== undefined && now >= gone)) return [];
  const leaving = leaves !== undefined && now >= leaves;
  const isHealthy = now >= healthy;
  return [
    {
      instanceId: `i-${index}`,
      lifecycleState: leaving ? "Terminating:Wait" : isHealthy ? "InService" : "Pending",
      healthStatus: "Healthy",
      launchTemplateVersion: "1",
      launchedAt: launched * 1000,
      firstHealthyAt: isHealthy ? healthy * 1000 : undefined,
      targetHealth: leaving ? "draining" : isHealthy ? "healthy" : "initial",
      tags: { "hitless:version": version },
    },
  ];
}

/** Six servers on v1 that are there from the beginning. */
export const six: Script[] = Array.from({ length: 6 }, () => ({ version: "v1", launched: -100, healthy: -90 }));

/** Rolls six servers from v1 to v2 in batches of two with surge: boot 2 s, warm-up 1 s, drain 3 s. */
export function rollingInTwos(start = 10): Script[] {
  const old = six.map((server, index) => {
    const leaves = start + 3 * (Math.floor(index / 2) + 1);
    return { ...server, leaves, gone: leaves + 3 };
  });
  const fresh = six.map((_, index) => {
    const launched = start + 3 * Math.floor(index / 2);
    return { version: "v2", launched, healthy: launched + 2 };
  });
  return [...old, ...fresh];
}
