import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../errors/known.js";

/**
 * How the load balancer tells whether a server works. A change updates the target group in place and holds for the servers that
 * run now too: a path that only the new release answers would fail the old one, so add it in a release of its own first.
 */
export interface HealthCheckArgs {
  /** The path to ask for, with its leading slash, such as `/health`. */
  readonly path: pulumi.Input<string>;
  /**
   * Seconds between two checks, 5 to 300; more than `timeoutSeconds`.
   * @default 10
   */
  readonly intervalSeconds?: pulumi.Input<number>;
  /**
   * Seconds to wait for an answer, 2 to 120.
   * @default 5
   */
  readonly timeoutSeconds?: pulumi.Input<number>;
  /**
   * Passing checks in a row that make an unhealthy server healthy again, 2 to 10. A server that is new needs only one.
   * @default 2
   */
  readonly healthyThreshold?: pulumi.Input<number>;
  /**
   * Failing checks in a row that make a server unhealthy, 2 to 10.
   * @default 2
   */
  readonly unhealthyThreshold?: pulumi.Input<number>;
  /**
   * HTTP status codes that pass: `200`, `200,204` or `200-299`, within 200 to 499.
   * @default "200"
   */
  readonly matcher?: pulumi.Input<string>;
}

/** A health check with its defaults; known values have been checked. */
export interface HealthCheck {
  readonly path: pulumi.Input<string>;
  readonly matcher: pulumi.Input<string>;
  readonly times: pulumi.Input<HealthCheckTimes>;
}

export interface HealthCheckTimes {
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

const KEYS = [
  "path",
  "intervalSeconds",
  "timeoutSeconds",
  "healthyThreshold",
  "unhealthyThreshold",
  "matcher",
] as const satisfies readonly (keyof HealthCheckArgs)[];

/** Limits of the Elastic Load Balancing API (botocore model, CreateTargetGroup). */
const LIMITS = {
  intervalSeconds: [5, 300],
  timeoutSeconds: [2, 120],
  healthyThreshold: [2, 10],
  unhealthyThreshold: [2, 10],
} as const;
const PATH_LENGTH = 1024;

export function checkHealthCheck(args: HealthCheckArgs, faults: Faults): HealthCheck {
  onlyKnown(faults, "healthCheck.", args, KEYS);
  required(faults, "healthCheck.", args, ["path"]);
  const times = {
    intervalSeconds: args.intervalSeconds ?? 10,
    timeoutSeconds: args.timeoutSeconds ?? 5,
    healthyThreshold: args.healthyThreshold ?? 2,
    unhealthyThreshold: args.unhealthyThreshold ?? 2,
  };
  return {
    path: args.path === undefined ? "" : faults.input(args.path, checkPath),
    matcher: faults.input(args.matcher ?? "200", checkMatcher),
    times: faults.input(times as pulumi.Input<HealthCheckTimes>, (known) => checkTimes(known as HealthCheckTimes)),
  };
}

function checkPath(path: string): Finding[] {
  if (path === "") return []; // already reported as missing
  if (typeof path === "string" && path.startsWith("/") && path.length <= PATH_LENGTH && !/\s/.test(path)) return [];
  const problem = `healthCheck.path is ${JSON.stringify(path)}, expected a path such as "/health".`;
  return [
    {
      code: "HIT120",
      problem,
      fix: "begin it with a slash, and leave out host, spaces and anything over 1024 characters",
    },
  ];
}

function checkTimes(times: HealthCheckTimes): Finding[] {
  const findings: Finding[] = [];
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const value = times[name as keyof HealthCheckTimes];
    findings.push(...wholeNumber(`healthCheck.${name}`, "HIT122", low, high)(value));
  }
  if (times.intervalSeconds <= times.timeoutSeconds) {
    findings.push({
      code: "HIT121",
      problem: `healthCheck.intervalSeconds is ${times.intervalSeconds} and timeoutSeconds ${times.timeoutSeconds}, expected an interval longer than the timeout.`,
      fix: "make the interval longer, or the timeout shorter",
    });
  }
  return findings;
}

function checkMatcher(matcher: string): Finding[] {
  const codes = String(matcher).split(/[,-]/);
  const valid =
    /^\d{3}(([,]\d{3})*|-\d{3})$/.test(String(matcher)) && codes.every((code) => +code >= 200 && +code <= 499);
  if (valid) return [];
  const problem = `healthCheck.matcher is ${JSON.stringify(matcher)}, expected codes from 200 to 499 such as "200", "200,204" or "200-299".`;
  return [{ code: "HIT123", problem, fix: "set healthCheck.matcher to such a list" }];
}
