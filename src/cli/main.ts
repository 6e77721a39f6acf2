#!/usr/bin/env node
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { Command } from "commander";
import { cloudCommand } from "./cloud.js";
import { clusterCommand } from "./cluster.js";
import { costCommand } from "./cost.js";
import { policyCommand } from "./policy.js";
import { pricesCommand } from "./prices.js";
import { rehearseCommand } from "./rehearse.js";

/** Exit code for flags and arguments that are not understood, as for any other bad input. */
const BAD_INPUT = 2;

function version(): string {
  const manifest = readFileSync(path.join(__dirname, "../../package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}

/** The whole command line; each command is told what to do with a refusal in one place. */
export function program(): Command {
  const hitless = new Command("hitless")
    .description("Zero-downtime deployments as Pulumi components, rehearsed under real load before they reach AWS.")
    .version(version())
    .showHelpAfterError("(add --help to see what there is)")
    .addCommand(cloudCommand())
    .addCommand(clusterCommand())
    .addCommand(rehearseCommand())
    .addCommand(policyCommand())
    .addCommand(pricesCommand())
    .addCommand(costCommand());
  for (const command of [hitless, ...hitless.commands, ...hitless.commands.flatMap(({ commands }) => commands)]) {
    command.showHelpAfterError("(add --help to see what there is)");
    command.exitOverride((error) => {
      // Help and version end with 0; everything that commander itself refuses is bad input.
      process.exit(error.exitCode === 0 ? 0 : BAD_INPUT);
    });
  }
  return hitless;
}

if (require.main === module) {
  program()
    .parseAsync()
    .catch((error: Error) => {
      process.stderr.write(`hitless broke off: ${error.stack}\n`);
      process.exitCode = 1;
    });
}
