import type { BalancerContext } from "../balancerContext.js";
import type { TargetConfig, TargetGroupConfig, TargetHealthChange } from "../dataPlane.js";
import { type PoolCounts, UpstreamPool } from "../forward/upstreamPool.js";
import { tokenOf } from "./stickiness.js";

export type TargetState = TargetHealthChange["state"];

/** A target is its id and port: one instance may be registered at several ports. */
export function targetKey(config: { readonly id: string; readonly port: number }): string {
  return `${config.id}:${config.port}`;
}

/** One registered target: its connections, what it carries, and what health checks think of it. */
export class Target {
  readonly pool: UpstreamPool;
  /** What stickiness cookies call it. */
  readonly token: string;
  state: TargetState = "initial";
  inFlight = 0;
  /** It was registered into an empty group: the first time that it is healthy it gets its full share at once. */
  skipsSlowStart = false;
  /** Wall clock ms at which its slow start began; absent when it gets its full share. */
  slowStartSince: number | undefined;

  constructor(
    context: BalancerContext,
    public config: TargetConfig,
    protocol: TargetGroupConfig["protocol"],
    counts: readonly PoolCounts[],
    idleTimeoutMs: number,
  ) {
    this.token = tokenOf(targetKey(config));
    this.pool = new UpstreamPool(
      context,
      { host: config.host, port: config.connectPort, tls: protocol === "HTTPS" },
      counts,
      idleTimeoutMs,
    );
  }

  get key(): string {
    return targetKey(this.config);
  }
}
