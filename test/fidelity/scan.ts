import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

/** A test that is named after statements. */
export interface NamedTest {
  readonly ids: readonly string[];
  /** Relative to the repository: `test/rehearsal/cloud/elbv2/rules.test.ts`. */
  readonly file: string;
  /** The test's own title without its ids; undefined where `statement()` made it. */
  readonly title?: string;
}

const root = path.resolve(__dirname, "../..");
const tag = /["`]([^"`\n]*) \[([A-Z]-\d+(?:, [A-Z]-\d+)*)\]["`]/g;
const made = /\bstatement\(\s*"([A-Z]-\d+)"/g;

/** Every test under test/ that names a statement, by file and place. */
export function namedTests(): NamedTest[] {
  return testFiles(path.join(root, "test")).flatMap((file) => {
    const text = readFileSync(file, "utf8");
    const relative = path.relative(root, file).split(path.sep).join("/");
    const found: [number, NamedTest][] = [];
    for (const match of text.matchAll(tag)) {
      const [, title = "", ids = ""] = match;
      found.push([match.index, { ids: ids.split(", "), file: relative, title }]);
    }
    for (const match of text.matchAll(made)) found.push([match.index, { ids: [match[1] ?? ""], file: relative }]);
    return found.sort(([a], [b]) => a - b).map(([, one]) => one);
  });
}

function testFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const at = path.join(directory, entry.name);
      if (entry.isDirectory()) return testFiles(at);
      return entry.name.endsWith(".test.ts") ? [at] : [];
    });
}
