import { randomBytes } from "node:crypto";

/** Sixteen hexadecimal digits, as AWS ends load balancing ARNs. */
export function newId(): string {
  return randomBytes(8).toString("hex");
}

/** An ARN of Elastic Load Balancing. */
export function arnOf(place: { region: string; accountId: string }, resource: string): string {
  return `arn:aws:elasticloadbalancing:${place.region}:${place.accountId}:${resource}`;
}

/** Hands out loopback addresses PREFIX.1 to PREFIX.254; one that was given back is handed out last. */
export class AddressPool {
  readonly #free: string[];

  /** @param prefix the first three parts of the addresses: `127.77.0` */
  constructor(prefix: string) {
    this.#free = Array.from({ length: 254 }, (_, i) => `${prefix}.${i + 1}`);
  }

  take(): string | undefined {
    return this.#free.shift();
  }

  giveBack(address: string): void {
    this.#free.push(address);
  }
}
