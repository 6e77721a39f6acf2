import { Command, InvalidArgumentError, Option } from "commander";
import { stopRequest } from "./stopRequest.js";

interface ClusterFlags {
  readonly nodes: number;
  readonly keep?: boolean;
  readonly parentPid?: number;
}

/** What `hitless cluster` tells a parent over IPC once pods can be started. */
export interface ClusterReadyMessage {
  readonly type: "ready";
  readonly kubeconfig: string;
}

/** `hitless cluster`: runs a Kubernetes cluster of our own until it is told to stop. */
export function clusterCommand(): Command {
  return new Command("cluster")
    .description(
      "Run a real Kubernetes cluster for rehearsals: API server, controllers, scheduler and nodes, in namespaces of its own (Linux, root).",
    )
    .option("--nodes <count>", "how many nodes, 1 to 4", parseNodes, 2)
    .option("--keep", "keep the directory with logs and state")
    .addOption(new Option("--parent-pid <pid>", "stop when this process is gone").argParser(Number).hideHelp())
    .action(async (flags: ClusterFlags) => {
      process.exitCode = await runCluster(flags);
    });
}

async function runCluster({ nodes, keep = false, parentPid }: ClusterFlags): Promise<number> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  // Signals are listened to before anything starts: one that comes during the start must not leave processes behind.
  const stop = stopRequest("the cluster", parentPid);
  const halt = new AbortController();
  void stop.promise.then(() => halt.abort(new Error("stopped before the cluster was ready")));
  try {
    const { Cluster } = await import("../rehearsal/cluster/cluster.js");
    const { clusterObstacle, prepareClusterTools } = await import("../rehearsal/cluster/tools/tools.js");
    const obstacle = clusterObstacle();
    if (obstacle !== undefined) throw new Error(`${obstacle}.`);
    await prepareClusterTools(say);
    const cluster = await Cluster.start({ nodes, keep, progress: say, halt: halt.signal });
    announce(cluster);
    const broken = await Promise.race([stop.promise, breakdown(cluster)]);
    await cluster.close();
    if (broken === undefined) return 0;
    say(`The cluster broke: ${broken}`);
    return 1;
  } catch (error) {
    say((error as Error).message);
    return 1;
  } finally {
    stop.forget();
    if (process.connected) process.disconnect();
  }
}

/** Resolves with the reason when a part of the cluster has ended by itself. */
function breakdown(cluster: { ended(): string | undefined }): Promise<string> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const how = cluster.ended();
      if (how === undefined) return;
      clearInterval(timer);
      resolve(how);
    }, 1000);
    // The stop is what the process waits for.
    timer.unref();
  });
}

function announce(cluster: {
  kubeconfig: string;
  kubectl: string;
  server: string;
  nodeNames: readonly string[];
}): void {
  const lines = [
    `Kubernetes: ${cluster.server}, nodes ${cluster.nodeNames.join(", ")}`,
    "",
    `  export KUBECONFIG=${cluster.kubeconfig}`,
    `  ${cluster.kubectl} get nodes`,
    "",
    "Ctrl-C stops it.",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  const ready: ClusterReadyMessage = { type: "ready", kubeconfig: cluster.kubeconfig };
  process.send?.(ready);
}

function parseNodes(text: string): number {
  if (/^[1-4]$/.test(text)) return Number(text);
  throw new InvalidArgumentError("Expected a number from 1 to 4.");
}
