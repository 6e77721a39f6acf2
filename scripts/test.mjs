// Every test there is; the very last line counts them. --quick leaves out what starts the real engine. Other arguments go to jest.
import { spawnSync } from "node:child_process";
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

function jest(project, workers) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
  const outcome = path.join(scratch, "outcome.json");
  try {
    node([
      bin("jest/bin/jest.js"),
      "--selectProjects",
      project,
      ...workers,
      "--json",
      `--outputFile=${outcome}`,
      "--passWithNoTests",
      ...forJest,
    ]);
    const result = JSON.parse(readFileSync(outcome, "utf8"));
    counts.passed += result.numPassedTests;
    counts.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    counts.skipped += result.numPendingTests + result.numTodoTests;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  await setup({ toolchain: !quick });
  count(node([bin("@biomejs/biome/bin/biome"), "ci", "."]), "lint and format (npx biome check --write .)");
  count(node([bin("typescript/bin/tsc"), "-p", "tsconfig.json", "--noEmit"]), "type-check");
  jest("quick", ["--maxWorkers=2"]);
  if (!quick) jest("e2e", ["--runInBand"]);
} catch (error) {
  counts.failed++;
  process.stderr.write(`${error.stack}\n`);
}
const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed${skipped}\n`);
