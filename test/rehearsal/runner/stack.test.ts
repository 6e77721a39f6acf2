import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Stack } from "../../../src/rehearsal/runner/stack.js";
import { scratch } from "./scratch.js";

const own = scratch();
afterAll(own.remove);

test.each([
  { isolatedModules: true, seen: ["checked", "checked", "true"] },
  { isolatedModules: false, seen: ["checked", "checked", "checked"] },
])(
  "types are checked until a call has ended well, and then no more if files stand alone: $isolatedModules",
  async ({ isolatedModules, seen }) => {
    const calls = path.join(own.directory, `calls-${isolatedModules}`);
    // The call's number decides how it ends: the first one fails.
    const pulumi = own.script(
      "pulumi",
      `const fs = require("node:fs"), file = ${JSON.stringify(calls)};
     fs.appendFileSync(file, (process.env.PULUMI_NODEJS_TRANSPILE_ONLY ?? "checked") + "\\n");
     process.exit(fs.readFileSync(file, "utf8").split("\\n").length === 2 ? 1 : 0);`,
    );
    const work = path.join(own.directory, `work-${isolatedModules}`);
    mkdirSync(work);
    const stack = new Stack(
      { name: "web", directory: own.directory, isolatedModules },
      { pulumi, environment: () => ({}) },
      { url: "http://127.0.0.1:9", region: "us-east-1", speed: 10 },
      () => ({}),
      work,
      new AbortController().signal,
    );
    for (const run of [
      () => stack.preview(false, () => {}),
      () => stack.up(false, () => {}),
      () => stack.up(true, () => {}),
    ])
      await run().ended;
    expect(readFileSync(calls, "utf8").trim().split("\n")).toEqual(seen);
  },
);
