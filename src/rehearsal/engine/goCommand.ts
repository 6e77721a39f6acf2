import { spawn } from "node:child_process";
import * as path from "node:path";
import type { Progress } from "./engine.js";
import { findOnPath } from "./onPath.js";

/** Minutes on two cores; a slow machine with a cold module cache may take much longer. */
const DEADLINE_MS = 45 * 60_000;
const PROGRESS_EVERY_MS = 15_000;

/** Where our modules lie that name what is built as their tools, with the checksums of everything it needs. */
export const toolchainModules = path.resolve(__dirname, "../../../toolchain");

/** @throws Error in one sentence where there is no Go */
export function requireGo(purpose: string): void {
  if (findOnPath("go") === undefined) throw new Error(`there is no go on PATH; it would build ${purpose}`);
}

/** Runs `go build`, telling how far it is. @param args those of `go build -v`, without these words */
export function goBuild(
  cwd: string,
  args: readonly string[],
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn("go", ["build", "-v", ...args], {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: DEADLINE_MS,
      env: environment,
    });
    let packages = 0;
    let tail = "";
    child.stderr.on("data", (chunk: Buffer) => {
      packages += chunk.toString().split("\n").length - 1;
      tail = (tail + chunk).slice(-2000);
    });
    const ticker = setInterval(() => {
      progress(`  ${packages} packages compiled or fetched, ${Math.round((Date.now() - started) / 1000)} s`);
    }, PROGRESS_EVERY_MS);
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(ticker);
      if (code === 0) resolve();
      else reject(new Error(`go build failed (exit code ${code}): ${tail.trim().split("\n").slice(-5).join(" | ")}`));
    });
  });
}
