import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../errors/known.js";
import { isDeferred } from "../inputs/isDeferred.js";
import type { AudienceArgs } from "./audienceArgs.js";
import {
  checkHeaderName,
  type EntrancePlan,
  VALUE_LENGTH,
  VALUES_PER_CONDITION,
  VALUES_PER_RULE,
  WILDCARDS_PER_RULE,
} from "./checkEntrance.js";

/** An audience whose known values have been checked. */
export interface AudiencePlan {
  readonly header?: Condition;
  readonly cookie?: { readonly name: pulumi.Input<string>; readonly value: pulumi.Input<string> };
  readonly query?: { readonly key: pulumi.Input<string>; readonly values: Condition["values"] };
  readonly sourceCidrs?: Condition["values"];
  readonly priority: pulumi.Input<number>;
}

interface Condition {
  readonly name: pulumi.Input<string>;
  readonly values: pulumi.Input<pulumi.Input<string>[]>;
}

const CONDITIONS = ["header", "cookie", "query", "sourceCidrs"] as const;
const KEYS = [...CONDITIONS, "priority"] as const satisfies readonly (keyof AudienceArgs)[];

/** Where audience rules of a listener of the component's own begin. */
const FIRST_PRIORITY = 100;

/**
 * @param path such as `canary.audience`
 * @param index the role's place among those that may have an audience
 */
export function checkAudience(
  args: AudienceArgs,
  path: string,
  index: number,
  entrance: EntrancePlan | undefined,
  faults: Faults,
): AudiencePlan {
  onlyKnown(faults, `${path}.`, args, KEYS);
  if (CONDITIONS.every((name) => args[name] === undefined)) {
    faults.add({
      code: "HIT188",
      problem: `${path} has no condition.`,
      fix: `set ${path}.header, cookie, query or sourceCidrs; to give a version to everybody, set its weight`,
      why: "AWS requires at least one, and without any the audience would be everybody.",
    });
  }
  const { header, cookie, query, sourceCidrs } = args;
  if (header) required(faults, `${path}.header.`, header, ["name", "values"]);
  if (cookie) required(faults, `${path}.cookie.`, cookie, ["name", "value"]);
  if (query) required(faults, `${path}.query.`, query, ["key", "values"]);
  faults.addAll(checkTotals(path, args, entrance));
  const values = (name: string, given: Condition["values"] | undefined) =>
    given === undefined ? [] : faults.input(given, checkValues(`${path}.${name}`));
  return {
    ...(header
      ? {
          header: {
            name: faults.input(
              header.name ?? "",
              (name) => (name === "" ? [] : renamed(checkHeaderName(`${path}.header.name`)(name))), // already reported as missing
            ),
            values: values("header.values", header.values),
          },
        }
      : {}),
    ...(cookie ? { cookie: { name: cookie.name, value: checkCookie(cookie.value, path, faults) } } : {}),
    ...(query ? { query: { key: query.key, values: values("query.values", query.values) } } : {}),
    ...(sourceCidrs !== undefined
      ? { sourceCidrs: faults.input(values("sourceCidrs", sourceCidrs), checkCidrs(`${path}.sourceCidrs`)) }
      : {}),
    priority: checkPriority(args.priority, path, index, entrance, faults),
  };
}

function checkPriority(
  given: AudienceArgs["priority"],
  path: string,
  index: number,
  entrance: EntrancePlan | undefined,
  faults: Faults,
): pulumi.Input<number> {
  const public_ = entrance?.kind === "rule" ? entrance.priority : undefined;
  if (given === undefined && public_ !== undefined) {
    const problem = `${path}.priority is missing, and a rule on your listener needs one.`;
    faults.add({ code: "HIT194", problem, fix: `set ${path}.priority to a free number below entrance.priority` });
  }
  const checked = faults.input(given ?? FIRST_PRIORITY + index, wholeNumber(`${path}.priority`, "HIT194", 1, 50_000));
  if (typeof checked === "number" && typeof public_ === "number" && given !== undefined && checked > public_) {
    const problem = `${path}.priority is ${checked}, expected less than entrance.priority, which is ${public_}.`;
    faults.add({ code: "HIT194", problem, fix: `set ${path}.priority below ${public_}, or entrance.priority higher` });
  }
  return checked;
}

/** What an audience brings counts together with the conditions of the entrance: they are one rule. */
function checkTotals(path: string, args: AudienceArgs, entrance: EntrancePlan | undefined): Finding[] {
  const own = entrance?.kind === "rule" ? entrance.conditions : undefined;
  const lists = [
    own?.hosts,
    own?.paths,
    ...(own?.headers ?? []).map((header) => header.values),
    args.header?.values,
    args.query?.values,
    args.sourceCidrs,
    args.cookie ? [cookiePattern("", "")] : undefined,
  ];
  const values = lists.filter((list) => Array.isArray(list) && !isDeferred(list)).flat() as string[];
  const with_ = own ? ", together with those of the entrance" : "";
  const findings: Finding[] = [];
  if (values.length > VALUES_PER_RULE) {
    const problem = `${path} has ${values.length} condition values${with_}, expected at most ${VALUES_PER_RULE}.`;
    findings.push({ code: "HIT188", problem, fix: "use fewer, or a wildcard" });
  }
  const wildcards = values
    .filter((value) => typeof value === "string")
    .join("")
    .replace(/[^*?]/g, "").length;
  if (wildcards > WILDCARDS_PER_RULE) {
    const problem = `${path} has ${wildcards} wildcards${with_}, expected at most ${WILDCARDS_PER_RULE}.`;
    findings.push({ code: "HIT188", problem, fix: "use fewer" });
  }
  return findings;
}

function checkValues(name: string): (values: readonly string[]) => Finding[] {
  return (values) => {
    if (!Array.isArray(values) || values.length < 1 || values.length > VALUES_PER_CONDITION) {
      const problem = `${name} has ${values?.length ?? 0} values, expected 1 to ${VALUES_PER_CONDITION}.`;
      return [{ code: "HIT188", problem, fix: "use fewer, or a wildcard" }];
    }
    return values.flatMap((value) => checkLength(name, value));
  };
}

function checkLength(name: string, value: unknown): Finding[] {
  if (typeof value === "string" && value.length >= 1 && value.length <= VALUE_LENGTH) return [];
  const problem = `${name} has ${JSON.stringify(value)}, expected a text of 1 to ${VALUE_LENGTH} characters.`;
  return [{ code: "HIT188", problem, fix: "shorten it, or use a wildcard" }];
}

function checkCookie(value: pulumi.Input<string>, path: string, faults: Faults): pulumi.Input<string> {
  if (value === undefined || value === null) return ""; // already reported as missing
  return faults.input(value, (known) => checkLength(`${path}.cookie.value`, known));
}

function checkCidrs(name: string): (cidrs: readonly string[]) => Finding[] {
  return (cidrs) =>
    (Array.isArray(cidrs) ? cidrs : [])
      .filter((cidr) => !isCidr(cidr))
      .map((cidr) => ({
        code: "HIT188" as const,
        problem: `${name} has ${JSON.stringify(cidr)}, expected a network such as "10.0.0.0/8".`,
        fix: "write an address with a prefix length; wildcards do not work here",
      }));
}

function isCidr(cidr: unknown): boolean {
  const [address, prefix, ...more] = String(cidr).split("/");
  const family = isIP(address ?? "");
  return family !== 0 && more.length === 0 && /^\d+$/.test(prefix ?? "") && Number(prefix) <= (family === 4 ? 32 : 128);
}

/** A header's name is refused in the words of the entrance, but as part of an audience. */
function renamed(findings: readonly Finding[]): Finding[] {
  const fix = "use its exact name; for other hosts give the release an entrance of its own";
  return findings.map((finding) => ({ ...finding, code: "HIT188", fix }));
}

/** A cookie anywhere in the `Cookie` header: the load balancer has no condition of its own for cookies (ALB user guide). */
export function cookiePattern(name: string, value: string): string {
  return `*${name}=${value}*`;
}
