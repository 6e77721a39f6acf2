import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Progress } from "../../engine/engine.js";
import { goBuild, requireGo, toolchainModules } from "../../engine/goCommand.js";
import { arrive } from "./arrive.js";
import { clusterCache } from "./cacheDirectory.js";
import type { KubernetesPart } from "./versions.js";

/** Where a part of Kubernetes lies once it is built. */
export function kubernetesDirectory(part: KubernetesPart): string {
  return path.join(clusterCache(), `${part.name}-${part.version}`);
}

export function isBuilt(part: KubernetesPart): boolean {
  return part.commands.every((command) => existsSync(path.join(kubernetesDirectory(part), command)));
}

/** Builds a part of Kubernetes from its own Go module into the cache; at once when it is there. */
export async function buildKubernetes(part: KubernetesPart, progress: Progress): Promise<string> {
  const directory = kubernetesDirectory(part);
  if (isBuilt(part)) return directory;
  requireGo(`${part.commands.join(", ")} from the Go module k8s.io/kubernetes`);
  progress(
    `building ${part.commands.join(", ")} ${part.version} with Go: once on this machine, about four minutes on two cores`,
  );
  const work = mkdtempSync(path.join(os.tmpdir(), "hitless-toolchain-"));
  try {
    const module = path.join(toolchainModules, "kubernetes", part.name);
    for (const file of ["go.mod", "go.sum"]) copyFileSync(path.join(module, file), path.join(work, file));
    const isWhole = (): boolean => isBuilt(part);
    await arrive(directory, isWhole, async (scratch) => {
      await goBuild(
        work,
        ["-trimpath", "-o", `${scratch}${path.sep}`, "-ldflags", linkerFlags(part.version), ...packages(part)],
        progress,
        // Plain Go: no C compiler is needed, and the result runs on any Linux.
        { ...process.env, CGO_ENABLED: "0" },
      );
    });
    return directory;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function packages(part: KubernetesPart): string[] {
  return part.commands.map((command) => `k8s.io/kubernetes/cmd/${command}`);
}

/** As Kubernetes' own build stamps it (hack/lib/version.sh): without a version the API server does not know which APIs to serve. */
function linkerFlags(version: string): string {
  const [major, minor] = version.split(".");
  const stamps = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor, gitTreeState: "clean" };
  const flags = Object.entries(stamps).flatMap(([key, value]) =>
    ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].map((name) => `-X ${name}.${key}=${value}`),
  );
  return ["-s", "-w", ...flags].join(" ");
}
