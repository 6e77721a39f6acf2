import { writeFileSync } from "node:fs";
import * as path from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import pino from "pino";
import { HitlessError } from "../errors/hitlessError.js";
import type { RehearsalReport } from "../rehearsal/report/model.js";
import type { Engine } from "../rehearsal/runner/stack.js";
import { ISOLATIONS } from "../rehearsal/scenario/isolations.js";
import type { Isolation, Scenario } from "../rehearsal/scenario/schema.js";

interface Flags {
  readonly scenario?: string;
  readonly speed?: number;
  readonly rate?: number;
  readonly json?: string;
  readonly cloud?: string;
  readonly isolation?: Isolation;
  readonly kubeconfig?: string;
  readonly policyPack: readonly string[];
  readonly policyPackConfig: readonly string[];
  readonly keep: boolean;
  readonly logLevel: string;
}

const PASSED = 0;
const FAILED = 1;
const BAD_INPUT = 2;
const INTERRUPTED = 130;

/** `hitless rehearse`: runs a Pulumi program through its scenario under load. */
export function rehearseCommand(): Command {
  return new Command("rehearse")
    .description("Run a Pulumi program through a scenario: the real engine, a local cloud, real HTTP load.")
    .argument("<dir>", "directory of the Pulumi program, with its Pulumi.yaml")
    .option("--scenario <file>", "the scenario (default: rehearsal.yaml in the directory)")
    .option("--speed <factor>", "how many times faster AWS's durations pass (default: the scenario's)", parsePositive)
    .option("--rate <number>", "requests per second (default: the scenario's)", parsePositive)
    .option("--json <file>", "write the report as JSON; - is standard output")
    .option("--cloud <url>", "use a local cloud that runs already (default: one of its own)")
    .addOption(
      new Option(
        "--isolation <kind>",
        "how servers are kept apart; paper: they run nothing (default: the scenario's)",
      ).choices(ISOLATIONS),
    )
    .option("--kubeconfig <file>", "use a Kubernetes cluster that runs already (default: the scenario's own)")
    .option("--policy-pack <dir>", "judge each preview and update with this policy pack (repeatable)", collect, [])
    .option("--policy-pack-config <file>", "the pack's settings, as JSON (repeatable, one for each pack)", collect, [])
    .option("--keep", "keep the temporary directory with the stack's state and all logs", false)
    .addOption(
      new Option("--log-level <level>", "how much is logged to standard error")
        .choices(["trace", "debug", "info", "warn", "error", "silent"])
        .default("warn"),
    )
    .addHelpText(
      "after",
      [
        "",
        "Exit code: 0 every expectation held and no request was lost; 1 otherwise; 2 bad input; 130 interrupted.",
        "",
        "Example:",
        "  hitless rehearse examples/rolling-fleet --speed 10 --json report.json",
      ].join("\n"),
    )
    .action(async (directory: string, flags: Flags) => {
      process.exitCode = await run(directory, flags);
    });
}

async function run(directory: string, flags: Flags): Promise<number> {
  const interrupt = interruptedBySignals();
  // The AWS SDK's notice about old Node versions would stand in the middle of the picture.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
  const { Interrupted } = await import("../rehearsal/runner/interruption.js");
  try {
    const report = await rehearseWith(directory, flags, interrupt.signal);
    return report.verdict === "passed" ? PASSED : FAILED;
  } catch (error) {
    if (error instanceof Interrupted) {
      process.stderr.write("Interrupted: everything that was started has been taken down.\n");
      return INTERRUPTED;
    }
    const known = error instanceof HitlessError;
    process.stderr.write(`${known ? error.message : `The rehearsal broke off: ${(error as Error).stack}`}\n`);
    return known ? BAD_INPUT : FAILED;
  } finally {
    // Once interrupted, one more Ctrl-C while the process ends must not change how it ends.
    if (!interrupt.signal.aborted) interrupt.forget();
  }
}

async function rehearseWith(directory: string, flags: Flags, interrupt: AbortSignal): Promise<RehearsalReport> {
  const { findProject } = await import("../rehearsal/runner/project.js");
  const { readScenario, SCENARIO_FILE } = await import("../rehearsal/scenario/readScenario.js");
  const { PlainView, TerminalView } = await import("../rehearsal/runner/view.js");
  const { rehearse } = await import("../rehearsal/runner/rehearse.js");
  const { reportText } = await import("../rehearsal/report/text.js");

  // Progress goes where the report does not, so that `--json -` can be piped.
  const out = flags.json === "-" ? process.stderr : process.stdout;
  const project = findProject(directory);
  const read = readScenario(flags.scenario ?? path.join(project.directory, SCENARIO_FILE));
  const scenario: Scenario = { ...read, load: { ...read.load, rate: flags.rate ?? read.load.rate } };
  await checkWritable(flags.json);
  const engine = await findEngine((line) => out.write(`${line}\n`), interrupt);
  const log = pino({ level: flags.logLevel, base: undefined }, pino.destination({ fd: 2, sync: true }));
  const view = out.isTTY ? new TerminalView(out) : new PlainView(out);
  const { speed, cloud: cloudUrl, isolation, kubeconfig, keep } = flags;
  const report = await rehearse({
    directory,
    scenario,
    engine,
    cloudUrl,
    speed,
    isolation,
    kubeconfig,
    policies: { packs: flags.policyPack, configs: flags.policyPackConfig },
    keep,
    log,
    view,
    interrupt,
  });
  out.write(`\n${reportText(report)}\n`);
  if (flags.json === "-") process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (flags.json !== undefined) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

async function findEngine(progress: (line: string) => void, interrupt: AbortSignal): Promise<Engine> {
  const { resolveEngine } = await import("../rehearsal/engine/engine.js");
  const { badInput } = await import("../rehearsal/scenario/codes.js");
  const { Interrupted } = await import("../rehearsal/runner/interruption.js");
  try {
    return await resolveEngine(progress);
  } catch (cause) {
    // Ctrl-C ends what builds or asks for an engine as well: that it failed is then no fault of the machine.
    if (interrupt.aborted) throw new Interrupted();
    const [first, ...rest] = (cause as Error).message.split("\n");
    const fix = "install the Pulumi CLI, or put Go on PATH so that it can be built.";
    throw badInput(
      [{ code: "HIT421", subject: "Pulumi CLI", problem: first ?? "", why: rest.join("\n").trim() || undefined, fix }],
      { cause },
    );
  }
}

/** A report that cannot be written is told before the rehearsal, not minutes later. */
async function checkWritable(file: string | undefined): Promise<void> {
  if (file === undefined || file === "-") return;
  try {
    writeFileSync(file, "", { flag: "a" });
  } catch (cause) {
    const { badInput } = await import("../rehearsal/scenario/codes.js");
    const problem = `cannot be written (${(cause as Error).message})`;
    throw badInput(
      [{ code: "HIT431", subject: `--json ${file}`, problem, fix: "name a file in a directory that exists." }],
      {
        cause,
      },
    );
  }
}

/** The first Ctrl-C ends the rehearsal in order; a second one does not wait. */
function interruptedBySignals(): { signal: AbortSignal; forget: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("\nTaking everything down (again to leave at once) …\n");
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, onSignal);
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

function parsePositive(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError("Expected a number greater than 0.");
}
