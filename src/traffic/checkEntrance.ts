import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
import { onlyKnown, wholeNumber } from "../errors/known.js";
import { isDeferred } from "../inputs/isDeferred.js";
import { type EntranceArgs, EntranceProtocol, type HeaderConditionArgs } from "./entranceArgs.js";

/** An entrance with its defaults; known values have been checked. */
export type EntrancePlan =
  | {
      readonly kind: "listener";
      readonly loadBalancerArn: pulumi.Input<string>;
      readonly port: pulumi.Input<number>;
      readonly protocol: EntranceProtocol;
      readonly certificateArn?: pulumi.Input<string>;
      readonly hostName?: pulumi.Input<string>;
    }
  | {
      readonly kind: "rule";
      readonly listenerArn: pulumi.Input<string>;
      readonly priority: pulumi.Input<number>;
      readonly conditions: RuleConditions;
    };

export interface RuleConditions {
  readonly hosts?: pulumi.Input<pulumi.Input<string>[]>;
  readonly paths?: pulumi.Input<pulumi.Input<string>[]>;
  readonly headers: readonly HeaderConditionArgs[];
}

const LISTENER_KEYS = ["listenerPort", "protocol", "certificateArn", "hostName"] as const;
const RULE_KEYS = ["priority", "hosts", "paths", "headers"] as const;
const KEYS = [
  "loadBalancerArn",
  "listenerArn",
  ...LISTENER_KEYS,
  ...RULE_KEYS,
] as const satisfies readonly (keyof EntranceArgs)[];

/** Limits of a rule's conditions (ALB user guide, quotas; botocore model). */
export const VALUES_PER_RULE = 5;
export const VALUES_PER_CONDITION = 3;
export const WILDCARDS_PER_RULE = 5;
export const VALUE_LENGTH = 128;
const HEADER_NAME_LENGTH = 40;

/** Nothing when listener and load balancer are both given or both missing: then nothing else can be said. */
export function checkEntrance(args: EntranceArgs, faults: Faults): EntrancePlan | undefined {
  onlyKnown(faults, "entrance.", args, KEYS);
  const { loadBalancerArn, listenerArn } = args;
  if (loadBalancerArn !== undefined && listenerArn !== undefined) {
    const problem = "entrance has both loadBalancerArn and listenerArn.";
    faults.add({
      code: "HIT140",
      problem,
      fix: "keep loadBalancerArn for a listener of its own, or listenerArn for a rule on yours",
    });
    return undefined;
  }
  if (loadBalancerArn !== undefined) {
    refuseOthers(args, RULE_KEYS, "listenerArn", faults);
    return { kind: "listener", loadBalancerArn, ...checkListener(args, faults) };
  }
  if (listenerArn !== undefined) {
    refuseOthers(args, LISTENER_KEYS, "loadBalancerArn", faults);
    return { kind: "rule", listenerArn, ...checkRule(args, faults) };
  }
  const problem = "entrance has neither loadBalancerArn nor listenerArn.";
  faults.add({
    code: "HIT141",
    problem,
    fix: "set loadBalancerArn for a listener of its own, or listenerArn for a rule on yours",
  });
  return undefined;
}

function checkListener(args: EntranceArgs, faults: Faults) {
  const secure = args.certificateArn !== undefined;
  const protocol = args.protocol ?? (secure ? EntranceProtocol.Https : EntranceProtocol.Http);
  if (!Object.values(EntranceProtocol).includes(protocol)) {
    const problem = `entrance.protocol is ${JSON.stringify(protocol)}, expected "HTTP" or "HTTPS".`;
    faults.add({
      code: "HIT145",
      problem,
      fix: "set it to one of them",
      why: "An Application Load Balancer speaks only these.",
    });
  } else if (secure !== (protocol === EntranceProtocol.Https)) {
    const problem = `entrance.protocol is ${protocol} ${secure ? "together with a certificate" : "without a certificate"}.`;
    faults.add({ code: "HIT145", problem, fix: "set certificateArn and protocol HTTPS together, or neither" });
  }
  const port = args.listenerPort ?? (protocol === EntranceProtocol.Https ? 443 : 80);
  return {
    protocol,
    port: faults.input(port, wholeNumber("entrance.listenerPort", "HIT143", 1, 65535)),
    ...(args.certificateArn !== undefined ? { certificateArn: args.certificateArn } : {}),
    ...(args.hostName !== undefined ? { hostName: args.hostName } : {}),
  };
}

function checkRule(args: EntranceArgs, faults: Faults) {
  const { hosts, paths, headers = [] } = args;
  if (args.priority === undefined) {
    const problem = "entrance.priority is missing, and a rule needs one.";
    faults.add({
      code: "HIT142",
      problem,
      fix: "set entrance.priority to a number that no other rule of the listener has",
    });
  }
  if (hosts === undefined && paths === undefined && headers.length === 0) {
    const problem = "entrance has a rule without conditions.";
    const why = "AWS requires at least one, and a rule that lets everybody in belongs into the default action.";
    faults.add({ code: "HIT144", problem, fix: 'set hosts, paths or headers; paths: ["/*"] lets everybody in', why });
  }
  const known = [hosts, paths, ...headers.map((header) => header.values)].filter((values) => !isDeferred(values));
  faults.addAll(checkTotals(known.flatMap((values) => (values ?? []) as string[])));
  return {
    priority: faults.input(args.priority ?? 1, wholeNumber("entrance.priority", "HIT142", 1, 50_000)),
    conditions: {
      ...(hosts !== undefined ? { hosts: faults.input(hosts, checkValues("entrance.hosts")) } : {}),
      ...(paths !== undefined ? { paths: faults.input(paths, checkValues("entrance.paths")) } : {}),
      headers: headers.map((header, index) => ({
        name: faults.input(header.name, checkHeaderName(`entrance.headers[${index}].name`)),
        values: faults.input(header.values, checkValues(`entrance.headers[${index}].values`)),
      })),
    },
  };
}

function checkValues(name: string): (values: readonly string[]) => Finding[] {
  return (values) => {
    if (!Array.isArray(values) || values.length < 1 || values.length > VALUES_PER_CONDITION) {
      const problem = `${name} has ${values?.length ?? 0} values, expected 1 to ${VALUES_PER_CONDITION}.`;
      return [{ code: "HIT144", problem, fix: "split them over several rules, or use a wildcard" }];
    }
    return values
      .filter((value) => value.length < 1 || value.length > VALUE_LENGTH)
      .map((value) => ({
        code: "HIT144" as const,
        problem: `${name} has a value of ${value.length} characters, expected 1 to ${VALUE_LENGTH}.`,
        fix: "shorten it, or use a wildcard",
      }));
  };
}

function checkTotals(values: readonly string[]): Finding[] {
  const findings: Finding[] = [];
  if (values.length > VALUES_PER_RULE) {
    const problem = `entrance has ${values.length} condition values in all, expected at most ${VALUES_PER_RULE}.`;
    findings.push({ code: "HIT144", problem, fix: "split them over several rules, or use wildcards" });
  }
  const wildcards = values
    .filter((value) => typeof value === "string")
    .join("")
    .replace(/[^*?]/g, "").length;
  if (wildcards > WILDCARDS_PER_RULE) {
    const problem = `entrance has ${wildcards} wildcards in all, expected at most ${WILDCARDS_PER_RULE}.`;
    findings.push({ code: "HIT144", problem, fix: "use fewer" });
  }
  return findings;
}

export function checkHeaderName(name: string): (header: string) => Finding[] {
  return (header) => {
    if (/^[A-Za-z0-9!#$%&'+.^_`|~-]{1,40}$/.test(header) && header.toLowerCase() !== "host") return [];
    const problem = `${name} is ${JSON.stringify(header)}, expected a header's name of at most ${HEADER_NAME_LENGTH} characters, without wildcards.`;
    return [{ code: "HIT144", problem, fix: "use `hosts` for the host name; for other headers their exact name" }];
  };
}

function refuseOthers(
  args: EntranceArgs,
  keys: readonly (keyof EntranceArgs)[],
  belongsTo: string,
  faults: Faults,
): void {
  for (const key of keys) {
    if (args[key] === undefined) continue;
    const problem = `entrance.${key} is set, but belongs to ${belongsTo}.`;
    faults.add({ code: "HIT146", problem, fix: `remove entrance.${key}, or set ${belongsTo} instead` });
  }
}
