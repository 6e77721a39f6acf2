import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../cloud/instances/command.js";
import { toolPath } from "../cloud/instances/probe.js";

/** How processes in other network namespaces join a cluster's network. */
interface PodNetwork {
  /** A process inside the cluster's namespaces. */
  readonly pid: number;
  readonly bridge: string;
  /** Addresses for those who join, each with its prefix length. */
  readonly addresses: readonly string[];
}

const NAME = "network.json";
/** Beside the credentials, so that whoever has the kubeconfig file finds it. */
const fileFor = (kubeconfig: string): string => path.join(path.dirname(kubeconfig), NAME);

export function describePodNetwork(kubeconfig: string, network: PodNetwork): void {
  writeFileSync(fileFor(kubeconfig), JSON.stringify(network), { mode: 0o600 });
}

/** True for a kubeconfig of a cluster that we made: its pods live in namespaces of this machine. */
export function isOwnCluster(kubeconfig: string): boolean {
  return existsSync(fileFor(kubeconfig));
}

/**
 * Wires the network namespace of a process to the cluster's network, so that it reaches pods at their addresses. The wire goes with either of
 * them.
 *
 * @param pid of a process in that namespace
 */
export async function joinPodNetwork(kubeconfig: string, pid: number): Promise<void> {
  const network = JSON.parse(readFileSync(fileFor(kubeconfig), "utf8")) as PodNetwork;
  for (const [index, address] of network.addresses.entries()) {
    if (!(await wire(network, `joined${index}`, pid))) continue;
    await inside(pid, [`address add ${address} dev pods`, "link set pods up"]);
    return;
  }
  throw new Error(`all ${network.addresses.length} places in the cluster's network are taken`);
}

/** False when someone else has joined under that name. */
async function wire({ pid: cluster, bridge }: PodNetwork, name: string, pid: number): Promise<boolean> {
  try {
    await inside(cluster, [`link add name ${name} type veth peer name pods netns ${pid}`]);
  } catch (error) {
    if (/File exists/.test((error as Error).message)) return false;
    throw error;
  }
  await inside(cluster, [`link set ${name} master ${bridge} up`]);
  return true;
}

async function inside(pid: number, lines: readonly string[]): Promise<void> {
  await runCommand("nsenter", ["--target", String(pid), "--net", "ip", "-batch", "-"], {
    input: `${lines.join("\n")}\n`,
    env: { PATH: toolPath, LC_ALL: "C" },
  });
}
