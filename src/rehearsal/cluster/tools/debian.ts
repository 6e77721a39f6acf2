import { existsSync, readdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../../cloud/instances/command.js";
import { toolPath } from "../../cloud/instances/probe.js";
import type { Progress } from "../../engine/engine.js";
import { findOnPath, isExecutable } from "../../engine/onPath.js";
import { arrive } from "./arrive.js";
import { clusterCache } from "./cacheDirectory.js";
import { debianPackages } from "./versions.js";

const DOWNLOAD_DEADLINE_MS = 5 * 60_000;
/** Where CNI plugins lie on other machines: they are no commands, so PATH does not know them. */
const pluginDirectories = ["/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"];

/** The unpacked packages; the system itself is left as it is. */
const unpackedRoot = (): string => path.join(clusterCache(), "debian");

/** Finds a program of Debian's packages: unpacked in the cache, on PATH, or among the system's CNI plugins. */
export function findProgram(name: string): string | undefined {
  const unpacked = ["usr/bin", "usr/sbin", "usr/lib/cni"].map((directory) =>
    path.join(unpackedRoot(), directory, name),
  );
  return unpacked.find(isExecutable) ?? elsewhere(name);
}

/** Where the system itself has it. */
function elsewhere(name: string): string | undefined {
  const onPath = name === "bridge" ? undefined : findOnPath(name, toolPath); // iproute2 has another "bridge"
  return onPath ?? pluginDirectories.map((directory) => path.join(directory, name)).find(isExecutable);
}

/** The packages of which something is not on this machine. */
export function missingPackages(): string[] {
  return Object.entries(debianPackages)
    .filter(([, programs]) => programs.some((program) => findProgram(program) === undefined))
    .map(([name]) => name);
}

/**
 * Fetches the missing packages and unpacks them into the cache; nothing is installed.
 *
 * @throws Error in one sentence when they cannot be had
 */
export async function unpackPackages(progress: Progress): Promise<void> {
  // Unpacked as a whole: what an earlier set-up has left may be incomplete, and takes the place of nothing.
  const packages = Object.entries(debianPackages)
    .filter(([, programs]) => programs.some((program) => elsewhere(program) === undefined))
    .map(([name]) => name);
  for (const command of ["apt-get", "dpkg-deb"]) {
    if (findOnPath(command, toolPath) === undefined)
      throw new Error(`${packages.join(", ")}: not on PATH, and there is no ${command} that would fetch them`);
  }
  progress(`fetching ${packages.join(", ")} (apt-get download); they are unpacked into the cache, not installed`);
  await arrive(
    unpackedRoot(),
    () => missingPackages().length === 0,
    async (scratch) => {
      await download(packages, scratch, progress);
      for (const file of readdirSync(scratch).filter((name) => name.endsWith(".deb"))) {
        const archive = path.join(scratch, file);
        await runCommand("dpkg-deb", ["-x", archive, scratch], { timeoutMs: 60_000 });
        rmSync(archive);
      }
    },
  );
  const missing = missingPackages();
  if (missing.length > 0 || !existsSync(unpackedRoot()))
    throw new Error(
      `the packages ${missing.join(", ")} were fetched, and do not have the programs that a cluster needs`,
    );
}

async function download(packages: readonly string[], directory: string, progress: Progress): Promise<void> {
  const fetch = (): Promise<unknown> =>
    runCommand("sh", ["-c", 'cd "$1" && shift && exec apt-get download "$@"', "sh", directory, ...packages], {
      timeoutMs: DOWNLOAD_DEADLINE_MS,
    });
  try {
    await fetch();
  } catch {
    // On a new machine apt does not know any package yet; if this was not the reason, the second try tells it.
    progress("asking for the list of packages (apt-get update)");
    await runCommand("apt-get", ["update"], { timeoutMs: DOWNLOAD_DEADLINE_MS });
    await fetch();
  }
}
