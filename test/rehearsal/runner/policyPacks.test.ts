import { writeFileSync } from "node:fs";
import path from "node:path";
import { HitlessError } from "../../../src/errors/hitlessError.js";
import { policyFlags } from "../../../src/rehearsal/runner/policyPacks.js";
import { scratch } from "./scratch.js";

const own = scratch();
afterAll(own.remove);

test("each pack and each file of settings becomes a flag of the engine, as an absolute path", () => {
  const file = path.join(own.directory, "settings.json");
  writeFileSync(file, "{}");
  const relative = path.relative(process.cwd(), own.directory);
  writeFileSync(path.join(own.directory, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  expect(policyFlags({ packs: [relative], configs: [file] })).toEqual([
    ...["--policy-pack", own.directory],
    ...["--policy-pack-config", file],
  ]);
  expect(policyFlags({ packs: [], configs: [] })).toEqual([]);
});

test("what cannot be used is told at once", () => {
  let error: unknown;
  try {
    policyFlags({ packs: ["/nowhere"], configs: ["/nowhere.json", "/neither.json"] });
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(HitlessError);
  const { message } = error as HitlessError;
  expect(message).toMatch(/--policy-pack \/nowhere.*no PulumiPolicy\.yaml/);
  expect(message).toMatch(/--policy-pack-config \/nowhere\.json.*no such file/);
  expect(message).toMatch(/--policy-pack-config \/neither\.json.*no such file/);
  expect(message).toMatch(/there are 2 of them, and 1 of --policy-pack/);
});
