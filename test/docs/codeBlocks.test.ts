import { readFileSync } from "node:fs";
import * as path from "node:path";
import { blocksOf, compile, root } from "./compile.js";

test("every TypeScript block of the README and of the Kubernetes page, and every example, compiles, and a wrong one would not", () => {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const blocks = blocksOf(readme);
  expect(blocks.length).toBeGreaterThan(0);
  // The blocks after the first stand on its network, as the README says.
  const network = (blocks[0] ?? "").split("\nconst web")[0] ?? "";
  const prelude = `import * as pulumi from "@pulumi/pulumi";\n${network}\nconst config = new pulumi.Config();\n`;
  const named: Record<string, string> = Object.fromEntries(
    blocks.map((code, index) => [path.join(root, `readme-${index}.ts`), index === 0 ? code : prelude + code]),
  );
  const guide = blocksOf(readFileSync(path.join(root, "docs/kubernetes.md"), "utf8"));
  expect(guide.length).toBeGreaterThan(0);
  for (const [index, code] of guide.entries()) named[path.join(root, `kubernetes-${index}.ts`)] = code;
  const wrong = path.join(root, "readme-wrong.ts");
  const faults = compile({ ...named, [wrong]: (blocks[0] ?? "").replace("batchSize: 2", 'batchSize: "two"') }, [
    path.join(root, "examples/rolling-fleet/index.ts"),
    path.join(root, "examples/blue-green-pair/index.ts"),
    path.join(root, "examples/canary-release/index.ts"),
    path.join(root, "examples/kubernetes-rolling-fleet/index.ts"),
    path.join(root, "examples/kubernetes-blue-green-pair/index.ts"),
    path.join(root, "examples/kubernetes-canary-release/index.ts"),
  ]);
  expect(faults.filter((fault) => !fault.startsWith(wrong))).toEqual([]);
  expect(faults.filter((fault) => fault.startsWith(wrong))).toHaveLength(1);
}, 120_000);
