import { isIP } from "node:net";
import type { Faults } from "../errors/faults.js";
import { onlyKnown } from "../errors/known.js";
import { isDeferred } from "../inputs/isDeferred.js";
import { headerCondition, type PreviewRoute } from "../plan/previewRoutes.js";
import {
  checkHeaderName,
  type EntrancePlan,
  VALUES_PER_CONDITION,
  VALUES_PER_RULE,
  WILDCARDS_PER_RULE,
} from "./checkEntrance.js";
import type { PreviewArgs } from "./previewArgs.js";
import { claimPriorities } from "./rulePriorities.js";

/** The preview route of each environment. */
export interface PreviewPlan {
  readonly blue: PreviewRoute;
  readonly green: PreviewRoute;
}

const KEYS = ["header", "cookie", "ports", "sourceCidrs", "priority"] as const satisfies readonly (keyof PreviewArgs)[];
const KINDS = ["header", "cookie", "ports"] as const;

const DEFAULT_HEADER = "x-hitless-preview";
/** The last priority is 50000 (Elastic Load Balancing API), and the second route takes one more. */
const LAST_PRIORITY = 49_999;

export function checkPreview(
  args: PreviewArgs | undefined,
  entrance: EntrancePlan | undefined,
  faults: Faults,
): PreviewPlan {
  const given = args ?? {};
  onlyKnown(faults, "preview.", given, KEYS);
  const kinds = KINDS.filter((kind) => given[kind] !== undefined);
  if (kinds.length > 1) refuse(faults, `preview has ${kinds.join(" and ")}.`, "keep one of header, cookie and ports");
  const sources = checkSources(given.sourceCidrs, faults);
  if (given.ports !== undefined) {
    const { blue, green } = checkPorts(given, entrance, faults);
    return {
      blue: { kind: "port", port: blue, value: "blue", ...sources },
      green: { kind: "port", port: green, value: "green", ...sources },
    };
  }
  const kind = given.cookie !== undefined ? ("cookie" as const) : ("header" as const);
  const name = checkRouteName(kind, given[kind] ?? DEFAULT_HEADER, faults);
  const priority = checkPriority(given.priority, entrance, faults);
  const blue: PreviewRoute = { kind, name, value: "blue", priority, ...sources };
  const green: PreviewRoute = { kind, name, value: "green", priority: priority + 1, ...sources };
  checkTotals(headerCondition(green).values, given.sourceCidrs, entrance, faults);
  return { blue, green };
}

function checkRouteName(kind: "header" | "cookie", name: unknown, faults: Faults): string {
  const path = `preview.${kind}`;
  if (typeof name !== "string") {
    refuse(faults, `${path} is ${JSON.stringify(name)}, expected a name.`, `set ${path} to a plain text`);
    return DEFAULT_HEADER;
  }
  if (kind === "header") {
    const fix = "use a header's exact name, which users do not send";
    for (const finding of checkHeaderName(path)(name)) faults.add({ ...finding, code: "HIT172", fix });
  } else if (!/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,100}$/.test(name)) {
    refuse(faults, `${path} is ${JSON.stringify(name)}, expected a cookie's name.`, "use letters, digits and hyphens");
  }
  return name;
}

function checkPorts(args: PreviewArgs, entrance: EntrancePlan | undefined, faults: Faults) {
  const { blue, green } = (args.ports ?? {}) as { blue: number; green: number };
  onlyKnown(faults, "preview.ports.", args.ports ?? {}, ["blue", "green"]);
  for (const [name, port] of Object.entries({ blue, green })) {
    if (Number.isInteger(port) && port >= 1 && port <= 65_535) continue;
    const problem = `preview.ports.${name} is ${port}, expected a whole number from 1 to 65535.`;
    faults.add({ code: "HIT143", problem, fix: `set preview.ports.${name} within that` });
  }
  if (blue !== undefined && blue === green) {
    refuse(faults, `preview.ports has ${blue} for both environments.`, "give each a port of its own");
  }
  if (args.priority !== undefined) {
    refuse(
      faults,
      "preview.priority is set together with preview.ports.",
      "remove it: a listener of its own needs none",
    );
  }
  if (entrance?.kind === "rule") {
    const fix = "set preview.header or preview.cookie, or entrance.loadBalancerArn instead of listenerArn";
    refuse(faults, "preview.ports is set, but belongs to entrance.loadBalancerArn.", fix);
  }
  if (entrance?.kind === "listener" && (entrance.port === blue || entrance.port === green)) {
    refuse(faults, `preview.ports has ${entrance.port}, which is the port of the entrance.`, "use another port");
  }
  return { blue, green };
}

function checkPriority(given: number | undefined, entrance: EntrancePlan | undefined, faults: Faults): number {
  const inFront = entrance?.kind === "rule" ? entrance.priority : undefined;
  if (given === undefined) {
    if (inFront === undefined) return 1;
    const problem = "preview.priority is missing, and rules on your listener need one.";
    faults.add({ code: "HIT173", problem, fix: "set preview.priority to a number that is free, as the next one is" });
    return 1;
  }
  if (!Number.isInteger(given) || given < 1 || given > LAST_PRIORITY) {
    const problem = `preview.priority is ${given}, expected a whole number from 1 to ${LAST_PRIORITY}.`;
    faults.add({ code: "HIT173", problem, fix: "set preview.priority within that" });
    return 1;
  }
  if (typeof inFront === "number" && given + 1 >= inFront) {
    const problem = `preview.priority is ${given} (and ${given + 1} for green), expected both below entrance.priority, which is ${inFront}.`;
    faults.add({ code: "HIT173", problem, fix: "set preview.priority lower, or entrance.priority higher" });
  }
  if (entrance?.kind === "rule") {
    const { listenerArn } = entrance;
    claimPriorities(faults, [
      { listenerArn, priority: given, argument: "preview.priority" },
      { listenerArn, priority: given + 1, argument: "preview.priority + 1" },
    ]);
  }
  return given;
}

function checkSources(cidrs: readonly string[] | undefined, faults: Faults): { sourceCidrs?: readonly string[] } {
  if (cidrs === undefined) return {};
  if (!Array.isArray(cidrs) || isDeferred(cidrs) || cidrs.length < 1 || cidrs.length > VALUES_PER_CONDITION) {
    const problem = `preview.sourceCidrs is ${isDeferred(cidrs) ? "not known yet" : JSON.stringify(cidrs)}, expected 1 to ${VALUES_PER_CONDITION} networks as plain texts.`;
    refuse(faults, problem, 'set preview.sourceCidrs to such as ["10.0.0.0/8"]');
    return {};
  }
  for (const cidr of cidrs) {
    if (isCidr(cidr)) continue;
    const problem = `preview.sourceCidrs has ${JSON.stringify(cidr)}, expected a network such as "10.0.0.0/8".`;
    refuse(faults, problem, "write an address with a prefix length");
  }
  return { sourceCidrs: cidrs };
}

function isCidr(cidr: unknown): boolean {
  const [address, prefix, ...more] = String(cidr).split("/");
  const family = isIP(address ?? "");
  return family !== 0 && more.length === 0 && /^\d+$/.test(prefix ?? "") && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** What a preview route asks for counts together with the conditions of the entrance: they are one rule. */
function checkTotals(
  own: readonly string[],
  cidrs: readonly string[] | undefined,
  entrance: EntrancePlan | undefined,
  faults: Faults,
): void {
  const rule = entrance?.kind === "rule" ? entrance.conditions : undefined;
  const lists = [rule?.hosts, rule?.paths, ...(rule?.headers ?? []).map((header) => header.values), cidrs, own];
  const values = lists.filter((list) => Array.isArray(list) && !isDeferred(list)).flat() as string[];
  if (values.length > VALUES_PER_RULE) {
    const problem = `a preview route has ${values.length} condition values, together with those of the entrance, expected at most ${VALUES_PER_RULE}.`;
    refuse(faults, problem, "use fewer sourceCidrs, or wildcards in the entrance's conditions");
  }
  const wildcards = values.join("").replace(/[^*?]/g, "").length;
  if (wildcards > WILDCARDS_PER_RULE) {
    const problem = `a preview route has ${wildcards} wildcards, together with those of the entrance, expected at most ${WILDCARDS_PER_RULE}.`;
    refuse(faults, problem, "use fewer, or preview.header instead of preview.cookie, which takes two");
  }
}

function refuse(faults: Faults, problem: string, fix: string): void {
  faults.add({ code: "HIT172", problem, fix });
}
