import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stringify } from "yaml";
import type { RehearsalReport } from "../../../src/rehearsal/report/model.js";

export const root = path.resolve(__dirname, "../../..");
export const cli = path.join(root, "dist/cli/main.js");
export const rollingFleet = path.join(root, "examples/rolling-fleet");
export const canaryRelease = path.join(root, "examples/canary-release");

export interface Outcome {
  readonly exitCode: number | null;
  readonly report: RehearsalReport;
  readonly output: string;
}

/**
 * Runs `hitless rehearse` as a user does, on a scenario given here. Unless it says otherwise, each update is previewed first, and what the
 * preview announced has to be what the update did; and nothing is destroyed at the end but in a cluster that outlives the rehearsal.
 */
export async function rehearse(program: string, scenario: object, ...flags: string[]): Promise<Outcome> {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-"));
  const [scenarioFile, json] = [path.join(scratch, "rehearsal.yaml"), path.join(scratch, "report.json")];
  try {
    writeFileSync(scenarioFile, stringify({ previewed: true, destroy: flags.includes("--kubeconfig"), ...scenario }));
    const { exitCode, output } = await hitless(
      "rehearse",
      program,
      "--scenario",
      scenarioFile,
      "--json",
      json,
      ...flags,
    );
    const report = read(json, output);
    return { exitCode, report, output };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Runs the command line, with both streams in one text. */
export function hitless(...args: string[]): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    // The types of examples and test programs are checked once, by `npm test` itself and test/docs; here it would take a third of a rehearsal.
    const env = { ...process.env, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "pipe"], env });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, output }));
  });
}

function read(json: string, output: string): RehearsalReport {
  try {
    return JSON.parse(readFileSync(json, "utf8"));
  } catch {
    throw new Error(`the rehearsal wrote no report:\n${output}`);
  }
}

/** The load of every rehearsal here: short requests, ones that take seconds, and uploads, on kept connections. */
export const load = {
  rate: 200,
  requests: [
    { path: "/", share: 92 },
    { path: "/slow?seconds=2", share: 4, timeoutSeconds: 30 },
    { method: "POST", path: "/upload", bodyBytes: 100_000, share: 4 },
  ],
};

/** Fails with the whole output, which says why, when a rehearsal did not pass. */
export function expectPassed({ exitCode, report, output }: Outcome): void {
  if (exitCode !== 0 || report.verdict !== "passed") throw new Error(`the rehearsal failed (${exitCode}):\n${output}`);
  expect(report.requests.lost).toBe(0);
  // Not part of the verdict, and must work all the same.
  expect(report.warnings.filter((warning) => warning.startsWith("pulumi destroy failed"))).toEqual([]);
  // A zero among few requests would mean little.
  expect(report.requests.sent).toBeGreaterThan(2000);
}

export function step(report: RehearsalReport, name: string) {
  const found = report.steps.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no step "${name}" among ${report.steps.map((candidate) => candidate.name).join(", ")}`);
  return found;
}
