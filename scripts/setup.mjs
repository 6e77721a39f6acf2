// Everything a fresh clone needs: dependencies, build, toolchain; with "kubernetes" also what a cluster for rehearsals is made of.
// Quick when there is nothing to do. Plain Node, no dependencies.
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lstatSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const say = (line) => process.stderr.write(`setup: ${line}\n`);

/** @param kubernetes true; or "if possible", which tells what stands against it and goes on */
export async function setup({ toolchain = true, kubernetes = false } = {}) {
  requireNode();
  installDependencies();
  linkSelf();
  build();
  if (toolchain) await prepareToolchain();
  if (kubernetes === "if possible") await prepareKubernetes().catch(({ message }) => say(message));
  else if (kubernetes) await prepareKubernetes();
}

function requireNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20)
    throw new Error(`Node ${process.versions.node} is too old: Hitless needs Node 20 or newer (https://nodejs.org).`);
}

function installDependencies() {
  const installed = modified(path.join(root, "node_modules/.package-lock.json"));
  if (installed >= modified(path.join(root, "package-lock.json")) && installed > 0) return;
  say("installing dependencies (npm install)");
  // Not `npm ci`: it refuses a lock file without the optional packages of other platforms, and not every registry has them all.
  run("npm", ["install", "--no-save", "--no-audit", "--no-fund"]);
}

/** The examples import "hitless" by name, as a user's program does. */
function linkSelf() {
  const link = path.join(root, "node_modules/hitless");
  if (lstatSync(link, { throwIfNoEntry: false })) return;
  symlinkSync("..", link, "junction");
}

function build() {
  const built = modified(path.join(root, "dist/.tsbuildinfo"));
  const sources = [
    path.join(root, "tsconfig.json"),
    path.join(root, "tsconfig.build.json"),
    ...filesBelow(path.join(root, "src")),
  ];
  if (built > 0 && sources.every((file) => modified(file) <= built)) return;
  say("building (tsc)");
  rmSync(path.join(root, "dist"), { recursive: true, force: true });
  run(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"]);
  // npm does this where it installs the package; in a clone `npx hitless` runs the file where it lies.
  chmodSync(path.join(root, "dist/cli/main.js"), 0o755);
}

async function prepareToolchain() {
  const module = pathToFileURL(path.join(root, "dist/rehearsal/engine/engine.js")).href;
  const { resolveEngine } = (await import(module)).default;
  const engine = await resolveEngine(say);
  say(`Pulumi ${engine.version} (${engine.origin})`);
}

/** Minutes the first time; what it fetches and builds is kept outside the clone. */
async function prepareKubernetes() {
  const module = pathToFileURL(path.join(root, "dist/rehearsal/cluster/tools/tools.js")).href;
  const { clusterObstacle, prepareClusterTools } = (await import(module)).default;
  const obstacle = clusterObstacle();
  if (obstacle !== undefined) throw new Error(`${obstacle}; rehearse on a cluster of yours with --kubeconfig FILE`);
  const tools = await prepareClusterTools(say);
  say(`Kubernetes: ${tools.program("kube-apiserver")}, ${tools.program("kubelet")}, ${tools.program("containerd")}`);
}

const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

const filesBelow = (directory) =>
  readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));

export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2], ...options });
  if (result.error) throw new Error(`${command} could not be started: ${result.error.message}`);
  if (result.status !== 0)
    throw new Error(`${command} ${args.join(" ")} failed (exit code ${result.status ?? result.signal})`);
}

export { root };

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((word) => word !== "kubernetes");
  if (unknown.length > 0) {
    say(`"${unknown.join(" ")}" is unknown; there is: npm run setup -- kubernetes`);
    process.exit(2);
  }
  setup({ kubernetes: wanted.includes("kubernetes") }).catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
