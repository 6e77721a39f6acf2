import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { expected } from "../../src/policy/options.js";
import { allRules } from "../../src/policy/rules/index.js";

const folder = path.resolve(__dirname, "../../docs/policies");
const read = (name: string): string => readFileSync(path.join(folder, `${name}.md`), "utf8");

test("each policy has its page, no page is left over, and the index has them all as they are", () => {
  const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ""));
  expect(pages.sort()).toEqual(["README", ...allRules().map(({ name }) => name)].sort());
  const rows = [...read("README").matchAll(/^\| \[(.+?)\]\(\1\.md\) +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm)];
  expect(rows.map((row) => row.slice(1))).toEqual(
    allRules().map(({ name, severity, level, title }) => [name, severity, level, title]),
  );
});

test.each(allRules().map((rule) => [rule.name, rule] as const))(
  "%s: its page says what, why, options, way out and an example",
  (name, rule) => {
    const page = read(name);
    expect(page).toContain(`# ${name}\n\n${rule.title}\n`);
    expect(page).toContain(`Severity ${rule.severity}; ${rule.level} by default.`);
    for (const heading of ["Why", "Options", "Remediation", "Example"]) expect(page).toContain(`\n## ${heading}\n`);
    for (const step of rule.remediation) expect(page).toContain(step);
    const rows = [...page.matchAll(/^\| `(\w+)` +\| (.+?) +\| `(.+?)` +\| (.+?) +\|$/gm)].map((row) => row.slice(1));
    const options = Object.entries(rule.options).map(([key, spec]) => {
      const value = (rule.defaults as Record<string, unknown>)[key];
      return [key, expected(spec), value === undefined ? "none" : JSON.stringify(value), spec.description];
    });
    expect(rows).toEqual(options);
  },
);
