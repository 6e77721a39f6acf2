import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import * as path from "node:path";
import { findOnPath } from "../../../src/rehearsal/engine/onPath.js";

const requirements = path.join(__dirname, "requirements.txt");
/** Real milliseconds that installing may take. */
const installMs = 240_000;

/** Python with AWS's own tools, or why there is none here. */
export type PythonTools = { readonly bin: string } | { readonly missing: string };

/**
 * Makes the tools on demand, once per list of requirements, in the user's cache directory; waits where another test makes them.
 * It blocks, so that jest can skip what needs them.
 */
export function pythonTools(): PythonTools {
  const python = findOnPath("python3");
  if (python === undefined) return { missing: "there is no python3 on PATH" };
  const hash = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 12);
  const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), ".cache");
  const home = path.join(cache, "hitless", `python-${hash}`);
  const complete = path.join(home, "complete");
  const tools = { bin: path.join(home, "bin") };
  mkdirSync(path.dirname(home), { recursive: true });
  const deadline = Date.now() + installMs;
  while (!existsSync(complete)) {
    if (!lock(home)) {
      if (Date.now() > deadline) return { missing: `another process is still making ${home}` };
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
      continue;
    }
    try {
      const fault = install(python, home);
      if (fault !== undefined) return { missing: fault };
      writeFileSync(complete, "");
    } finally {
      rmSync(`${home}.lock`, { recursive: true, force: true });
    }
  }
  return tools;
}

/** `describe`, or a skipped one that says why where the tools are not to be had. */
export function describeWith(tools: PythonTools, what: string, tests: (bin: string) => void): void {
  if ("bin" in tools) {
    describe(what, () => tests(tools.bin));
    return;
  }
  process.stderr.write(`skipped: ${what}, because ${tools.missing}\n`);
  describe.skip(`${what} (skipped: ${tools.missing})`, () => tests(""));
}

function lock(home: string): boolean {
  try {
    mkdirSync(`${home}.lock`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  // Whoever made it is gone when it is older than an installation may last.
  const age = Date.now() - (statSync(`${home}.lock`, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  if (age > installMs) rmSync(`${home}.lock`, { recursive: true, force: true });
  return false;
}

function install(python: string, home: string): string | undefined {
  const pip = path.join(home, "bin/pip");
  for (const [command, ...args] of [
    [python, "-m", "venv", home],
    [pip, "install", "--quiet", "--disable-pip-version-check", "-r", requirements],
  ] as [string, ...string[]][]) {
    const { status, stderr, error } = spawnSync(command, args, { encoding: "utf8", timeout: installMs });
    if (status === 0) continue;
    const reason = error?.message ?? stderr.trim().split("\n").at(-1);
    return `${path.basename(command)} failed: ${reason}`;
  }
  return undefined;
}
