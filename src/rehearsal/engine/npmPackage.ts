import { spawn } from "node:child_process";
import { cachedPulumi, TOOLCHAIN_VERSION } from "./cache.js";
import type { Progress } from "./engine.js";

/** The download host answers within seconds or not at all; the archive itself is some 150 MB. */
const DEADLINE_MS = 10 * 60_000;

/** Lets the official npm package `pulumi` install the CLI into the cache, where it keeps it. */
export async function installWithNpm(progress: Progress): Promise<string> {
  progress(`installing the Pulumi CLI ${TOOLCHAIN_VERSION} with the npm package pulumi`);
  const { code, output } = await npx(["--yes", `pulumi@${TOOLCHAIN_VERSION}`, "version"]);
  if (code === 0) return cachedPulumi();
  const lastLine = output.trim().split("\n").at(-1) ?? "";
  throw new Error(`it could not download the CLI (${lastLine || `exit code ${code}`})`);
}

function npx(args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn("npx", args, { stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS, env: process.env });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => reject(new Error(`npx could not be started (${error.message})`)));
    child.once("close", (code) => resolve({ code, output }));
  });
}
