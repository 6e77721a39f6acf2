import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";

const SOURCES = path.resolve(__dirname, "../src");
const LIBRARY = ["errors", "fleet", "gates", "inputs", "kubernetes", "plan", "strategies", "testing", "traffic"];

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

/** The same, with what it exports again. */
const loads = (text: string): string[] => [
  ...imported(text),
  ...[...text.matchAll(/^export (?!type )[^;]*?from "([^"]+)"/gms)].map((match) => match[1] as string),
];

describe("importing Hitless is cheap", () => {
  test("no AWS SDK, and not the whole of @pulumi/aws, when a file is loaded", () => {
    const heavy = [...sources()].filter(([, text]) =>
      imported(text).some((name) => name.startsWith("@aws-sdk/") || name === "@pulumi/aws"),
    );
    expect(heavy.map(([file]) => file)).toEqual([]);
  });

  test("a program on EC2 loads nothing of Kubernetes", () => {
    const files = new Map(sources());
    files.set("index.ts", readFileSync(path.join(SOURCES, "index.ts"), "utf8"));
    const loaded = new Map<string, readonly string[]>();
    const load = (file: string): void => {
      if (loaded.has(file)) return;
      const names = loads(files.get(file) ?? "");
      loaded.set(file, names);
      for (const name of names.filter((each) => each.startsWith("."))) {
        load(path.join(path.dirname(file), name).replace(/\.js$/, ".ts"));
      }
    };
    load("index.ts");
    expect(loaded.size).toBeGreaterThan(100);
    const kubernetes = [...loaded].filter(([, names]) => names.some((name) => /^@(pulumi\/)?kubernetes\b/.test(name)));
    expect(kubernetes.map(([file]) => file)).toEqual([]);
    load("kubernetes/index.ts"); // the check sees what it looks for
    expect([...loaded.values()].flat().some((name) => name.startsWith("@pulumi/kubernetes/"))).toBe(true);
    expect([...loaded.values()].flat().filter((name) => name.startsWith("@kubernetes/"))).toEqual([]);
  });
});

test("arrows point one way: strategies → fleet → traffic → gates → plan, errors → inputs", () => {
  const allowed: Record<string, readonly string[]> = {
    inputs: ["inputs"],
    errors: ["errors", "inputs"],
    plan: ["plan"],
    gates: ["gates", "plan", "errors", "inputs", "aws"],
    fleet: ["fleet", "traffic", "gates", "plan", "errors", "inputs"],
    traffic: ["traffic", "gates", "plan", "errors", "inputs"],
    strategies: ["strategies", "fleet", "traffic", "gates", "plan", "errors", "inputs"],
    kubernetes: LIBRARY.filter((folder) => folder !== "testing"),
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
