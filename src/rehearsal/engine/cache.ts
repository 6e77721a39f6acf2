import * as os from "node:os";
import * as path from "node:path";
import { isExecutable } from "./onPath.js";

/** The engine that is installed or built where the machine has none. */
export const TOOLCHAIN_VERSION = "3.259.0";

/** Pulumi's own directory, outside every clone. */
export function pulumiHome(): string {
  return process.env.PULUMI_HOME ?? path.join(os.homedir(), ".pulumi");
}

/** Where the npm package `pulumi` and the Automation API keep a CLI of that version. */
export function cacheDirectory(version: string = TOOLCHAIN_VERSION): string {
  return path.join(pulumiHome(), "versions", version, "bin");
}

export function cachedPulumi(): string {
  const file = path.join(cacheDirectory(), "pulumi");
  if (!isExecutable(file)) throw new Error(`no ${file} yet`);
  return file;
}
