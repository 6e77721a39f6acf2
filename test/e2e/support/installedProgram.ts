import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { root } from "./rehearse.js";

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams. */
  readonly output: string;
}

/** What npm tells the scripts that it runs about their own package: a program elsewhere must not be taken for that one. */
const npmsOwn = /^npm_(package_|lifecycle_|config_local_prefix$)/;

/** Runs a command to its end, whatever its exit code. */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Ran> {
  const env = Object.fromEntries(Object.entries(environment).filter(([name]) => !npmsOwn.test(name)));
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 26 });
    return { exitCode: 0, stdout, output: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout?: string; stderr?: string };
    // Anything but a number: the command could not be run, or was killed.
    if (typeof code !== "number") throw error;
    return { exitCode: code, stdout: stdout ?? "", output: `${stdout ?? ""}${stderr ?? ""}` };
  }
}

/** Runs a command that has to succeed, and answers its standard output. */
export async function must(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { exitCode, stdout, output } = await run(command, args, cwd);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} failed (${exitCode}):\n${output}`);
  return stdout;
}

/** A directory outside the repository, into which the packed package is installed as a user installs it. */
export class InstalledProgram {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-package-"));
  readonly installed = path.join(this.directory, "node_modules/hitless");

  /** Packs what stands in `dist` and installs the tarball, with what else a program needs. */
  async install(...others: string[]): Promise<void> {
    // Without scripts: one that builds before packing would take `dist` away from other tests.
    await must("npm", ["pack", "--ignore-scripts", "--pack-destination", this.directory], root);
    const tarball = readdirSync(this.directory).find((name) => name.endsWith(".tgz"));
    this.write({ "package.json": JSON.stringify({ name: "shop", private: true }) });
    const quietly = ["--no-audit", "--no-fund", "--prefer-offline"];
    await must("npm", ["install", ...quietly, `./${tarball}`, ...others], this.directory);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(this.directory, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** Every file of the installed package. */
  files(): string[] {
    return readdirSync(this.installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(this.installed, path.join(entry.parentPath, entry.name)))
      .filter((file) => !file.startsWith("node_modules"));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
