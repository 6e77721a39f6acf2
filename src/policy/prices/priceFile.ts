import { readFileSync } from "node:fs";
import type { PriceFile } from "./prices.js";

/** Loaded only for whoever has a file: zod takes longer than all policies together, and a pack is started for every preview. */
function shape() {
  const { z } = require("zod") as typeof import("zod");
  return z.strictObject({
    source: z.string().min(1),
    region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/),
    date: z.iso.date(),
    instances: z.record(z.string(), z.number().positive()),
  });
}

/** Reads what `hitless prices update` wrote. @throws Error with the file and every fault in it */
export function readPriceFile(file: string): PriceFile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new Error(`${file} cannot be read as a price file: ${(cause as Error).message}`, { cause });
  }
  const read = shape().safeParse(json);
  if (read.success) return read.data;
  const faults = read.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`);
  throw new Error(`${file} is no price file of \`hitless prices update\`: ${faults.join("; ")}`);
}
