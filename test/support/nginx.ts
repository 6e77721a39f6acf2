import { execFileSync } from "node:child_process";
import { findOnPath } from "../../src/rehearsal/engine/onPath.js";

const PATH = `${process.env.PATH}:/usr/sbin`;

/**
 * The nginx of this machine, for tests of a server that nobody here wrote; undefined where there is none, which is then told.
 *
 * @param suite whose tests are skipped without it
 */
export function findNginx(suite: string): string | undefined {
  const program = findOnPath("nginx", PATH);
  if (program !== undefined && starts(program)) return program;
  process.stderr.write(`${suite}: skipped, as nginx is not on this machine (Debian: apt-get install nginx)\n`);
  return undefined;
}

function starts(program: string): boolean {
  try {
    execFileSync(program, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
