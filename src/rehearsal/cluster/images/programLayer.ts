import { createHash } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, statSync } from "node:fs";
import * as path from "node:path";
import { runCommand } from "../../cloud/instances/command.js";
import { clusterCache } from "../tools/cacheDirectory.js";
import { type Layer, readLayer, writeLayer } from "./layer.js";

/** A layer with programs of this machine and the libraries that they load; kept, as it is large and rarely changes. */
export async function programLayer(programs: readonly string[]): Promise<Layer> {
  const files = new Map<string, string>();
  for (const program of programs) {
    for (const file of [program, ...(await librariesOf(program))]) files.set(file, realpathSync(file));
  }
  const directory = path.join(clusterCache(), "layers");
  mkdirSync(directory, { recursive: true });
  const target = path.join(directory, `${fingerprint(files)}.tar`);
  return existsSync(target) ? readLayer(target) : writeLayer(files, target);
}

/** What the dynamic linker would load, the linker itself included; nothing for a static program. */
async function librariesOf(program: string): Promise<string[]> {
  try {
    const { stdout } = await runCommand("ldd", [program]);
    return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file as string);
  } catch (error) {
    if (/not a dynamic executable|statically linked/.test((error as Error).message)) return [];
    throw error;
  }
}

function fingerprint(files: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256");
  for (const [inImage, here] of files) {
    const { size, mtimeMs } = statSync(here);
    hash.update(`${inImage}\n${here}\n${size}\n${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 32);
}
