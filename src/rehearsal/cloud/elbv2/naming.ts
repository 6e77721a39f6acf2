import { randomBytes } from "node:crypto";

/** Sixteen hexadecimal digits, as AWS ends load balancing ARNs. */
export function newId(): string {
  return randomBytes(8).toString("hex");
}

/** An ARN of Elastic Load Balancing. */
export function arnOf(place: { region: string; accountId: string }, resource: string): string {
  return `arn:aws:elasticloadbalancing:${place.region}:${place.accountId}:${resource}`;
}

/** Hands out loopback addresses PREFIX.1 (or another first one) to PREFIX.254; one that was given back is handed out last. */
export class AddressPool {
  readonly #free: string[];

  /**
   * @param prefix the first three parts of the addresses: `127.77.0`
   * @param first the last part of the first address
   */
  constructor(prefix: string, first = 1) {
    this.#free = Array.from({ length: 255 - first }, (_, i) => `${prefix}.${i + first}`);
  }

  take(): string | undefined {
    return this.#free.shift();
  }

  giveBack(address: string): void {
    this.#free.push(address);
  }
}
