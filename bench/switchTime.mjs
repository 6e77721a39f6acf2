// A BlueGreenPair's switch. First: from the moment its weights are sent to the last answer of the old version, against a bare
// ModifyListener on the same cloud, in turn. Then: a release and its switch in one `up`, from the first launch to the last thing that
// happens, against the least time that it can take; the engine's own start is left out, as in the rollout's bench.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median } from "./statistics.mjs";

const sides = { blue: { "shop-blue": 100, "shop-green": 0 }, green: { "shop-blue": 0, "shop-green": 100 } };
const RATE = 400;
/** The last old answer is known no better than requests come: what is shorter counts as one interval between two. */
const KNOWN_MS = 1000 / RATE;
/** The pair's spreadSeconds: its program waits so long before the old side may cool down. */
const waits = { spreadSeconds: 10 };

export async function benchSwitchTime({ root, verdict, runs = 7 }) {
  const { steps } = rehearse(root, scenario(runs));
  const named = (kind) => steps.filter(({ name }) => name.startsWith(kind));
  const [ours, bare] = ["switch", "bare"].map((kind) => median(named(kind).map((step) => step.switchSeconds * 1000)));
  verdict.ratio(
    "a switch against a bare ModifyListener, weights sent to last old answer",
    Math.max(KNOWN_MS, ours) / Math.max(KNOWN_MS, bare),
    1.5,
    `${ours.toFixed(1)} / ${bare.toFixed(1)} ms, medians of ${named("switch").length} and ${named("bare").length}, known to ${KNOWN_MS} ms`,
  );
  for (const [kind, what, least] of [
    // The servers that an idle side had have nobody to drain; that time is no part of the switch.
    ["release", "a release with its switch", ({ limitSeconds, lastDrainSeconds }) => limitSeconds - lastDrainSeconds],
    ["wake", "a switch to a cold side, and the old one cooled down", ({ limitSeconds }) => limitSeconds],
  ]) {
    const ratios = named(kind).map(({ limit }) => limit.rolloutSeconds / least(limit));
    const each = ratios.map((ratio) => ratio.toFixed(2)).join(", ");
    verdict.ratio(`${what}, against its limit at speed 10`, median(ratios), 1.25, `of ${each}`);
  }
}

/** Each round: a switch by `up`, and two by hand that end where it ended, so that Pulumi's state stays right. */
function scenario(runs) {
  const steps = [{ name: "create", up: "success" }];
  let live = "blue";
  for (let i = 1; i <= runs; i++) {
    const old = live;
    live = old === "blue" ? "green" : "blue";
    steps.push(
      { name: `switch ${i}`, set: { live }, up: "success", waits },
      { name: `bare ${i}, away`, weights: { to: sides[old] } },
      { name: `bare ${i}, and back`, weights: { to: sides[live] } },
    );
  }
  for (let i = 1; i <= 3; i++) {
    live = live === "blue" ? "green" : "blue";
    // What is measured ends with the weights: nothing goes on a warm side, so the spread is no part of it.
    steps.push({ name: `release ${i}`, set: { live, [live]: `r${i}` }, up: "success" });
  }
  steps.push({ name: "cold", set: { idle: "cold" }, up: "success" });
  for (let i = 1; i <= 3; i++) {
    live = live === "blue" ? "green" : "blue";
    steps.push({ name: `wake ${i}`, set: { live }, up: "success", waits });
  }
  const load = { rate: RATE, requests: [{ path: "/" }] };
  // 20 of AWS's seconds: little for an EC2 server, and enough to be seen beside what gates ask and the engine does in real time.
  const behaviour = Object.fromEntries(["r1", "r2", "r3"].map((version) => [version, { bootSeconds: 2 }]));
  return { speed: 10, load, config: { live: "blue", blue: "v1", green: "v2", behaviour }, steps };
}

function rehearse(root, scenario) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
  try {
    const [file, json] = [path.join(scratch, "rehearsal.yaml"), path.join(scratch, "report.json")];
    writeFileSync(file, JSON.stringify(scenario)); // JSON is YAML
    const program = path.join(root, "test/e2e/programs/pair");
    const args = [path.join(root, "dist/cli/main.js"), "rehearse", program, "--scenario", file, "--json", json];
    const { status } = spawnSync(process.execPath, args, { stdio: ["ignore", 2, 2] });
    const report = JSON.parse(readFileSync(json, "utf8"));
    if (status !== 0) throw new Error(`the rehearsal failed: ${report.failures.join("\n")}`);
    return report;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
