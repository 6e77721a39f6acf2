import * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import { podTimes } from "../../plan/kubernetesTimes.js";
import type { HealthCheck } from "../../traffic/healthCheck.js";
import type { FleetTimes } from "../platform.js";
import type { KubernetesPlan } from "./checkFleet.js";

/** What only the whole shows: the grace period against the drain, and a health check that has to be a probe as well. */
export function checkTimes(
  plan: KubernetesPlan,
  times: FleetTimes & { readonly healthCheck: HealthCheck },
  faults: Faults,
): void {
  const { terminationGracePeriodSeconds: grace } = plan;
  const { drainSeconds, healthCheck } = times;
  // What is known only later is checked where the pods are described (`podTemplate`), in the same way.
  if (grace !== undefined && !isDeferred(grace) && !isDeferred(drainSeconds)) {
    faults.addAll(checkGrace(grace as number, drainSeconds as number));
  }
  if (!isDeferred(healthCheck.matcher)) faults.addAll(checkMatcher(healthCheck.matcher as string));
}

/** A pod is to outlive the drain, and to have a moment to end. */
export function checkGrace(graceSeconds: number, drainSeconds: number): Finding[] {
  const { preStopSeconds } = podTimes(drainSeconds, 0);
  if (graceSeconds > preStopSeconds || !Number.isFinite(preStopSeconds)) return [];
  return [
    {
      code: "HIT255",
      problem: `fleet.terminationGracePeriodSeconds is ${graceSeconds}, and a pod serves for ${preStopSeconds} s after it is taken away (drainSeconds ${drainSeconds}, and ${preStopSeconds - drainSeconds} until the load balancer knows).`,
      fix: `set it to more than ${preStopSeconds}, or leave it out: it then follows from drainSeconds and shutdownSeconds`,
    },
  ];
}

/** The load balancer's matcher within what a probe takes for a pass. */
export function checkMatcher(matcher: string): Finding[] {
  const codes = String(matcher).split(/[,-]/).map(Number);
  if (codes.every((code) => code >= 200 && code <= 399)) return [];
  const problem = `healthCheck.matcher is ${JSON.stringify(matcher)}, expected codes from 200 to 399.`;
  return [{ code: "HIT257", problem, fix: "let the path answer 200 when all is well" }];
}

/** Values that are known only while the program runs, checked there. */
export function checkedGrace(
  subject: Faults,
  grace: pulumi.Input<number>,
  drainSeconds: pulumi.Input<number>,
): pulumi.Input<number> {
  if (!isDeferred(grace) && !isDeferred(drainSeconds)) return grace; // already checked
  const both = pulumi.all([grace, drainSeconds]).apply(([seconds, drain]) => ({ seconds, drain }));
  const checked = subject.input(both, ({ seconds, drain }) => checkGrace(seconds, drain));
  return pulumi.output(checked).apply(({ seconds }) => seconds);
}
