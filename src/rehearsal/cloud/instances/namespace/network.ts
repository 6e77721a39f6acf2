import { writeFile } from "node:fs/promises";
import { formatAddress, gatewayOf, macOf, parseAddress, parseCidr, resolverOf } from "../addresses.js";
import { runCommand } from "../command.js";
import { metadataAddress } from "../imds/metadataServer.js";
import type { InstanceSpec } from "../runtime.js";

const bridge = "hb0";

/** The kernel's settings of the host's own network namespace. */
const routerSettings: Readonly<Record<string, string>> = {
  // Without forwarding the kernel drops silently what it cannot route; instances of different subnets reach each other through it.
  ip_forward: "1",
  // Refusals are always told: limited in their rate, some connections and lookups would hang instead.
  icmp_ratelimit: "0",
  // Subnets share the bridge, which is no reason to tell instances of a shorter way.
  "conf/all/send_redirects": "0",
  [`conf/${bridge}/send_redirects`]: "0",
};

/**
 * The VPC's network inside the host's network namespace: one bridge that is every subnet's router, the DNS address and the
 * metadata service; instances hang on it by veth pairs.
 */
export class VpcNetwork {
  private readonly subnets = new Map<string, Promise<void>>();
  private readonly vpcs = new Map<string, Promise<void>>();
  private interfaces = 0;

  /** Makes the bridge. */
  static async create(): Promise<VpcNetwork> {
    await ip([
      "link set lo up",
      // A bridge takes the lowest MAC address of its ports unless it is given one; that would change with every instance.
      `link add name ${bridge} address 02:00:a9:fe:a9:fe type bridge`,
      `address add ${metadataAddress}/32 dev ${bridge}`,
      `link set ${bridge} up`,
      // There is no way out: say so at once instead of letting connections time out.
      "route add unreachable default",
    ]);
    for (const [setting, value] of Object.entries(routerSettings))
      await writeFile(`/proc/sys/net/ipv4/${setting}`, value);
    return new VpcNetwork();
  }

  /** Connects the network namespace of process `pid`: a veth pair whose inner end is `eth0`. Returns the outer end's name. */
  async connect(spec: InstanceSpec, pid: number): Promise<string> {
    await Promise.all([
      once(this.subnets, spec.subnetCidr, () => {
        const subnet = parseCidr(spec.subnetCidr);
        return ip([`address add ${gatewayOf(subnet)}/${subnet.prefix} dev ${bridge}`]);
      }),
      // Nothing answers DNS there, which is an instant refusal; without the address a lookup would hang on ARP.
      once(this.vpcs, spec.vpcCidr, () => ip([`address add ${resolverOf(parseCidr(spec.vpcCidr))}/32 dev ${bridge}`])),
    ]);
    this.interfaces += 1;
    const name = `i${this.interfaces}`;
    await ip([
      `link add name ${name} type veth peer name eth0 address ${macOf(spec.privateIpAddress)} netns ${pid}`,
      `link set ${name} master ${bridge} up`,
    ]);
    return name;
  }

  /** Takes an ended instance off the bridge at once; the kernel would get to it only some time later. */
  async disconnect(name: string): Promise<void> {
    try {
      await ip([`link delete ${name}`]);
    } catch (error) {
      // Gone with its namespace already: that is what was wanted.
      if (!/Cannot find device|No such device/.test((error as Error).message)) throw error;
    }
  }
}

/** What `ip -batch` is to do inside an instance's own network namespace. */
export function instanceNetworkBatch(spec: InstanceSpec): string {
  const subnet = parseCidr(spec.subnetCidr);
  const broadcast = formatAddress(subnet.base + 2 ** (32 - subnet.prefix) - 1);
  // Read and written back, so that nothing but an address can get into the batch.
  const address = formatAddress(parseAddress(spec.privateIpAddress));
  return [
    "link set lo up",
    `address add ${address}/${subnet.prefix} broadcast ${broadcast} dev eth0`,
    "link set eth0 up",
    `route add default via ${gatewayOf(subnet)}`,
    "",
  ].join("\n");
}

function once(done: Map<string, Promise<void>>, key: string, action: () => Promise<void>): Promise<void> {
  let result = done.get(key);
  if (!result) {
    result = action().catch((error: unknown) => {
      // The next instance may try again.
      done.delete(key);
      throw error;
    });
    done.set(key, result);
  }
  return result;
}

async function ip(lines: readonly string[]): Promise<void> {
  await runCommand("ip", ["-batch", "-"], { input: `${lines.join("\n")}\n` });
}
