import { createHash, randomFillSync } from "node:crypto";

const idLength = 17;

/** Randomness is fetched for many ids at once: a fetch costs as much as all of them, and an instance has five. */
const random = Buffer.alloc(4096);
let spent = random.length;

/** As many random bytes, in hexadecimal digits. */
export function randomHex(bytes: number): string {
  if (spent + bytes > random.length) {
    randomFillSync(random);
    spent = 0;
  }
  spent += bytes;
  return random.toString("hex", spent - bytes, spent);
}

/** A fresh id in AWS's long form: `vpc-` and 17 hexadecimal digits. */
export function newId(prefix: string): string {
  return `${prefix}-${randomHex(9).slice(0, idLength)}`;
}

/** The same id for the same seed, for what is there from the start: a restarted cloud has the default VPC it had before. */
export function stableId(prefix: string, seed: string): string {
  return `${prefix}-${createHash("sha256").update(`${prefix} ${seed}`).digest("hex").slice(0, idLength)}`;
}

/** Whether `id` has the form of an AWS id with that prefix (8 hexadecimal digits of old, 17 now). */
export function isWellFormed(id: string, prefix: string): boolean {
  return new RegExp(`^${prefix}-[0-9a-f]{8,17}$`).test(id);
}
