import { readFileSync } from "node:fs";
import * as path from "node:path";
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { core } from "zod";
import { withCertificateFiles } from "./certificates.js";
import { badInput, type Finding } from "./codes.js";
import { contradictions } from "./contradictions.js";
import { type Scenario, scenarioSchema } from "./schema.js";

/** The scenario that is taken when none is named. */
export const SCENARIO_FILE = "rehearsal.yaml";

/**
 * Reads and checks a scenario.
 *
 * @throws HitlessError with every fault at once, each with its place in the file
 */
export function readScenario(file: string): Scenario {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const problem = `cannot be read (${(cause as Error).message})`;
    const fix = `write ${SCENARIO_FILE} next to Pulumi.yaml (docs/rehearsal.md shows one), or name another with --scenario.`;
    throw badInput([{ code: "HIT402", subject: file, problem, fix }], { cause });
  }
  return parse(text, path.basename(file), path.dirname(path.resolve(file)));
}

/** Checks a scenario's text; `name` stands for it in messages. Files that it names are left as they are. */
export function parseScenario(text: string, name: string): Scenario {
  return parse(text, name, undefined);
}

function parse(text: string, name: string, directory: string | undefined): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    throw badInput(
      document.errors.map((error) => ({
        code: "HIT403",
        subject: `${name}:${error.linePos?.[0].line ?? 1}`,
        problem: (error.message.split("\n")[0] ?? "").replace(/:$/, "."),
        fix: "mend the YAML at that line.",
      })),
    );
  }
  const place = (at: readonly PropertyKey[]): string => `${name}:${lineOf(document, lines, at)} ${written(at)}`.trim();
  const result = scenarioSchema.safeParse(document.toJS());
  if (!result.success) throw badInput(result.error.issues.flatMap((issue) => findingsOf(issue, place)));
  const contradicting = contradictions(result.data);
  if (contradicting.length > 0) {
    throw badInput(
      contradicting.map(({ path: at, problem, fix }) => ({ code: "HIT406", subject: place(at), problem, fix })),
    );
  }
  if (directory === undefined) return result.data;
  const { scenario, findings } = withCertificateFiles(result.data, directory, place);
  if (findings.length > 0) throw badInput(findings);
  return scenario;
}

function findingsOf(issue: core.$ZodIssue, place: (at: readonly PropertyKey[]) => string): Finding[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      code: "HIT404",
      subject: place([...issue.path, key]),
      problem: `unknown key "${key}"`,
      fix: `correct or remove it; ${issue.message}.`,
    }));
  }
  const missing =
    issue.code === "invalid_type" && issue.input === undefined && /received undefined/.test(issue.message);
  return [
    {
      code: "HIT405",
      subject: place(issue.path),
      problem: missing ? "is missing" : issue.message.replace(/^Invalid (input|option|string): /, ""),
      fix: missing
        ? `add it (${issue.message.replace(/^Invalid input: /, "").replace(/, received.*/, "")}).`
        : "change the value as said; docs/rehearsal.md describes every key.",
    },
  ];
}

/** `steps[2].up.expect`, as a person writes it. */
function written(at: readonly PropertyKey[]): string {
  return at
    .map((key, index) => (typeof key === "number" ? `[${key}]` : `${index === 0 ? "" : "."}${String(key)}`))
    .join("");
}

/** The line of the key, or of what holds it when it is missing. */
function lineOf(document: Document, lines: LineCounter, at: readonly PropertyKey[]): number {
  for (let length = at.length; length >= 0; length--) {
    const parent = length === 0 ? undefined : nodeAt(document, at.slice(0, length - 1));
    const key = at[length - 1];
    const pair = isMap(parent) ? parent.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node = pair?.key ?? nodeAt(document, at.slice(0, length));
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function nodeAt(document: Document, at: readonly PropertyKey[]): unknown {
  return at.length === 0 ? document.contents : document.getIn(at as (string | number)[], true);
}
