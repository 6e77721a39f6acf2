import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
} from "node:fs";
import * as path from "node:path";
import { pulumiHome } from "./cache.js";

/** The file that the engine looks for, beside itself or on PATH. */
export const HOST_NAME = "pulumi-language-nodejs";

/**
 * Puts our own small language host beside a CLI that came without one, and returns its directory. Where the CLI's directory is
 * not ours to write to, it goes under Pulumi's home, and the engine says so with a warning ("using … from $PATH").
 */
export function installLanguageHost(pulumi: string): string {
  const beside = path.dirname(pulumi);
  const directory = isWritable(beside) ? beside : path.join(pulumiHome(), "hitless", "bin");
  mkdirSync(directory, { recursive: true });
  const target = path.join(directory, HOST_NAME);
  const arriving = `${target}.${process.pid}`;
  copyFileSync(path.join(__dirname, "languageHost.js"), arriving);
  chmodSync(arriving, 0o755);
  renameSync(arriving, target);
  return directory;
}

/** True where a host lies that is not ours: Pulumi's own, which then serves. */
export function hasForeignHost(directory: string): boolean {
  const file = path.join(directory, HOST_NAME);
  return existsSync(file) && !readFileSync(file).subarray(0, 200).includes("node");
}

function isWritable(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false; // someone else's directory: the very thing that is asked
  }
}
