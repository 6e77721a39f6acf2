import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheDirectory, TOOLCHAIN_VERSION } from "./cache.js";
import type { Progress } from "./engine.js";
import { goBuild, requireGo, toolchainModules } from "./goCommand.js";
import { installLanguageHost } from "./installLanguageHost.js";

/** Builds the CLI from Pulumi's own Go module into the cache. */
export async function buildWithGo(progress: Progress): Promise<string> {
  requireGo("the CLI from the Go module github.com/pulumi/pulumi");
  const work = mkdtempSync(path.join(os.tmpdir(), "hitless-toolchain-"));
  try {
    for (const file of ["go.mod", "go.sum"]) copyFileSync(path.join(toolchainModules, file), path.join(work, file));
    progress(
      `building the Pulumi CLI ${TOOLCHAIN_VERSION} with Go: once on this machine, about five minutes on two cores`,
    );
    const built = path.join(work, "pulumi");
    const version = `github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${TOOLCHAIN_VERSION}`;
    await goBuild(
      work,
      ["-o", built, "-ldflags", `-X ${version}`, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
      progress,
    );
    return putIntoCache(built);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
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
