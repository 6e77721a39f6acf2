// How long a rollout takes, from its first launch to its end, against the least time that the strategy can take, at speed 10 and at
// speed 1. The engine's own start is left out: it takes as long at every speed, and would drown the rollout at speed 10.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median } from "./statistics.mjs";

export async function benchRollout({ root, verdict, runs = 3 }) {
  for (const [speed, times] of [
    [10, runs],
    [1, 1],
  ]) {
    const ratios = [];
    for (let i = 0; i < times; i++) ratios.push(...rehearse(root, speed));
    verdict.ratio(
      `rollout against its limit at speed ${speed}`,
      median(ratios),
      1.25,
      `of ${ratios.map((r) => r.toFixed(2)).join(", ")}`,
    );
  }
}

function rehearse(root, speed) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
  try {
    const json = path.join(scratch, "report.json");
    const cli = path.join(root, "dist/cli/main.js");
    const scenario = path.join(root, "bench/rollout.yaml");
    const args = [
      cli,
      "rehearse",
      path.join(root, "examples/rolling-fleet"),
      "--scenario",
      scenario,
      "--speed",
      String(speed),
      "--json",
      json,
    ];
    const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", 2, 2] });
    const report = JSON.parse(readFileSync(json, "utf8"));
    if (status !== 0) throw new Error(`the rehearsal at speed ${speed} failed: ${JSON.stringify(report.steps)}`);
    return report.steps
      .filter((step) => step.name.startsWith("roll"))
      .map((step) => step.limit.rolloutSeconds / step.limitSeconds);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
