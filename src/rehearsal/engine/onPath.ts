import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

/** The first executable file of that name on PATH. */
export function findOnPath(name: string, searchPath = process.env.PATH ?? ""): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((directory) => directory !== "")
    .map((directory) => path.join(directory, name))
    .find(isExecutable);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile() && statSync(file).size > 0;
  } catch {
    return false; // absent or not executable: the very thing that is asked
  }
}

/** What `pulumi version` says, without the leading v. */
export async function pulumiVersion(pulumi: string): Promise<string> {
  const { stdout } = await promisify(execFile)(pulumi, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeout: 60_000,
  });
  const version = stdout.trim().replace(/^v/, "");
  if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${pulumi} calls itself "${version}", which is no version`);
  return version;
}
