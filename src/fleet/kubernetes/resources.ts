import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import { quantity } from "../../plan/kubernetesQuantity.js";
import type { AmountsArgs, ResourcesArgs } from "./fleetArgs.js";

/** Requests and limits with their defaults. */
export interface Resources {
  readonly requests: AmountsArgs;
  readonly limits: AmountsArgs;
}

const AMOUNTS = ["cpu", "memory"] as const;
const PATH = "fleet.resources.";

export function checkResources(args: ResourcesArgs | undefined, faults: Faults): Resources {
  if (args === undefined) return { requests: {}, limits: {} }; // already reported as missing
  onlyKnown(faults, PATH, args, ["requests", "limits"]);
  required(faults, PATH, args, ["requests"]);
  const requests = checkAmounts("requests", args.requests ?? {}, faults);
  required(faults, `${PATH}requests.`, args.requests ?? {}, ["memory"]);
  const limits = checkAmounts("limits", args.limits ?? {}, faults);
  for (const name of AMOUNTS) faults.addAll(checkOrder(name, requests[name], limits[name]));
  const { memory } = requests;
  return { requests, limits: { ...(memory !== undefined ? { memory } : {}), ...limits } };
}

function checkAmounts(part: "requests" | "limits", amounts: AmountsArgs, faults: Faults): AmountsArgs {
  onlyKnown(faults, `${PATH}${part}.`, amounts, AMOUNTS);
  const checked: Record<string, pulumi.Input<string>> = {};
  for (const name of AMOUNTS) {
    const value = amounts[name];
    if (value === undefined) continue;
    checked[name] = faults.input(value, (text) => checkAmount(`${PATH}${part}.${name}`, text));
  }
  return checked;
}

function checkAmount(name: string, text: string): Finding[] {
  const amount = quantity(String(text)); // a program may give a number
  if (amount !== undefined && amount > 0) return [];
  const problem = `${name} is ${JSON.stringify(text)}, expected an amount above 0 such as "500m" or "256Mi".`;
  return [{ code: "HIT252", problem, fix: `set ${name} to such an amount` }];
}

function checkOrder(
  name: string,
  request: pulumi.Input<string> | undefined,
  limit: pulumi.Input<string> | undefined,
): Finding[] {
  if (request === undefined || limit === undefined || isDeferred(request) || isDeferred(limit)) return [];
  const [least, most] = [quantity(String(request)), quantity(String(limit))];
  if (least === undefined || most === undefined || least <= most) return [];
  const problem = `fleet.resources.limits.${name} is ${limit}, and ${request} is requested.`;
  return [{ code: "HIT253", problem, fix: "raise the limit, or request less" }];
}
