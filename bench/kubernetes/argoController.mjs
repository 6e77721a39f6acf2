// Argo Rollouts' controller from its own Go module: built once into the user's cache, and run as a pod of the cluster. (The recipe lies here
// and not in `toolchain`, which is part of what users get.)
import { execFile } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export const ARGO_VERSION = "1.10.0";
/** Its namespace and its account. */
export const ARGO = "argo-rollouts";
const MODULE = "github.com/argoproj/argo-rollouts";
const require = createRequire(import.meta.url);
const run = promisify(execFile);
const recipe = path.join(import.meta.dirname, "argo-rollouts");

/** `{ program, crds }`, paths; undefined, with the reason printed, where it cannot be had. */
export async function argoRollouts(root) {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  const directory = path.join(cache, "hitless", "bench", `argo-rollouts-${ARGO_VERSION}`);
  const [program, crds] = ["rollouts-controller", "crds"].map((name) => path.join(directory, name));
  const isWhole = () => existsSync(program) && existsSync(crds);
  try {
    if (!isWhole()) await build(root, directory, isWhole);
    return { program, crds };
  } catch (error) {
    console.log(`skip  Argo Rollouts ${ARGO_VERSION}: it could not be built (${error.message.split("\n")[0]})`);
    return undefined;
  }
}

async function build(root, directory, isWhole) {
  const { goBuild, requireGo } = require(path.join(root, "dist/rehearsal/engine/goCommand.js"));
  const { arrive } = require(path.join(root, "dist/rehearsal/cluster/tools/arrive.js"));
  requireGo(`Argo Rollouts' controller from the Go module ${MODULE}`);
  const say = (line) => process.stderr.write(`bench: ${line}\n`);
  say(`building Argo Rollouts ${ARGO_VERSION} with Go: once on this machine, about three minutes on two cores`);
  const work = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-argo-"));
  try {
    for (const file of ["go.mod", "go.sum"]) copyFileSync(path.join(recipe, file), path.join(work, file));
    await arrive(directory, isWhole, async (scratch) => {
      const args = ["-trimpath", "-ldflags", `-s -w -X ${MODULE}/utils/version.version=${ARGO_VERSION}`];
      const environment = { ...process.env, CGO_ENABLED: "0" };
      await goBuild(
        work,
        [...args, "-o", `${scratch}${path.sep}`, `${MODULE}/cmd/rollouts-controller`],
        say,
        environment,
      );
      const { stdout } = await run("go", ["list", "-m", "-f", "{{.Dir}}", MODULE], { cwd: work });
      cpSync(path.join(stdout.trim(), "manifests/crds"), path.join(scratch, "crds"), { recursive: true });
    });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What the controller is made of in the cluster: a pod with Argo's own settings, which finds the API server without Services' addresses. */
export function controllerObjects(server) {
  const metadata = { namespace: ARGO, name: ARGO };
  const { hostname, port } = new URL(server);
  const env = { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port };
  const container = {
    name: ARGO,
    image: controllerImage("").name,
    args: ["--leader-elect=false", "--loglevel=warn"],
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    readinessProbe: { httpGet: { path: "/healthz", port: 8080 }, periodSeconds: 1 },
  };
  const spec = { serviceAccountName: ARGO, securityContext: { runAsUser: 999 }, containers: [container] };
  return [{ apiVersion: "v1", kind: "Pod", metadata, spec }];
}

export const controllerImage = (program) => ({
  name: `bench.local/argo-rollouts:v${ARGO_VERSION}`,
  programs: [program],
  entrypoint: [program],
});
