import * as path from "node:path";
import { runsAsRoot, toolPath } from "../../cloud/instances/probe.js";
import type { Progress } from "../../engine/engine.js";
import { findOnPath } from "../../engine/onPath.js";
import { findProgram, missingPackages, unpackPackages } from "./debian.js";
import { buildKubernetes, isBuilt, kubernetesDirectory } from "./kubernetesBuild.js";
import { debianPackages, kubernetesParts, systemCommands } from "./versions.js";

/** What a cluster is made of: the absolute path of each program. */
export interface ClusterTools {
  /** @throws Error for a name that no part has: a mistake of ours */
  program(name: string): string;
  /** Directory with the CNI plugins. */
  readonly plugins: string;
  /** PATH on which containerd finds its shim and runc. */
  readonly searchPath: string;
}

/** Why no cluster can be had on this machine, whatever is installed; undefined where nothing stands against it. */
export function clusterObstacle(): string | undefined {
  if (process.platform !== "linux") return `a cluster of our own needs Linux, and this is ${process.platform}`;
  if (!runsAsRoot())
    return "a cluster of our own needs root: the kubelet and containerd mount file systems and make cgroups";
  const missing = systemCommands.filter(([command]) => findOnPath(command, toolPath) === undefined);
  if (missing.length === 0) return undefined;
  return `these commands are missing: ${missing.map(([command, from]) => `${command} (package ${from})`).join(", ")}`;
}

/** What `npm run setup -- kubernetes` would have to fetch or build, by name; empty when everything is here. */
export function missingTools(): string[] {
  const unbuilt = kubernetesParts.filter((part) => !isBuilt(part)).flatMap(({ commands }) => commands);
  return [...unbuilt, ...missingPackages()];
}

/**
 * Finds everything that a cluster is made of, and fetches or builds what is missing, into the cache: the first time minutes,
 * afterwards at once.
 *
 * @throws Error that names each thing that could not be had, and why
 */
export async function prepareClusterTools(progress: Progress): Promise<ClusterTools> {
  const failed: string[] = [];
  const attempt = async (what: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      failed.push(`  - ${what}: ${(error as Error).message}`);
    }
  };
  if (missingPackages().length > 0) await attempt("Debian's packages", () => unpackPackages(progress));
  for (const part of kubernetesParts) {
    await attempt(`Kubernetes ${part.version} (${part.name})`, () => buildKubernetes(part, progress));
  }
  if (failed.length > 0) {
    throw new Error(
      [
        "No Kubernetes cluster can be made here: something that it is made of could not be had.",
        ...failed,
        "Fix: install etcd, containerd, runc and the CNI plugins, put Go 1.26 or newer on PATH; or name a cluster of yours with --kubeconfig FILE.",
      ].join("\n"),
    );
  }
  return foundTools();
}

/** The tools that are here. @throws Error that names what is missing and how to get it */
export function foundTools(): ClusterTools {
  const missing = missingTools();
  if (missing.length > 0) {
    throw new Error(`A cluster needs ${missing.join(", ")}, which are not here. Fix: npm run setup -- kubernetes`);
  }
  const programs = new Map<string, string>();
  for (const part of kubernetesParts) {
    for (const command of part.commands) programs.set(command, path.join(kubernetesDirectory(part), command));
  }
  for (const name of Object.values(debianPackages).flat()) programs.set(name, findProgram(name) as string);
  const program = (name: string): string => {
    const found = programs.get(name);
    if (found === undefined) throw new Error(`a cluster has no program "${name}"`);
    return found;
  };
  const containerd = path.dirname(program("containerd"));
  return {
    program,
    plugins: path.dirname(program("bridge")),
    searchPath: [containerd, path.dirname(program("runc")), toolPath].join(path.delimiter),
  };
}
