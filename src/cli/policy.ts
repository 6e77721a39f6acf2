import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { Command } from "commander";

/** `hitless policy`: a policy pack of a team's own. */
export function policyCommand(): Command {
  const init = new Command("init")
    .description("Write a policy pack of your own that extends Hitless's.")
    .argument("[dir]", "where to write it", "policy")
    .action((directory: string) => {
      try {
        process.stdout.write(`${writePack(directory)}\n`);
      } catch (error) {
        process.stderr.write(`hitless policy init: ${(error as Error).message}\n`);
        process.exitCode = 2;
      }
    });
  return new Command("policy")
    .description("Policies: what must never be deployed, and what it may cost.")
    .addCommand(init);
}

const FILES: Readonly<Record<string, string>> = {
  "PulumiPolicy.yaml": "description: Our policies\nruntime: nodejs\nmain: index.js\n",
  // Pulumi's runner wants a version here.
  "package.json": `${JSON.stringify({ name: "our-policies", version: "0.1.0", private: true, main: "index.js" }, null, 2)}\n`,
  "index.js": `const { PolicyPack } = require("@pulumi/policy");
const { hitlessPolicies } = require("hitless/policy");

new PolicyPack("our-policies", {
  policies: [
    ...hitlessPolicies({
      // A level, or options; what is not named keeps its default (docs/policies of the hitless package).
      "duplicate-environment-cost": { maxMonthlyUsd: 500 },
      "health-check-too-slow": "advisory",
    }),
    // Your own policies go here.
  ],
});
`,
};

function writePack(directory: string): string {
  const taken = Object.keys(FILES).filter((name) => existsSync(path.join(directory, name)));
  if (taken.length > 0) {
    throw new Error(`${taken.join(", ")} in ${directory} exists already, and is left alone. Name another directory.`);
  }
  mkdirSync(directory, { recursive: true });
  for (const [name, text] of Object.entries(FILES)) writeFileSync(path.join(directory, name), text);
  return [
    `A policy pack in ${directory}. It needs @pulumi/policy: npm install --save-dev @pulumi/policy`,
    `Use it: pulumi preview --policy-pack ${directory}`,
  ].join("\n");
}
