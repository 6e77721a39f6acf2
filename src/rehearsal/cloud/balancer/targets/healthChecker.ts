import { type BalancerContext, realSeconds } from "../balancerContext.js";
import type { HealthCheckConfig, TargetHealthChange } from "../dataPlane.js";
import { compileHealthMatcher } from "./healthMatcher.js";
import { type ProbeResult, probe } from "./healthProbe.js";

export type Health = Pick<TargetHealthChange, "state" | "reason" | "description">;

const REGISTERING: Health = {
  state: "initial",
  reason: "Elb.RegistrationInProgress",
  description: "Target registration is in progress",
};
const FIRST_CHECKS: Health = {
  state: "initial",
  reason: "Elb.InitialHealthChecking",
  description: "Initial health checks in progress",
};
const DISABLED: Health = {
  state: "unavailable",
  reason: "Target.HealthCheckDisabled",
  description: "Health checks are disabled",
};

/** First checks of targets registered together are spread over this many real seconds at most. */
const JITTER_SECONDS = 0.05;

/**
 * Checks one target on a schedule of its own. A check starts at every interval whether or not the last one was answered ("the time it
 * takes for the target to respond does not affect the interval", ALB guide, health checks), so at high speeds several may be
 * under way; an answer to an older check than the newest one counted is dropped.
 */
export class HealthChecker {
  #health: Health = REGISTERING;
  #passes = 0;
  #failures = 0;
  #started = 0;
  #counted = 0;
  #matches: (status: number) => boolean;
  #cancelSchedule: () => void = () => undefined;
  readonly #underWay = new Set<() => void>();

  constructor(
    private readonly context: BalancerContext,
    private readonly address: { readonly host: string; readonly port: number },
    private config: HealthCheckConfig,
    private readonly onChange: (health: Health) => void,
  ) {
    this.#matches = compileHealthMatcher(config.matcher);
  }

  get health(): Health {
    return this.#health;
  }

  /** Begins with a check at once. */
  start(): void {
    this.onChange(this.#health);
    if (!this.config.enabled) {
      this.#become(DISABLED);
      return;
    }
    this.#schedule(realSeconds(this.context, Math.random() * JITTER_SECONDS));
  }

  /** Uses another configuration from the next check on; the state and what has been counted stay. */
  reconfigure(config: HealthCheckConfig): void {
    const wasEnabled = this.config.enabled;
    this.config = config;
    this.#matches = compileHealthMatcher(config.matcher);
    this.#cancelSchedule();
    if (!config.enabled) {
      this.#cancelChecks();
      this.#become(DISABLED);
      return;
    }
    if (!wasEnabled) this.#become(FIRST_CHECKS);
    this.#schedule(wasEnabled ? config.intervalSeconds * Math.random() : 0);
  }

  /** No more checks; nothing is reported any more. */
  stop(): void {
    this.#cancelSchedule();
    this.#cancelChecks();
  }

  #schedule(firstAfterSeconds: number): void {
    const { clock } = this.context;
    this.#cancelSchedule = clock.after(firstAfterSeconds, () => {
      this.#cancelSchedule = clock.every(this.config.intervalSeconds, () => this.#check());
      this.#check();
    });
  }

  #check(): void {
    if (this.#health.reason === REGISTERING.reason) this.#become(FIRST_CHECKS);
    const number = ++this.#started;
    const { protocol, path, timeoutSeconds } = this.config;
    const { host } = this.address;
    const port = this.config.port ?? this.address.port;
    const cancel = probe(this.context, { protocol, host, port, path, timeoutSeconds }, (result) => {
      this.#underWay.delete(cancel);
      if (number < this.#counted) return;
      this.#counted = number;
      this.#count(result);
    });
    this.#underWay.add(cancel);
  }

  #count(result: ProbeResult): void {
    if (result.kind === "status" && this.#matches(result.status)) {
      this.#passes++;
      this.#failures = 0;
      // A new target needs one passing check, an unhealthy one as many as the threshold says (ALB guide, health checks).
      const needed = this.#health.state === "initial" ? 1 : this.config.healthyThreshold;
      if (this.#health.state !== "healthy" && this.#passes >= needed) this.#become({ state: "healthy" });
      return;
    }
    this.#passes = 0;
    this.#failures++;
    if (this.#health.state === "unhealthy" || this.#failures >= this.config.unhealthyThreshold) {
      this.#become({ state: "unhealthy", ...explain(result) });
    }
  }

  #become(health: Health): void {
    const { state, reason, description } = this.#health;
    if (health.state === state && health.reason === reason && health.description === description) return;
    this.#health = health;
    this.onChange(health);
  }

  #cancelChecks(): void {
    for (const cancel of this.#underWay) cancel();
    this.#underWay.clear();
  }
}

function explain(result: ProbeResult): Pick<Health, "reason" | "description"> {
  switch (result.kind) {
    case "status":
      return {
        reason: "Target.ResponseCodeMismatch",
        description: `Health checks failed with these codes: [${result.status}]`,
      };
    case "timeout":
      return { reason: "Target.Timeout", description: "Request timed out" };
    case "failed":
      return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
  }
}
