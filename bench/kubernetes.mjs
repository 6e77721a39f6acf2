// Our strategies on pods against a plain Deployment and against Argo Rollouts' controller: on one real cluster, behind the same kind of balancer,
// with the same app under the same load. HITLESS_BENCH_RUNS=3 takes medians of three; HITLESS_BENCH_ONLY=rolling,canary,pair picks.
import { createRequire } from "node:module";
import path from "node:path";
import { openRollout, setVersion as setRollout, startArgo, strategies } from "./kubernetes/argo.mjs";
import { ARGO, ARGO_VERSION, argoRollouts } from "./kubernetes/argoController.mjs";
import { Ground } from "./kubernetes/ground.mjs";
import { underLoad } from "./kubernetes/measure.mjs";
import { Ours } from "./kubernetes/ours.mjs";
import { openPlain, setVersion, undo } from "./kubernetes/plain.mjs";
import { load, shop } from "./kubernetes/shop.mjs";
import { median } from "./statistics.mjs";

const require = createRequire(import.meta.url);
const PHASES = ["release", "rollback"];

export async function benchKubernetes({ root, verdict, runs = Number(process.env.HITLESS_BENCH_RUNS ?? 1) }) {
  const obstacle = clusterObstacle(root);
  if (obstacle !== undefined) return console.log(`skip  kubernetes: ${obstacle}`);
  const comparisons = { rolling, canary, pair };
  const wanted = process.env.HITLESS_BENCH_ONLY?.split(",") ?? Object.keys(comparisons);
  const unknown = wanted.filter((name) => !(name in comparisons));
  if (unknown.length > 0)
    throw new Error(`HITLESS_BENCH_ONLY: there is no ${unknown}, but ${Object.keys(comparisons)}`);
  const argo = wanted.some((name) => name !== "rolling") ? await argoRollouts(root) : undefined;
  const ground = await Ground.open(root, ["argo-canary", "argo-bluegreen", "canary", "staged", "pair"]);
  // Ctrl-C: the cloud is taken out of the cluster while the cluster is there.
  const interrupted = () => void ground.close().finally(() => process.exit(130));
  process.once("SIGINT", interrupted);
  process.once("SIGTERM", interrupted);
  try {
    if (argo !== undefined) await startArgo(ground, argo);
    for (const name of wanted) await comparisons[name]({ ground, verdict, runs, argo });
  } finally {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
    await ground.close();
  }
}

/** Why no cluster can be had here; undefined where one can. */
function clusterObstacle(root) {
  const tools = require(path.join(root, "dist/rehearsal/cluster/tools/tools.js"));
  const { findOnPath } = require(path.join(root, "dist/rehearsal/engine/onPath.js"));
  const missing = tools.missingTools().filter((name) => name.startsWith("kube"));
  const noGo = missing.length > 0 && findOnPath("go") === undefined;
  return tools.clusterObstacle() ?? (noGo ? `there is no go on PATH that would build ${missing}` : undefined);
}

/** A Deployment with default settings, the same with pods that wait before they end, and a RollingFleet; all behind a load balancer. */
async function rolling({ ground, verdict, runs }) {
  const plain = async (namespace, careful) => {
    const url = await openPlain(ground, namespace, careful);
    const phases = (version) => ({
      release: () => setVersion(ground, namespace, version),
      rollback: () => undo(ground, namespace),
    });
    return { what: { namespace, url, actor: "kubectl" }, phases };
  };
  const sides = {
    "Deployment, default settings": await plain("plain", false),
    "Deployment, preStop wait": await plain("plain-careful", true),
    RollingFleet: await ours(ground, "rolling", { strategy: "rolling", version: "v1" }, (stack, version) => ({
      release: () => stack.up({ version }),
      rollback: () => stack.up({ version: "v1" }),
    })),
  };
  const figures = await rounds(ground, sides, runs);
  tell(figures);
  const { lost } = figures.RollingFleet.total;
  verdict.ratio("requests lost by a RollingFleet, there and back", lost, 0, theirsLost(figures));
}

/** Four steps without a pause, and back to the old version afterwards: step by step as a pipeline goes, and as stages of one update. */
async function canary({ ground, verdict, runs, argo }) {
  const sides = {};
  if (argo) sides["Argo canary"] = await theirs(ground, "argo-canary", strategies.canary);
  sides["CanaryRelease, 4 updates"] = await ours(
    ground,
    "canary",
    { strategy: "canary", stable: "v1", canary: "", weight: 0, previous: "" },
    (stack, version) => ({
      async release() {
        for (const weight of [25, 50, 75]) await stack.up({ canary: version, weight });
        await stack.up({ stable: version, canary: "", previous: "v1" });
      },
      rollback: () => stack.up({ stable: "v1", previous: version }),
      // For the next round: the fleet that was kept goes.
      after: () => stack.up({ previous: "" }),
    }),
    4,
  );
  sides["BlueGreenPair, 4 stages"] = await switching(ground, "staged", { shift: [25, 50, 75, 100] });
  await compare({ ground, verdict, runs, sides });
}

/** All new pods beside the old ones and one switch; then the switch back, while the old pods are still there. */
async function pair({ ground, verdict, runs, argo }) {
  const sides = {};
  if (argo) sides["Argo blue-green"] = await theirs(ground, "argo-bluegreen", strategies.blueGreen);
  sides.BlueGreenPair = await switching(ground, "pair");
  await compare({ ground, verdict, runs, sides });
}

function switching(ground, name, config = {}) {
  const start = { strategy: "pair", live: "blue", blue: "v1", green: "v1" };
  return ours(ground, name, { ...start, ...config }, (stack, version) => ({
    release: () => stack.up({ green: version, live: "green" }),
    rollback: () => stack.up({ live: "blue" }),
  }));
}

async function theirs(ground, namespace, strategy) {
  const url = await openRollout(ground, namespace, strategy);
  const phases = (version) => ({
    release: () => setRollout(ground, namespace, version),
    rollback: () => setRollout(ground, namespace, "v1"),
  });
  return { what: { namespace, url, actor: ARGO }, phases };
}

/** @param ups how many updates a release takes: each starts the engine */
async function ours(ground, name, config, phases, ups = 1) {
  const stack = await Ours.open(ground, name, { shop, url: ground.urls[name], ...config });
  const what = { namespace: name, url: stack.url, actor: "hitless" };
  return { what, phases: (version) => phases(stack, version), stack, ups };
}

/** The sides in turn, `runs` times; the median of each figure, by side and phase. */
async function rounds(ground, sides, runs) {
  const all = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  const engine = {};
  for (let run = 1; run <= runs; run++) {
    for (const [name, { what, phases, stack }] of Object.entries(sides)) {
      process.stderr.write(`bench: ${name}, run ${run} of ${runs}\n`);
      const version = `v${run + 1}`;
      const { release, rollback, after } = phases(version);
      const acts = { release: { act: release, leaves: "v1" }, rollback: { act: rollback, leaves: version } };
      const result = await underLoad(ground, { ...what, load, phases: acts });
      all[name].push(result);
      if (process.env.HITLESS_BENCH_EVIDENCE) process.stderr.write(`${JSON.stringify(result, undefined, 1)}\n`);
      if (stack !== undefined) engine[name] = await stack.engineSeconds();
      await after?.();
    }
  }
  for (const { stack } of Object.values(sides)) await stack?.close();
  const middle = (results, phase) =>
    Object.fromEntries(
      ["seconds", "moved", "lost", "sent", "calls", "all"].map((key) => [
        key,
        median(results.map((one) => one[phase][key])),
      ]),
    );
  return Object.fromEntries(
    Object.entries(all).map(([name, results]) => {
      const [release, rollback] = PHASES.map((phase) => middle(results, phase));
      const lost = results.reduce((sum, one) => sum + one.release.lost + one.rollback.lost, 0);
      return [name, { release, rollback, total: { lost }, engine: engine[name], ups: sides[name].ups }];
    }),
  );
}

async function compare({ ground, verdict, runs, sides }) {
  const figures = await rounds(ground, sides, runs);
  tell(figures);
  const [their] = Object.keys(figures).filter((name) => name.startsWith("Argo"));
  for (const [our, { total, engine, ups, ...phases }] of Object.entries(figures)) {
    if (our === their) continue;
    verdict.ratio(`requests lost by ${our}, there and back`, total.lost, 0, theirsLost(figures));
    if (their === undefined) continue;
    for (const phase of PHASES) {
      const [left, right] = [phases[phase], figures[their][phase]];
      const started = (phase === "release" ? ups : 1) * engine;
      const seconds = (key) => `${left[key].toFixed(1)} / ${right[key].toFixed(1)} s`;
      const against = `${phase} by ${our} against ${their} (Rollouts ${ARGO_VERSION})`;
      verdict.ratio(`${against}, command to last old answer`, left.moved / right.moved, 1, seconds("moved"));
      const idle = `of ours, an engine with nothing to do takes ${started.toFixed(1)} s`;
      verdict.ratio("  command to done", left.seconds / right.seconds, 1, `${seconds("seconds")}; ${idle}`);
      const own = `by Pulumi ${left.calls}, by Argo's controller ${right.calls}`;
      const detail = `${left.all} / ${right.all} by everybody; ${own}`;
      verdict.ratio("  calls to the API server", left.all / right.all, Number.POSITIVE_INFINITY, detail);
    }
  }
}

const theirsLost = (figures) =>
  Object.entries(figures)
    .map(([name, { release, rollback, total }]) => `${name}: ${total.lost} of ${release.sent + rollback.sent} a run`)
    .join("; ");

const columns = { seconds: "done s", moved: "moved s", lost: "lost", calls: "own calls", all: "all calls" };

function tell(figures) {
  const row = (cells) =>
    console.log(`      ${cells.map((cell, index) => String(cell).padEnd(index ? 10 : 34)).join("")}`);
  for (const phase of PHASES) {
    row([phase, ...Object.values(columns)]);
    for (const [name, side] of Object.entries(figures)) {
      const cell = (key) => (key === "seconds" || key === "moved" ? side[phase][key].toFixed(1) : side[phase][key]);
      row([`  ${name}`, ...Object.keys(columns).map(cell)]);
    }
  }
}
