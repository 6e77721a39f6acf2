import { spawn } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDirectory, TOOLCHAIN_VERSION } from "./cache.js";
import type { Progress } from "./engine.js";
import { installLanguageHost } from "./installLanguageHost.js";
import { findOnPath } from "./onPath.js";

/** About three minutes on two cores; a slow machine with a cold module cache may take much longer. */
const DEADLINE_MS = 45 * 60_000;
const PROGRESS_EVERY_MS = 15_000;

/** The module that names the CLI as its tool, with the checksums of everything it needs. */
const toolchainModule = path.resolve(__dirname, "../../../toolchain");

/** Builds the CLI from Pulumi's own Go module into the cache. */
export async function buildWithGo(progress: Progress): Promise<string> {
  if (findOnPath("go") === undefined) {
    throw new Error("there is no go on PATH; it would build the CLI from the Go module github.com/pulumi/pulumi");
  }
  const work = mkdtempSync(path.join(os.tmpdir(), "hitless-toolchain-"));
  try {
    cpSync(toolchainModule, work, { recursive: true });
    progress(
      `building the Pulumi CLI ${TOOLCHAIN_VERSION} with Go: once on this machine, about five minutes on two cores`,
    );
    const built = path.join(work, "pulumi");
    const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${TOOLCHAIN_VERSION}`;
    await goBuild(
      work,
      ["build", "-v", "-o", built, "-ldflags", `-X ${version}`, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
      progress,
    );
    return putIntoCache(built);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function goBuild(cwd: string, args: string[], progress: Progress): Promise<void> {
  const started = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn("go", args, {
      cwd,
      stdio: ["ignore", "ignore", "pipe"],
      timeout: DEADLINE_MS,
      env: process.env,
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

/** Moved in one step, so that two set-ups at once never see half a file. */
function putIntoCache(built: string): string {
  const directory = cacheDirectory();
  mkdirSync(directory, { recursive: true });
  const target = path.join(directory, "pulumi");
  const arriving = `${target}.${process.pid}`;
  cpSync(built, arriving);
  chmodSync(arriving, 0o755);
  renameSync(arriving, target);
  installLanguageHost(target);
  return target;
}
