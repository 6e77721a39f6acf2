import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const SOURCES = path.resolve(__dirname, "../src");
const LIBRARY = ["errors", "fleet", "gates", "inputs", "plan", "strategies", "testing", "traffic"];

function* sources(): Generator<[string, string]> {
  for (const folder of LIBRARY) {
    for (const entry of readdirSync(path.join(SOURCES, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      yield [path.relative(SOURCES, file), readFileSync(file, "utf8")];
    }
  }
}

/** What a file imports when it is loaded (types and `await import` are not). */
const imported = (text: string): string[] =>
  [...text.matchAll(/^import (?!type )[^;]*?from "([^"]+)"/gms)].map((match) => match[1] as string);

describe("importing Hitless is cheap", () => {
  test("no AWS SDK, and not the whole of @pulumi/aws, when a file is loaded", () => {
    const heavy = [...sources()].filter(([, text]) =>
      imported(text).some((name) => name.startsWith("@aws-sdk/") || name === "@pulumi/aws"),
    );
    expect(heavy.map(([file]) => file)).toEqual([]);
  });
});

test("arrows point one way: strategies → fleet, traffic, gates → plan, errors → inputs", () => {
  const allowed: Record<string, readonly string[]> = {
    inputs: ["inputs"],
    errors: ["errors", "inputs"],
    plan: ["plan"],
    gates: ["gates", "plan", "errors", "inputs"],
    fleet: ["fleet", "plan", "errors", "inputs"],
    traffic: ["traffic", "plan", "errors", "inputs"],
    strategies: LIBRARY.filter((folder) => folder !== "testing"),
    testing: ["testing"],
  };
  const wrong: string[] = [];
  for (const [file, text] of sources()) {
    const folder = file.split(path.sep)[0] as string;
    for (const match of text.matchAll(/from "(\.[^"]+)"/g)) {
      const target = path
        .relative(SOURCES, path.resolve(SOURCES, path.dirname(file), match[1] as string))
        .split(path.sep)[0] as string;
      if (!allowed[folder]?.includes(target)) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});
