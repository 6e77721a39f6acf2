import { readFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

const root = path.resolve(__dirname, "../..");

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
  // A reader has the package; here its source stands for it.
  paths: { hitless: [path.join(root, "src/index.ts")], "hitless/testing": [path.join(root, "src/testing/index.ts")] },
};

/** What the compiler says of programs given as text, as if they lay in the project's root, and of files as they are. */
function compile(texts: Readonly<Record<string, string>>, files: readonly string[]): string[] {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => file in texts || fileExists(file);
  host.readFile = (file) => texts[file] ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts[file];
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...Object.keys(texts), ...files], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map((found) => `${found.file?.fileName}: ${ts.flattenDiagnosticMessageText(found.messageText, "\n")}`);
}

test("every TypeScript block of the README and every example compiles, and a wrong one would not", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
  expect(blocks.length).toBeGreaterThan(0);
  // The blocks after the first stand on its network, as the README says.
  const network = (blocks[0] ?? "").split("\nconst web")[0] ?? "";
  const prelude = `import * as pulumi from "@pulumi/pulumi";\n${network}\nconst config = new pulumi.Config();\n`;
  const named = Object.fromEntries(
    blocks.map((code, index) => [path.join(root, `readme-${index}.ts`), index === 0 ? code : prelude + code]),
  );
  const wrong = path.join(root, "readme-wrong.ts");
  const faults = compile({ ...named, [wrong]: (blocks[0] ?? "").replace("batchSize: 2", 'batchSize: "two"') }, [
    path.join(root, "examples/rolling-fleet/index.ts"),
    path.join(root, "examples/blue-green-pair/index.ts"),
    path.join(root, "examples/canary-release/index.ts"),
  ]);
  expect(faults.filter((fault) => !fault.startsWith(wrong))).toEqual([]);
  expect(faults.filter((fault) => fault.startsWith(wrong))).toHaveLength(1);
}, 120_000);
