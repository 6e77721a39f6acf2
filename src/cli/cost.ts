import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { Command } from "commander";

interface Flags {
  readonly cwd: string;
  readonly stack?: string;
  readonly state?: string;
  readonly preview?: string;
  readonly diff: boolean;
  readonly prices?: string;
  readonly region?: string;
  readonly nodeType?: string;
}

/** `hitless cost`: what a stack costs, and what the next update changes of it. */
export function costCommand(): Command {
  return new Command("cost")
    .description(
      "Tell what the stack's fleets cost, which part is duplicate, and with --diff what the next update adds or frees.",
    )
    .option("--cwd <dir>", "directory of the Pulumi program", ".")
    .option("--stack <name>", "the stack (default: the selected one)")
    .option("--diff", "compare the last state with a preview", false)
    .option("--state <file>", "the last state, from `pulumi stack export` (default: asks Pulumi)")
    .option("--preview <file>", "with --diff: the preview, from `pulumi preview --json` (default: asks Pulumi)")
    .option("--prices <file>", "prices from `hitless prices update` (default: those built in)")
    .option("--region <code>", "the stack's region, where its state does not show it")
    .option("--node-type <type>", "the instance type of the nodes that pods run on, where its state does not show it")
    .addHelpText("after", "\nExit code: 0 the bill was printed; 2 it could not be made.")
    .action(async (flags: Flags) => {
      try {
        process.stdout.write(`${await report(flags)}\n`);
      } catch (error) {
        process.stderr.write(`hitless cost: ${(error as Error).message}\n`);
        process.exitCode = 2;
      }
    });
}

async function report(flags: Flags): Promise<string> {
  const { fromPreview, fromState, previewFaults } = await import("../policy/cost/stateFiles.js");
  const { billOf } = await import("../policy/cost/bill.js");
  const { table } = await import("../policy/cost/table.js");
  const { difference, differenceText } = await import("../policy/cost/difference.js");
  const { priceOptions } = await import("../policy/rules/duplicateEnvironmentCost.js");
  const { Prices } = await import("../policy/prices/prices.js");
  const { readStack } = await import("../policy/model/stack.js");
  if (flags.preview !== undefined && !flags.diff) throw new Error("--preview goes with --diff.");

  const before = readStack(fromState(await read(flags.state, ["stack", "export"], flags)));
  const preview = flags.diff ? await read(flags.preview, ["preview", "--json"], flags) : undefined;
  const after = flags.diff ? readStack(fromPreview(preview)) : undefined;
  const faults = flags.diff ? previewFaults(preview) : [];
  const region = flags.region ?? before.region ?? after?.region;
  const nodeType = flags.nodeType ?? before.nodeType ?? after?.nodeType;
  const found = { ...(region !== undefined ? { region } : {}), ...(nodeType !== undefined ? { nodeType } : {}) };
  const prices = new Prices(priceOptions({ ...(flags.prices ? { priceFile: flags.prices } : {}) }, found));
  const old = billOf(before, prices);
  const bill = after ? billOf(after, prices) : old;
  return [
    table(bill),
    ...bill.unpriced.map((problem) => `Not priced: ${problem}.`),
    ...bill.unseen.map((problem) => `Not sure: ${problem}.`),
    ...faults.map((fault) => `Not sure: the preview failed (${fault}); what it had not come to is missing here.`),
    ...(after ? [differenceText(difference(old, bill))] : []),
    prices.provenance(new Date()),
  ].join("\n");
}

async function read(file: string | undefined, command: readonly string[], flags: Flags): Promise<unknown> {
  const text = file === undefined ? await pulumi(command, flags) : readFileSync(file, "utf8");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file ?? `pulumi ${command.join(" ")}`} gave no JSON: ${(cause as Error).message}`, { cause });
  }
}

async function pulumi(command: readonly string[], { cwd, stack }: Flags): Promise<string> {
  const args = [...command, "--non-interactive", ...(stack ? ["--stack", stack] : [])];
  try {
    return (await promisify(execFile)("pulumi", args, { cwd, maxBuffer: 1 << 28 })).stdout;
  } catch (cause) {
    const { code, stderr, message } = cause as { code?: unknown; stderr?: string; message: string };
    if (code === "ENOENT") {
      const files = "hand the state over: --state FILE, and with --diff --preview FILE";
      throw new Error(
        `there is no pulumi on PATH to ask for the stack, or no directory ${cwd}. Put it there, or ${files}.`,
        {
          cause,
        },
      );
    }
    throw new Error(`pulumi ${args.join(" ")} failed: ${stderr?.trim() || message}`, { cause });
  }
}
