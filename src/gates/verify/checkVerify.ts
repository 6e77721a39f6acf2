import type { Faults } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import type { VerifyArgs, VerifyHeaderArgs } from "./verifyArgs.js";

/** A check with its defaults. */
export type VerifyCheck = Required<Omit<VerifyArgs, "bodyContains">> & Pick<VerifyArgs, "bodyContains">;

const KEYS = [
  "path",
  "status",
  "bodyContains",
  "headers",
  "requestHeaders",
  "latencyMs",
  "inARow",
  "deadlineSeconds",
] as const satisfies readonly (keyof VerifyArgs)[];

const LIMITS = {
  status: [100, 599],
  latencyMs: [1, 600_000],
  inARow: [1, 1000],
  deadlineSeconds: [1, 86_400],
} as const;

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;

export function checkVerify(list: readonly VerifyArgs[] | undefined, faults: Faults): readonly VerifyCheck[] {
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    refuse(faults, `verify is ${JSON.stringify(list)}, expected a list of checks.`, 'set verify to [{ path: "/" }]');
    return [];
  }
  return list.map((check, index) => checkOne(check, `verify[${index}]`, faults));
}

function checkOne(args: VerifyArgs, path: string, faults: Faults): VerifyCheck {
  onlyKnown(faults, `${path}.`, args, KEYS);
  required(faults, `${path}.`, args, ["path"]);
  if (args.path !== undefined && !(typeof args.path === "string" && /^\/[^\s#]*$/.test(args.path))) {
    refuse(
      faults,
      `${path}.path is ${JSON.stringify(args.path)}, expected a path such as "/health".`,
      "begin it with a slash, without host, spaces and fragment",
    );
  }
  for (const [name, [low, high]] of Object.entries(LIMITS)) {
    const value = args[name as keyof typeof LIMITS];
    if (value === undefined || (Number.isInteger(value) && value >= low && value <= high)) continue;
    refuse(
      faults,
      `${path}.${name} is ${value}, expected a whole number from ${low} to ${high}.`,
      `set ${path}.${name} within that`,
    );
  }
  if (args.bodyContains === "") {
    refuse(faults, `${path}.bodyContains is empty, which every body contains.`, "set a text, or leave it out");
  }
  checkHeaders(args.headers, `${path}.headers`, faults);
  checkHeaders(args.requestHeaders, `${path}.requestHeaders`, faults);
  return {
    path: args.path,
    status: args.status ?? 200,
    headers: args.headers ?? [],
    requestHeaders: args.requestHeaders ?? [],
    latencyMs: args.latencyMs ?? 10_000,
    inARow: args.inARow ?? 3,
    deadlineSeconds: args.deadlineSeconds ?? 60,
    ...(args.bodyContains !== undefined ? { bodyContains: args.bodyContains } : {}),
  };
}

function checkHeaders(headers: readonly VerifyHeaderArgs[] | undefined, path: string, faults: Faults): void {
  if (headers === undefined) return;
  if (!Array.isArray(headers)) {
    refuse(
      faults,
      `${path} is ${JSON.stringify(headers)}, expected a list.`,
      `set ${path} to [{ name: "x", value: "y" }]`,
    );
    return;
  }
  headers.forEach((header, index) => {
    if (HEADER_NAME.test(String(header?.name)) && typeof header.value === "string") return;
    refuse(
      faults,
      `${path}[${index}] is ${JSON.stringify(header)}, expected a header's name and its value.`,
      'write it as { name: "x-version", value: "v2" }',
    );
  });
}

function refuse(faults: Faults, problem: string, fix: string): void {
  faults.add({ code: "HIT175", problem, fix });
}
