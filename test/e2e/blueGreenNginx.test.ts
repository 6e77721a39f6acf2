import { readFileSync } from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { findNginx } from "../support/nginx.js";
import { expectPassed, rehearse, root } from "./support/rehearse.js";

const MINUTES = 60_000;
const example = path.join(root, "examples/blue-green-pair");

const found = findNginx("blueGreenNginx");

(found === undefined ? test.skip : test)(
  "the example serves with nginx: a release, a switch, a rollback, and a release without a home page, nothing lost",
  async () => {
    const scenario = parse(readFileSync(path.join(example, "rehearsal.yaml"), "utf8"));
    expectPassed(await rehearse(example, { ...scenario, destroy: true }));
  },
  6 * MINUTES,
);
