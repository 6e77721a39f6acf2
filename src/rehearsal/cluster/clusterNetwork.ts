import { formatAddress, parseAddress } from "../cloud/instances/addresses.js";
import { runCommand } from "../cloud/instances/command.js";
import { toolPath } from "../cloud/instances/probe.js";
import type { ClusterNamespaces } from "./clusterNamespaces.js";

const base = parseAddress("10.192.0.0");
/** Blocks of 4096 addresses from 10.192.0.0/10. */
const prefix = 20;
const blocks = 1 << (prefix - 10);
/** Where pods hang. */
export const bridge = "pods0";
/** Pods come after the machine, the API server and the nodes. */
const firstPod = 256;

/**
 * The cluster's network: one bridge inside its namespaces, on which every pod hangs with an address of its own, and one wire to this
 * machine, which reaches API server, nodes and pods directly. There is no way out, and none from elsewhere in.
 */
export class ClusterNetwork {
  private constructor(
    private readonly block: number,
    /** The machine's end of the wire. */
    readonly interfaceName: string,
  ) {}

  /** Takes the first block of addresses that this machine does not use, and wires it up. */
  static async create(namespaces: ClusterNamespaces): Promise<ClusterNetwork> {
    const used = await usedBlocks();
    const start = process.pid * 7 + Math.trunc(Math.random() * blocks);
    for (let tries = 0; tries < blocks; tries++) {
      const block = (start + tries) % blocks;
      if (used.has(block)) continue;
      const network = new ClusterNetwork(block, `hlk${block}`);
      if (await network.#wire(namespaces.pid)) {
        await network.#bridge(namespaces);
        return network;
      }
    }
    throw new Error(
      `no block of addresses in 10.192.0.0/10 is free for a cluster: ${used.size} of ${blocks} are in use`,
    );
  }

  /** All addresses, such as 10.201.16.0/20. */
  get cidr(): string {
    return `${this.#address(0)}/${prefix}`;
  }

  /** This machine, as pods and the API server see it. */
  get machine(): string {
    return this.#address(1);
  }

  get apiServer(): string {
    return this.#address(2);
  }

  /** @param index from 0 */
  node(index: number): string {
    return this.#address(10 + index);
  }

  /** Addresses for processes of this machine in network namespaces of their own. */
  joining(): string[] {
    return Array.from({ length: 64 }, (_, index) => `${this.#address(32 + index)}/${prefix}`);
  }

  /** What containerd is told of the network (CNI's configuration list). Addresses are handed out in turn, so none is reused soon. */
  cniConfig(): object {
    return {
      cniVersion: "1.0.0",
      name: "hitless",
      plugins: [
        {
          type: "bridge",
          bridge,
          ipam: {
            type: "host-local",
            ranges: [[{ subnet: this.cidr, rangeStart: this.#address(firstPod), gateway: this.apiServer }]],
          },
        },
      ],
    };
  }

  #address(offset: number): string {
    return formatAddress(base + this.block * 2 ** (32 - prefix) + offset);
  }

  /** False when another cluster took the block meanwhile: its interface has the name that ours would have. */
  async #wire(pid: number): Promise<boolean> {
    try {
      await ip([
        "link",
        "add",
        "name",
        this.interfaceName,
        "type",
        "veth",
        "peer",
        "name",
        "machine",
        "netns",
        `${pid}`,
      ]);
    } catch (error) {
      if (/File exists/.test((error as Error).message)) return false;
      throw error;
    }
    await ip(["address", "add", `${this.machine}/${prefix}`, "dev", this.interfaceName]);
    await ip(["link", "set", this.interfaceName, "up"]);
    return true;
  }

  async #bridge(namespaces: ClusterNamespaces): Promise<void> {
    const lines = [
      // A bridge takes the lowest MAC address of its ports unless it is given one; that would change with every pod.
      `link add name ${bridge} address 02:00:0a:c0:00:01 type bridge`,
      `link set machine master ${bridge}`,
      "link set machine up",
      `address add ${this.apiServer}/${prefix} dev ${bridge}`,
      ...[0, 1, 2, 3].map((index) => `address add ${this.node(index)}/${prefix} dev ${bridge}`),
      `link set ${bridge} up`,
      "",
    ];
    await namespaces.run(["ip", "-batch", "-"], { input: lines.join("\n") });
  }
}

async function ip(args: readonly string[]): Promise<string> {
  return (await runCommand("ip", args, { env: { PATH: toolPath, LC_ALL: "C" } })).stdout;
}

/** Blocks that one of the machine's routes touches; the default route is everybody's and does not count. */
async function usedBlocks(): Promise<Set<number>> {
  const used = new Set<number>();
  for (const line of (await ip(["-4", "route", "show", "table", "all"])).split("\n")) {
    const [, address, bits = "32"] = /(\d+\.\d+\.\d+\.\d+)(?:\/(\d+))?/.exec(line) ?? [];
    if (address === undefined) continue;
    const size = 2 ** (32 - Number(bits));
    const first = parseAddress(address) - base;
    const last = Math.floor((first + size - 1) / 2 ** (32 - prefix));
    for (let block = Math.max(0, Math.floor(first / 2 ** (32 - prefix))); block <= Math.min(last, blocks - 1); block++)
      used.add(block);
  }
  return used;
}
