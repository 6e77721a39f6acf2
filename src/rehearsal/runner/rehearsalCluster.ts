import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { toolPath } from "../cloud/instances/probe.js";
import type { LocalImage } from "../cluster/images/image.js";
import { findKubectl } from "../cluster/tools/kubectl.js";
import { findOnPath } from "../engine/onPath.js";
import type { ScenarioCluster } from "../scenario/clusterSchema.js";
import { badInput } from "../scenario/codes.js";
import { checkHalted } from "./interruption.js";

/** The cluster that a rehearsal uses: its own, or one that was named. */
export interface RehearsalCluster {
  /** Path of its kubeconfig file. */
  readonly kubeconfig: string;
  /** Runs kubectl in it, and answers what it printed. @throws Error with what it said when it failed */
  kubectl(words: readonly string[]): Promise<string>;
  /** Why it does not work any more, if it does not. */
  ended(): string | undefined;
  close(): Promise<void>;
}

/** Uses a cluster that runs already. @throws HitlessError HIT415 when there is no such file */
export function namedCluster(kubeconfig: string): RehearsalCluster {
  const file = path.resolve(kubeconfig);
  if (!existsSync(file)) {
    throw badInput([
      {
        code: "HIT415",
        subject: `--kubeconfig ${kubeconfig}`,
        problem: "there is no such file",
        fix: "name the kubeconfig file of a cluster, or leave it out: a rehearsal then brings a cluster of its own.",
      },
    ]);
  }
  const kubectl = (words: readonly string[]) => runKubectl(findKubectl(), file, words);
  return { kubeconfig: file, kubectl, ended: () => undefined, close: async () => {} };
}

/**
 * Starts a cluster of its own. Its parts live in namespaces that end with this process.
 *
 * @param directory of the program: files of images are named relative to it
 * @throws HitlessError HIT415 when none can be had here
 */
export async function startCluster(
  scenario: ScenarioCluster,
  directory: string,
  { progress, halt }: { readonly progress: (line: string) => void; readonly halt: AbortSignal },
): Promise<RehearsalCluster> {
  const images = scenario.images.map((image) => localImage(image, directory));
  // Loaded for rehearsals that need it: most have no cluster.
  const { Cluster } = await import("../cluster/cluster.js");
  const { clusterObstacle, prepareClusterTools } = await import("../cluster/tools/tools.js");
  try {
    const obstacle = clusterObstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    await prepareClusterTools(progress);
    const cluster = await Cluster.start({ nodes: scenario.nodes, images, progress, halt });
    const { kubeconfig } = cluster;
    return {
      kubeconfig,
      kubectl: (words) => runKubectl(cluster.kubectl, kubeconfig, words),
      ended: () => cluster.ended(),
      close: () => cluster.close(),
    };
  } catch (cause) {
    checkHalted(halt);
    const [problem = "", ...why] = (cause as Error).message.split("\n");
    throw badInput(
      [
        {
          code: "HIT415",
          subject: "cluster",
          problem,
          why: why.join("\n").trim() || undefined,
          fix: "see to that, or name a cluster of yours with --kubeconfig FILE.",
        },
      ],
      { cause },
    );
  }
}

/** Longer than a node takes to be drained. */
const KUBECTL_MS = 180_000;

async function runKubectl(program: string, kubeconfig: string, words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, ["--kubeconfig", kubeconfig, ...words], {
    timeout: KUBECTL_MS,
  });
  return stdout;
}

/** An image with what this machine has: programs are looked for on PATH, files in the program's directory. */
function localImage(
  { name, programs, files, command }: ScenarioCluster["images"][number],
  directory: string,
): LocalImage {
  const found = new Map(programs.map((program) => [program, pathOf(program, name)]));
  return {
    name,
    programs: [...found.values()],
    files: Object.fromEntries(Object.entries(files).map(([to, from]) => [to, fileOf(from, directory, name)])),
    entrypoint: command.map((word, index) => (index === 0 ? (found.get(word) ?? word) : word)),
  };
}

function pathOf(program: string, image: string): string {
  if (program === "node") return process.execPath; // this very one
  const found = path.isAbsolute(program) && existsSync(program) ? program : findOnPath(program, toolPath);
  if (found !== undefined) return found;
  throw missing(image, `program ${program}`, "install it, or take it out of cluster.images.");
}

function fileOf(file: string, directory: string, image: string): string {
  const found = path.resolve(directory, file);
  if (existsSync(found)) return found;
  throw missing(image, `file ${found}`, "name files and directories relative to the program's directory.");
}

function missing(image: string, what: string, fix: string) {
  return badInput([{ code: "HIT415", subject: `image ${image}`, problem: `there is no ${what} here`, fix }]);
}
