import { existsSync } from "node:fs";
import * as path from "node:path";
import { toolPath } from "../../cloud/instances/probe.js";
import { findOnPath } from "../../engine/onPath.js";
import { kubernetesDirectory } from "./kubernetesBuild.js";
import { kubernetesParts } from "./versions.js";

/** A kubectl: the user's own, or the one that was built along with a cluster. @throws Error where there is none */
export function findKubectl(): string {
  const built = kubernetesParts
    .filter(({ commands }) => commands.includes("kubectl"))
    .map((part) => path.join(kubernetesDirectory(part), "kubectl"));
  const found = findOnPath("kubectl", toolPath) ?? built.find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new Error("there is no kubectl on PATH. Fix: install it, or build it with `npm run setup -- kubernetes`");
}
