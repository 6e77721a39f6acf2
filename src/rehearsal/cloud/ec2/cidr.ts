/** An IPv4 block, its host bits cleared. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
  /** Canonical text: `172.31.0.0/16`. */
  readonly text: string;
}

/** Reads `a.b.c.d/n`; undefined when it is not an IPv4 block. Host bits are cleared, as AWS does ("canonical form"). */
export function parseCidr(text: string): Cidr | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (!match) return undefined;
  const [a, b, c, d, prefix] = match.slice(1).map(Number) as [number, number, number, number, number];
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) return undefined;
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  const base = Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix);
  return { base, prefix, text: `${addressText(base)}/${prefix}` };
}

/** How many addresses the block holds. */
export function cidrSize(cidr: Cidr): number {
  return 2 ** (32 - cidr.prefix);
}

/** Whether all of `inner` lies in `outer`. */
export function cidrContains(outer: Cidr, inner: Cidr): boolean {
  return inner.base >= outer.base && inner.base + cidrSize(inner) <= outer.base + cidrSize(outer);
}

/** Whether the blocks have an address in common. */
export function cidrsOverlap(one: Cidr, other: Cidr): boolean {
  return cidrContains(one, other) || cidrContains(other, one);
}

/** An IPv4 address as text. */
export function addressText(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(address / unit) % 256).join(".");
}
