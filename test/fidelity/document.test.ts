import { readFileSync } from "node:fs";
import * as path from "node:path";
import { disagreements, renderDocument } from "./document.js";
import { sections } from "./statements/index.js";

const write = "run: node test/fidelity/write.cjs";

test(`docs/fidelity.md is as the registry and the tests have it (else ${write})`, () => {
  expect(readFileSync(path.resolve(__dirname, "../../docs/fidelity.md"), "utf8")).toBe(renderDocument());
});

test("every statement has a test or a reason, and every test's ids exist", () => {
  expect(disagreements()).toEqual([]);
});

test("ids belong to one statement each", () => {
  const ids = sections.flatMap(({ statements }) => statements.map(({ id }) => id));
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});
