// Every test there is; the very last line counts them. --quick leaves out what starts the real engine. Other arguments go to jest.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root, setup } from "./setup.mjs";

const quick = process.argv.includes("--quick");
const forJest = process.argv.slice(2).filter((argument) => argument !== "--quick");
const counts = { passed: 0, failed: 0, skipped: 0 };
const bin = (name) => path.join(root, "node_modules", name);

function count(passed, name) {
  counts[passed ? "passed" : "failed"]++;
  if (!passed) process.stderr.write(`FAILED: ${name}\n`);
}

function node(args) {
  return spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", 2, 2] }).status === 0;
}

async function jest(project, workers) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
  const outcome = path.join(scratch, "outcome.json");
  try {
    const flags = ["--selectProjects", project, ...workers, "--json", `--outputFile=${outcome}`, "--passWithNoTests"];
    const child = spawn(process.execPath, [bin("jest/bin/jest.js"), ...forJest, ...flags], {
      cwd: root,
      stdio: ["ignore", 2, 2],
    });
    await once(child, "exit");
    const result = JSON.parse(readFileSync(outcome, "utf8"));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    counts.skipped += result.numPendingTests + result.numTodoTests;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  // Here, so that two suites side by side do not both build what they need; those that cannot have it say so themselves.
  await setup({ toolchain: !quick, kubernetes: quick ? false : "if possible" });
  count(node([bin("@biomejs/biome/bin/biome"), "ci", "."]), "lint and format (npx biome check --write .)");
  count(node([bin("typescript/bin/tsc"), "-p", "tsconfig.json", "--noEmit"]), "type-check");
  const several = os.availableParallelism() > 1;
  // One more than two cores bear: a third of the fast tests' time is waiting, for real servers and processes.
  const fast = () => jest("quick", ["--maxWorkers=3"]);
  // Two side by side, as a rehearsal waits most of the time and its processes take about a third of two cores.
  const onCloud = () => jest("e2e", several ? ["--maxWorkers=2"] : ["--runInBand"]);
  // Beside all others: pods take their real time, and a cluster's processes take less than a core.
  const onCluster = () => jest("kubernetes", ["--runInBand"]);
  const queues = quick ? [[fast]] : several ? [[onCluster], [fast, onCloud]] : [[fast, onCloud, onCluster]];
  const ends = queues.map(async (queue) => {
    for (const suites of queue) await suites();
  });
  for (const end of await Promise.allSettled(ends)) if (end.status === "rejected") throw end.reason;
} catch (error) {
  counts.failed++;
  process.stderr.write(`${error.stack}\n`);
}
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
