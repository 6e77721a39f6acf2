import { refusal } from "../../errors/faults.js";
import { type Gate, type GateState, type GateSurroundings, runGate } from "../gate.js";
import type { VerifyCheck } from "./checkVerify.js";
import { judge } from "./judge.js";
import { httpProbe, type Probe, type ProbeTarget } from "./probe.js";
import type { VerifyFunction } from "./verifyArgs.js";

/** A release that is about to get users, and what it has to prove first. */
export interface VerifyRequest {
  /** What messages begin with, such as `BlueGreenPair "shop"`. */
  readonly subject: string;
  /** What messages call it, such as `green (v2)`. */
  readonly label: string;
  readonly version: string;
  readonly environment: string;
  readonly target: ProbeTarget;
  readonly checks: readonly VerifyCheck[];
  readonly functions: readonly VerifyFunction[];
  /** How long each function may take. */
  readonly functionSeconds: number;
}

/** Runs the checks one after the other, then the program's own functions; throws a `HitlessError` when one fails. */
export async function verifyRelease(
  request: VerifyRequest,
  surroundings: GateSurroundings,
  probe: Probe = httpProbe,
): Promise<void> {
  for (const [index, check] of request.checks.entries()) {
    await runGate(checkGate(request, index, check, probe), surroundings);
  }
  for (const [index, run] of request.functions.entries()) {
    await runGate(functionGate(request, index, run, surroundings), surroundings);
  }
  const count = request.checks.length + request.functions.length;
  if (count > 0) await surroundings.report.note(`${request.label}: ${count} of ${count} checks passed`);
}

function checkGate(request: VerifyRequest, index: number, check: VerifyCheck, probe: Probe): Gate {
  const { subject, label, target } = request;
  const name = `verify[${index}] (GET ${check.path})`;
  let last = "nothing was seen yet";
  return {
    name,
    waitsFor: `${check.inARow} good answers in a row`,
    deadlineSeconds: check.deadlineSeconds,
    async check(): Promise<GateState> {
      for (let passed = 0; passed < check.inARow; passed += 1) {
        const problems = judge(check, await probe(target, check));
        if (problems.length === 0) continue;
        last = `request ${passed + 1} of ${check.inARow}: ${problems.join("; ")}`;
        return { state: "waiting", progress: `${label}: ${name}: ${last}` };
      }
      return { state: "passed" };
    },
    expired: () =>
      refusal(subject, {
        code: "HIT363",
        problem: `${label} failed ${name} for ${check.deadlineSeconds} s; ${last}. No weight was moved for it.`,
        why: `asked at ${describe(target)}${check.path}`,
        fix: `mend ${request.version} and release it to ${request.environment} again; users stay where they are`,
      }),
  };
}

function functionGate(request: VerifyRequest, index: number, run: VerifyFunction, { pace }: GateSurroundings): Gate {
  const { subject, label, target, version, environment, functionSeconds } = request;
  const abort = new AbortController();
  const name = `verifyWith function ${index + 1}`;
  let result: GateState | undefined;
  let begun: Promise<void> | undefined;
  const begin = async (): Promise<void> => {
    try {
      await run({ url: target.url, headers: target.headers, version, environment, signal: abort.signal });
      result = { state: "passed" };
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      const finding = {
        code: "HIT364" as const,
        problem: `${label}: ${name} refused it: ${said}. No weight was moved for it.`,
        fix: `mend ${version} and release it to ${environment} again; users stay where they are`,
      };
      result = { state: "refused", error: refusal(subject, finding, { cause: error }) };
    }
  };
  return {
    name,
    waitsFor: `the end of ${name}`,
    deadlineSeconds: functionSeconds,
    async check(): Promise<GateState> {
      begun ??= begin();
      await Promise.race([begun, pace.sleep(1)]);
      return result ?? { state: "waiting", progress: `${label}: ${name} is running` };
    },
    expired() {
      abort.abort();
      return refusal(subject, {
        code: "HIT364",
        problem: `${label}: ${name} did not end within ${functionSeconds} s. No weight was moved for it.`,
        fix: "let it end sooner, or set verifySeconds to more",
      });
    },
  };
}

function describe({ url, headers }: ProbeTarget): string {
  const sent = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return sent.length > 0 ? `(${sent.join(", ")}) ${url}` : url;
}
