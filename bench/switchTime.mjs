// A BlueGreenPair's switch. First: from the moment its weights are sent to the last answer of the old version, against a bare
// ModifyListener on the same cloud, in turn. Then: a release and its switch in one `up`, from the first launch to the last thing that
// happens, against the least time that it can take; the engine's own start is left out, as in the rollout's bench.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { median } from "./statistics.mjs";

const sides = { blue: { "shop-blue": 100, "shop-green": 0 }, green: { "shop-blue": 0, "shop-green": 100 } };
/** The pair's spreadSeconds: its program waits so long before anything may go. */
const waits = { spreadSeconds: 10 };

export async function benchSwitchTime({ root, verdict, runs = 7 }) {
  const { steps } = rehearse(root, scenario(runs));
  const times = (kind) =>
    steps.filter(({ name }) => name.startsWith(kind)).map(({ switchSeconds }) => switchSeconds * 1000);
  const [ours, bare] = [median(times("switch")), median(times("bare"))];
  verdict.ratio(
    "a switch against a bare ModifyListener, weights sent to last old answer",
    ours / bare,
    1.5,
    `${ours.toFixed(1)} / ${bare.toFixed(1)} ms, medians of ${times("switch").length} and ${times("bare").length}`,
  );
  for (const kind of ["release", "wake"]) {
    const ratios = steps
      .filter(({ name }) => name.startsWith(kind))
      .map(({ limit, limitSeconds }) => limit.rolloutSeconds / limitSeconds);
    verdict.ratio(
      `${kind === "release" ? "a release with its switch" : "a switch to a cold side"} against its limit at speed 10`,
      median(ratios),
      1.25,
      `of ${ratios.map((ratio) => ratio.toFixed(2)).join(", ")}`,
    );
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
    steps.push({ name: `release ${i}`, set: { live, [live]: `r${i}` }, up: "success", waits });
  }
  steps.push({ name: "cold", set: { idle: "cold" }, up: "success" });
  for (let i = 1; i <= 3; i++) {
    live = live === "blue" ? "green" : "blue";
    steps.push({ name: `wake ${i}`, set: { live }, up: "success", waits });
  }
  // Short requests, and many of them: the last old answer is known no better than requests come.
  const load = { rate: 400, requests: [{ path: "/" }] };
  return { speed: 10, load, config: { live: "blue", blue: "v1", green: "v2" }, steps };
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
