/** IPv4 arithmetic, as far as instances need it. */

/** A block such as 172.31.16.0/20. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/** Reads "172.31.16.0/20"; throws in one sentence on anything else. */
export function parseCidr(text: string): Cidr {
  const [address = "", prefix = ""] = text.split("/");
  const bits = Number(prefix);
  if (!/^\d{1,2}$/.test(prefix) || bits > 32)
    throw new Error(`"${text}" is not a block of addresses such as 172.31.0.0/20`);
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { base: (parseAddress(address) & mask) >>> 0, prefix: bits };
}

/** Reads "172.31.1.5" as a number. */
export function parseAddress(text: string): number {
  const parts = text.split(".").map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : Number.NaN));
  if (parts.length !== 4 || parts.some((part) => !(part <= 255))) throw new Error(`"${text}" is not an IPv4 address`);
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

/** Writes a number as "172.31.1.5". */
export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff).join(".");
}

/** The subnet's router: the second address of its block (VPC guide, "Subnet sizing": base plus one). */
export function gatewayOf(subnet: Cidr): string {
  return formatAddress(subnet.base + 1);
}

/** The VPC's DNS server: base plus two (VPC guide, "Amazon DNS server"). */
export function resolverOf(vpc: Cidr): string {
  return formatAddress(vpc.base + 2);
}

/** A locally administered MAC address made of the IPv4 address, so that a reused address keeps its MAC and no ARP entry goes stale. */
export function macOf(address: string): string {
  const bytes = [24, 16, 8, 0].map((shift) => (parseAddress(address) >>> shift) & 0xff);
  return ["02", "00", ...bytes.map((byte) => byte.toString(16).padStart(2, "0"))].join(":");
}

/** EC2's IP-based host name (EC2 guide, "Instance hostname types"): ip-172-31-1-5. */
export function hostNameOf(address: string): string {
  return `ip-${address.replaceAll(".", "-")}`;
}

/** The private DNS name: `.ec2.internal` in us-east-1, `.REGION.compute.internal` elsewhere (EC2 guide). */
export function privateDnsNameOf(address: string, region: string): string {
  return `${hostNameOf(address)}.${region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`}`;
}
