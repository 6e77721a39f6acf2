import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { runCommand } from "../cloud/instances/command.js";
import { toolPath } from "../cloud/instances/probe.js";
import { descendantsOf } from "../runner/processTree.js";

const START_DEADLINE_MS = 15_000;
const END_DEADLINE_MS = 30_000;

/**
 * Waits outside for the namespaces to end, however they end, and takes away what the kernel does not: the cgroups of the pods and
 * the directory.
 */
const outside = `
dir=$1 cgroup=$2
unshare --net --mount --pid --fork --kill-child --mount-proc /bin/sh -ec "$3" sh "$dir"
code=$?
for tries in 1 2 3 4 5 6 7 8 9 10; do
  left=
  for c in /sys/fs/cgroup/"$cgroup" /sys/fs/cgroup/*/"$cgroup"; do
    [ -d "$c" ] || continue
    find "$c" -depth -type d -exec rmdir {} + 2>/dev/null || left=yes
  done
  [ -z "$left" ] && break
  sleep 0.1
done
[ -e "$dir/keep" ] || rm -rf "$dir"
exit $code
`;

/** The first process inside: private places for what containerd, runc and CNI keep at fixed paths, then nothing until we are gone. */
const inside = `
for place in run var/lib var/log; do
  mkdir -p "$1/system/$place"
  mount --bind "$1/system/$place" "/$place"
done
mkdir -p /run/netns /var/lib/cni
ip link set lo up
echo ready
exec cat > /dev/null
`;

/**
 * Network, process and mount namespaces that a whole cluster lives in. They last as long as a pipe from this process is open: when
 * we end, in whatever way, the kernel ends every process in them and takes their mounts and interfaces with them.
 */
export class ClusterNamespaces {
  readonly #holder: ChildProcess;
  readonly #exited: Promise<void>;
  #inner = 0;

  private constructor(directory: string, cgroup: string) {
    // A session of its own: Ctrl-C in a terminal reaches us, and the cluster goes when we have said so.
    this.#holder = spawn("/bin/sh", ["-c", outside, "hitless-cluster", directory, cgroup, inside], {
      stdio: ["pipe", "pipe", "pipe"],
      detached: true,
      env: { PATH: toolPath, LC_ALL: "C" },
    });
    this.#exited = new Promise((resolve) => {
      this.#holder.once("exit", () => resolve());
      this.#holder.once("error", () => resolve());
    });
    // Whoever waits for it sees the end by itself; a pipe to a dead process is no event of its own.
    this.#holder.stdin?.on("error", () => undefined);
  }

  /** @throws Error in one sentence with what the tools said */
  static async open(directory: string, cgroup: string): Promise<ClusterNamespaces> {
    const namespaces = new ClusterNamespaces(directory, cgroup);
    try {
      await namespaces.#ready();
      return namespaces;
    } catch (error) {
      await namespaces.close();
      throw error;
    }
  }

  /** Process id of the first process inside, as this machine sees it. */
  get pid(): number {
    return this.#inner;
  }

  /** Resolves when the namespaces are gone. */
  get ended(): Promise<void> {
    return this.#exited;
  }

  /** The command that runs `command` inside. */
  command(command: readonly string[]): [string, string[]] {
    return ["nsenter", ["--target", String(this.#inner), "--net", "--mount", "--pid", "--", ...command]];
  }

  /** Runs a command inside to its end. */
  async run(command: readonly string[], options: { input?: string; timeoutMs?: number } = {}): Promise<string> {
    const [program, args] = this.command(command);
    const env = { PATH: toolPath, LC_ALL: "C" };
    return (await runCommand(program, args, { ...options, env })).stdout;
  }

  /** Lets the namespaces go and waits until nothing of them is left. */
  async close(): Promise<void> {
    this.#holder.stdin?.end();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`the cluster's namespaces have not ended within ${END_DEADLINE_MS / 1000} s`)),
        END_DEADLINE_MS,
      );
    });
    try {
      await Promise.race([this.#exited, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #ready(): Promise<void> {
    return new Promise((resolve, reject) => {
      let said = "";
      this.#holder.stderr?.on("data", (chunk: Buffer) => {
        said = (said + chunk).slice(-1000);
      });
      const fail = (how: string): void =>
        reject(new Error(`the cluster's namespaces cannot be made: ${said.trim() || how}`));
      const timer = setTimeout(() => fail(`no answer within ${START_DEADLINE_MS / 1000} s`), START_DEADLINE_MS);
      void this.#exited.then(() => fail("unshare ended at once"));
      createInterface({ input: this.#holder.stdout as Readable }).once("line", () => {
        clearTimeout(timer);
        this.#findInner().then(resolve, reject);
      });
    });
  }

  /** The innermost of what runs: the wrapper's child is unshare, and unshare's child is the first process inside. */
  async #findInner(): Promise<void> {
    const [unshare, ...others] = await descendantsOf(this.#holder.pid as number);
    const [inner] = unshare === undefined ? [] : await descendantsOf(unshare);
    if (inner === undefined || others.length !== 1)
      throw new Error("the cluster's namespaces ended as soon as they were made");
    this.#inner = inner;
  }
}
