import * as path from "node:path";
import * as ts from "typescript";

export const root = path.resolve(__dirname, "../..");

const options: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  strict: true,
  skipLibCheck: true,
  noEmit: true,
  types: ["node"],
  // A reader has the package; here its source stands for it.
  paths: {
    hitless: [path.join(root, "src/index.ts")],
    "hitless/testing": [path.join(root, "src/testing/index.ts")],
    "hitless/kubernetes": [path.join(root, "src/kubernetes/index.ts")],
    "hitless/policy": [path.join(root, "src/policy/index.ts")],
  },
};

/** What the compiler says of programs given as text, as if they lay in the project's root, and of files as they are. */
export function compile(texts: Readonly<Record<string, string>>, files: readonly string[]): string[] {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (file) => file in texts || fileExists(file);
  host.readFile = (file) => texts[file] ?? readFile(file);
  host.getSourceFile = (file, ...rest) => {
    const text = texts[file];
    return text === undefined ? getSourceFile(file, ...rest) : ts.createSourceFile(file, text, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...Object.keys(texts), ...files], options, host);
  // The library's sources are only looked up here: they are type-checked as a whole elsewhere.
  const isElsewhere = (file: string): boolean => file.includes("/node_modules/") || file.startsWith(`${root}/src/`);
  const asked = program.getSourceFiles().filter(({ fileName }) => !isElsewhere(fileName));
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...asked.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ].map((found) => `${found.file?.fileName}: ${ts.flattenDiagnosticMessageText(found.messageText, "\n")}`);
}

/** The TypeScript blocks of a page. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? "");
}
