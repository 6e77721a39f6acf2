import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { expectPassed, rehearse, root } from "./support/rehearse.js";

const MINUTES = 60_000;
const example = path.join(root, "examples/blue-green-pair");

/** The version of the nginx on this machine, which instances use; undefined where there is none. */
function nginx(): string | undefined {
  const PATH = `${process.env.PATH}:/usr/sbin`;
  try {
    return execFileSync("sh", ["-c", "nginx -v 2>&1"], { env: { ...process.env, PATH }, encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

const found = nginx();
if (found === undefined) {
  process.stderr.write("blueGreenNginx: skipped, as nginx is not on this machine (Debian: apt-get install nginx)\n");
}

(found === undefined ? test.skip : test)(
  "the example serves with nginx: a release, a switch, a rollback, and a release without a home page, nothing lost",
  async () => {
    const scenario = parse(readFileSync(path.join(example, "rehearsal.yaml"), "utf8"));
    expectPassed(await rehearse(example, scenario));
  },
  6 * MINUTES,
);
