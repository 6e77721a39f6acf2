import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { runCommand } from "../cloud/instances/command.js";

/** How the directory of a cluster begins; its cgroups have the same name. */
export const DIRECTORY_PREFIX = "hitless-cluster-";
/** A directory that is younger may be one whose cluster is just being started. */
const YOUNG_MS = 60_000;

/**
 * Removes what clusters have left whose waiting process was killed as well: files and empty cgroups, nothing that runs. The kernel has
 * taken the rest.
 */
export async function removeLeftovers(base: string = os.tmpdir()): Promise<void> {
  const candidates = readdirSync(base)
    .filter((name) => name.startsWith(DIRECTORY_PREFIX))
    .map((name) => path.join(base, name))
    .filter(isOurs);
  if (candidates.length === 0) return;
  const { stdout: processes } = await runCommand("ps", ["-A", "-o", "args="]);
  for (const directory of candidates) {
    if (processes.includes(directory)) continue;
    for (const cgroup of cgroupsOf(path.basename(directory))) removeEmpty(cgroup);
    rmSync(directory, { recursive: true, force: true });
  }
}

function isOurs(directory: string): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isDirectory() || stats.uid !== process.getuid?.()) return false;
  return Date.now() - stats.mtimeMs > YOUNG_MS && !existsSync(path.join(directory, "keep"));
}

/** In the one hierarchy of version 2, or in each of version 1. */
function cgroupsOf(name: string): string[] {
  const root = "/sys/fs/cgroup";
  if (!existsSync(root)) return [];
  return [root, ...readdirSync(root).map((controller) => path.join(root, controller))]
    .map((parent) => path.join(parent, name))
    .filter((cgroup) => existsSync(cgroup));
}

/** From the leaves up; the kernel refuses to remove one that has processes. */
function removeEmpty(cgroup: string): void {
  for (const entry of readdirSync(cgroup, { withFileTypes: true }))
    if (entry.isDirectory()) removeEmpty(path.join(cgroup, entry.name));
  rmdirSync(cgroup);
}
