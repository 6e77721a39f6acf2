import type { Faults } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import type { AudienceArgs } from "../audienceArgs.js";
import type { AudiencePlan } from "../checkAudience.js";
import type { PreviewPlan } from "../checkPreview.js";
import type { PreviewArgs } from "../previewArgs.js";
import { checkHeaderName, checkRepeated, type GatewayPlan } from "./checkGateway.js";

const DEFAULT_HEADER = "x-hitless-preview";

/** Refuses an argument that a Gateway has nothing for. */
export function refuseOnGateway(argument: string, given: unknown, faults: Faults, instead: string): void {
  if (given === undefined) return;
  faults.add({ code: "HIT261", problem: `${argument} is set, and a Gateway cannot do that.`, fix: instead });
}

/** The preview routes of a pair: by a header, as that is what every Gateway knows. */
export function checkGatewayPreview(
  args: PreviewArgs | undefined,
  plan: GatewayPlan | undefined,
  faults: Faults,
): PreviewPlan {
  const given = args ?? {};
  onlyKnown(faults, "preview.", given, ["header", "cookie", "ports", "sourceCidrs", "priority"]);
  refuseOnGateway("preview.cookie", given.cookie, faults, "use preview.header");
  refuseOnGateway("preview.ports", given.ports, faults, "use preview.header");
  refuseOnGateway("preview.sourceCidrs", given.sourceCidrs, faults, "restrict the Gateway's listener instead");
  refuseOnGateway("preview.priority", given.priority, faults, "leave it out: a route that asks for more wins");
  const name = given.header ?? DEFAULT_HEADER;
  faults.addAll(checkHeaderName("preview.header", name));
  faults.addAll(checkRepeated("preview.header", name, plan?.headers ?? []));
  return {
    blue: { kind: "header", name, value: "blue", priority: 1 },
    green: { kind: "header", name, value: "green", priority: 2 },
  };
}

/** Where the places of audiences begin; they only tell the routes apart. */
const FIRST_PLACE = 100;

/** An audience by header or query parameter. */
export function checkGatewayAudience(
  args: AudienceArgs,
  path: string,
  index: number,
  plan: GatewayPlan | undefined,
  faults: Faults,
): AudiencePlan {
  onlyKnown(faults, `${path}.`, args, ["header", "cookie", "query", "sourceCidrs", "priority"]);
  refuseOnGateway(`${path}.cookie`, args.cookie, faults, "use a header or a query parameter");
  refuseOnGateway(`${path}.sourceCidrs`, args.sourceCidrs, faults, "use a header or a query parameter");
  refuseOnGateway(`${path}.priority`, args.priority, faults, "leave it out: a route that asks for more wins");
  const { header, query } = args;
  if (header === undefined && query === undefined) {
    const fix = `set ${path}.header or ${path}.query; to give a version to everybody, set its weight`;
    faults.add({ code: "HIT188", problem: `${path} has no condition.`, fix });
  }
  if (header) {
    required(faults, `${path}.header.`, header, ["name", "values"]);
    checkPlain(`${path}.header`, header.name, header.values, faults);
    if (typeof header.name === "string") {
      faults.addAll(checkHeaderName(`${path}.header.name`, header.name));
      faults.addAll(checkRepeated(`${path}.header.name`, header.name, plan?.headers ?? []));
    }
  }
  if (query) {
    required(faults, `${path}.query.`, query, ["key", "values"]);
    checkPlain(`${path}.query`, query.key, query.values, faults);
  }
  return { ...(header ? { header } : {}), ...(query ? { query } : {}), priority: FIRST_PLACE + index };
}

/** Every combination of values is a match of its own, so they have to be known; and they match exactly. */
function checkPlain(path: string, name: unknown, values: unknown, faults: Faults): void {
  if (name === undefined || values === undefined) return; // reported as missing
  const texts = Array.isArray(values) ? values : [values];
  const plain = !isDeferred(name) && !isDeferred(values) && texts.every((value) => typeof value === "string");
  if (plain && Array.isArray(values) && values.length > 0 && texts.every((value) => !/[*?]/.test(value))) return;
  faults.add({
    code: "HIT262",
    problem: `${path} has values that are not plain texts without wildcards.`,
    fix: `set ${path}.values to a list of exact values, taken from configuration`,
    why: "A Gateway compares exactly, and how many matches there are decides the diff.",
  });
}
