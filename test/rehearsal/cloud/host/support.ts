import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { type Logger, pino } from "pino";
import { hostEntry } from "../../../../src/rehearsal/cloud/host/hostProcess.js";
import { hostNamespaceArguments, runsAsRoot, toolPath } from "../../../../src/rehearsal/cloud/instances/probe.js";
import type { InstanceExit, InstanceRuntime } from "../../../../src/rehearsal/cloud/instances/runtime.js";

/** Many processes come and go in these tests, and the machine may be busy. */
jest.setTimeout(30_000);

/** Decided before any test runs, because tests are declared synchronously. */
const trial = spawnSync("unshare", [...hostNamespaceArguments(!runsAsRoot()), "true"], {
  encoding: "utf8",
  env: { PATH: toolPath },
});
if (trial.status !== 0) console.warn(`Tests in namespaces are skipped: ${trial.error?.message ?? trial.stderr.trim()}`);

/** `describe`, for what needs Linux namespaces. */
export const describeInNamespaces = trial.status === 0 ? describe : describe.skip;

/** The compiled entry of the host's process exists; throws the sentence that says how to get it. */
export const builtHost = (): string => hostEntry();

/** A logger that keeps its lines. */
export function keepingLogger(): { log: Logger; lines: { level: number; msg: string }[] } {
  const lines: { level: number; msg: string }[] = [];
  return { log: pino({ level: "debug" }, { write: (line: string) => lines.push(JSON.parse(line)) }), lines };
}

/** Resolves with the instance's exit; ask before it can come. */
export async function exitOf(runtime: InstanceRuntime, instanceId: string): Promise<InstanceExit> {
  for (;;) {
    const [exit] = (await once(runtime.events, "exit")) as [InstanceExit];
    if (exit.instanceId === instanceId) return exit;
  }
}

/** Process numbers whose command line holds `text`, on the whole machine or of one parent. */
export function processesWith(text: string, parent?: number): number[] {
  return execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .map((line) => /^\s*(\d+)\s+(\d+)\s(.*)$/.exec(line) ?? [])
    .filter(([, , ppid, args]) => args?.includes(text) && (parent === undefined || Number(ppid) === parent))
    .map(([, pid]) => Number(pid));
}

/** Asks again until the answer is yes; fails with `what` after ten seconds. */
export async function eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`waited ten seconds in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A number of seconds to sleep that nobody else sleeps, by which a process can be recognised. */
export const oddSleep = (): string => `${100_000 + Math.floor(Math.random() * 900_000)}.${process.pid}`;
