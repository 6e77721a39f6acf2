import { readFileSync } from "node:fs";
import * as path from "node:path";
import { CODES } from "../../src/errors/index.js";

/** `docs/errors.md` has one row per code: | `HIT100` | title | why |. */
test("docs/errors.md lists every code of components and gates as the registry has it", () => {
  const text = readFileSync(path.resolve(__dirname, "../../docs/errors.md"), "utf8");
  const rows = [...text.matchAll(/^\| `(HIT[123]\d\d)` \| (.*?) \| (.*?) \|$/gm)].map((match) =>
    match.slice(1, 4).map((cell) => cell.trim()),
  );
  const expected = Object.entries(CODES).map(([code, { title, why }]) => [code, title, why]);
  expect(rows).toEqual(expected);
});
