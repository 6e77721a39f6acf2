import { mkdtempSync, rmSync } from "node:fs";
import * as path from "node:path";
import type { ClusterNamespaces } from "../clusterNamespaces.js";
import type { ClusterTools } from "../tools/tools.js";
import { fullImageName, type LocalImage } from "./image.js";
import { writeImage } from "./writeImage.js";

const IMPORT_DEADLINE_MS = 120_000;

/** Where an image is to go. */
export interface ImportTarget {
  readonly namespaces: ClusterNamespaces;
  readonly tools: ClusterTools;
  /** Of the cluster. */
  readonly directory: string;
  /** Sockets of the nodes' container runtimes. */
  readonly sockets: readonly string[];
}

/** Writes the image and gives it to every node; resolves when pods can be started from it. */
export async function importImage(image: LocalImage, target: ImportTarget): Promise<void> {
  const scratch = mkdtempSync(path.join(target.directory, "image-"));
  try {
    const layout = path.join(scratch, "layout");
    await writeImage(image, layout);
    await Promise.all(target.sockets.map((socket) => importInto(socket, image.name, layout, target)));
  } catch (error) {
    throw new Error(`image "${image.name}" cannot be brought into the cluster: ${(error as Error).message}`);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function importInto(socket: string, name: string, layout: string, target: ImportTarget): Promise<void> {
  const { namespaces, tools } = target;
  const ctr = [tools.program("ctr"), "--address", socket, "--namespace", "k8s.io", "images"];
  // tar is on one side of the pipe and ctr on the other, so that a large image is not written once more.
  const pipe = 'tar --dereference -cf - -C "$1" . | { shift; exec "$@"; }';
  await namespaces.run(["/bin/sh", "-c", pipe, "sh", layout, ...ctr, "import", "-"], { timeoutMs: IMPORT_DEADLINE_MS });
  // The kubelet's view of the image follows the import; until it is there, a pod would try to pull.
  const fullName = fullImageName(name);
  await namespaces.run(["/bin/sh", "-c", waitForLabel, "sh", fullName, ...ctr], { timeoutMs: 20_000 });
}

/** The runtime labels what its Kubernetes side has taken notice of. */
const waitForLabel = `
name=$1; shift
until "$@" ls "name==$name" | grep -q io.cri-containerd.image=managed; do sleep 0.05; done
`;
