import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import type { TargetPlace } from "../front.js";
import type { GatewayEntranceArgs, GatewayHeaderArgs } from "./gatewayArgs.js";
import { matchesOf } from "./matches.js";

/** A Gateway entrance with its defaults; known values have been checked. */
export interface GatewayPlan {
  /** The fleet's: routes stand beside their Services. */
  readonly namespace: pulumi.Input<string>;
  readonly gateway: pulumi.Input<string>;
  readonly gatewayNamespace?: pulumi.Input<string>;
  readonly listener?: pulumi.Input<string>;
  readonly hosts: readonly string[];
  readonly paths: readonly string[];
  readonly headers: readonly GatewayHeaderArgs[];
  readonly url?: pulumi.Input<string>;
}

const KEYS = [
  "gateway",
  "gatewayNamespace",
  "listener",
  "hosts",
  "paths",
  "headers",
  "url",
] as const satisfies readonly (keyof GatewayEntranceArgs)[];

/** Limits of an HTTPRoute (Gateway API reference, HTTPRouteSpec, HTTPRouteRule). */
const MOST_HOSTS = 16;
const MOST_MATCHES = 64;

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const OBJECT_NAME = new RegExp(`^${LABEL}(\\.${LABEL})*$`);
const HOST = new RegExp(`^(\\*\\.)?${LABEL}(\\.${LABEL})*$`);

/** Nothing when the fleet cannot stand behind a Gateway at all. */
export function checkGateway(
  args: GatewayEntranceArgs,
  { namespace }: TargetPlace,
  faults: Faults,
): GatewayPlan | undefined {
  if (namespace === undefined) {
    faults.add({
      code: "HIT263",
      problem: "entrance is a Gateway, and the fleet is not on Kubernetes.",
      fix: "use `kubernetes({…})` for the fleet, or an Application Load Balancer for the entrance",
    });
    return undefined;
  }
  onlyKnown(faults, "entrance.", args, KEYS);
  required(faults, "entrance.", args, ["gateway"]);
  const { hosts = [], paths = ["/"], headers = [] } = args;
  faults.addAll(checkTexts("entrance.hosts", hosts, "host names in lower case", (host) => HOST.test(host)));
  faults.addAll(
    checkTexts("entrance.paths", paths, "beginnings of paths with a leading slash", (path) =>
      /^\/[^\s*?#]*$/.test(path),
    ),
  );
  for (const [index, header] of headers.entries()) {
    const path = `entrance.headers[${index}]`;
    required(faults, `${path}.`, header, ["name", "values"]);
    faults.addAll(checkHeader(path, header));
    faults.addAll(checkRepeated(`${path}.name`, header.name, headers.slice(0, index)));
  }
  if (hosts.length > MOST_HOSTS) {
    const problem = `entrance.hosts has ${hosts.length} names, expected at most ${MOST_HOSTS}.`;
    faults.add({ code: "HIT262", problem, fix: "use a wildcard such as *.example.com" });
  }
  const plan = {
    namespace,
    gateway: args.gateway === undefined ? "" : faults.input(args.gateway, checkObject("entrance.gateway")),
    ...(args.gatewayNamespace !== undefined
      ? { gatewayNamespace: faults.input(args.gatewayNamespace, checkObject("entrance.gatewayNamespace")) }
      : {}),
    ...(args.listener !== undefined ? { listener: args.listener } : {}),
    hosts,
    paths,
    headers,
    ...(args.url !== undefined ? { url: faults.input(args.url, checkUrl) } : {}),
  };
  if (headers.every(({ values }) => Array.isArray(values)) && matchesOf(plan).length > MOST_MATCHES) {
    const problem = `entrance has ${matchesOf(plan).length} combinations of paths and header values, expected at most ${MOST_MATCHES}.`;
    faults.add({ code: "HIT262", problem, fix: "use fewer", why: "An HTTPRoute's rule has at most so many matches." });
  }
  return plan;
}

function checkTexts(
  name: string,
  values: readonly string[],
  expected: string,
  good: (value: string) => boolean,
): Finding[] {
  if (!Array.isArray(values)) {
    return [
      { code: "HIT262", problem: `${name} is no list, expected ${expected}.`, fix: `set ${name} to a plain list` },
    ];
  }
  return values
    .filter((value) => typeof value !== "string" || !good(value))
    .map((value) => ({
      code: "HIT262" as const,
      problem: `${name} has ${typeof value === "string" ? JSON.stringify(value) : "a value that is no plain text"}, expected ${expected}.`,
      fix: `correct ${name}`,
    }));
}

function checkHeader(path: string, { name, values }: GatewayHeaderArgs): Finding[] {
  const findings = name === undefined ? [] : checkHeaderName(`${path}.name`, name);
  if (values === undefined) return findings;
  return [...findings, ...checkTexts(`${path}.values`, values, "exact values", (value) => /^[^*?]+$/.test(value))];
}

/** Of two conditions on one header a Gateway takes the first and drops the other (Gateway API reference, HTTPHeaderMatch). */
export function checkRepeated(path: string, name: unknown, others: readonly GatewayHeaderArgs[]): Finding[] {
  const same = (other: GatewayHeaderArgs): boolean => String(other.name).toLowerCase() === String(name).toLowerCase();
  if (name === undefined || !others.some(same)) return [];
  const problem = `${path} is ${JSON.stringify(name)}, which entrance.headers asks for already.`;
  return [
    { code: "HIT262", problem, fix: "use another header: a Gateway looks at the first condition on a header only" },
  ];
}

/** Names of headers go by HTTP; `Host` belongs to `hosts`. */
export function checkHeaderName(path: string, name: unknown): Finding[] {
  if (typeof name === "string" && /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}$/.test(name) && name.toLowerCase() !== "host") {
    return [];
  }
  const problem = `${path} is ${JSON.stringify(name)}, expected the exact name of a header other than Host.`;
  return [{ code: "HIT262", problem, fix: "use `hosts` for the host name" }];
}

function checkObject(path: string): (name: string) => Finding[] {
  return (name) => {
    if (typeof name === "string" && OBJECT_NAME.test(name) && name.length <= 253) return [];
    const problem = `${path} is ${JSON.stringify(name)}, expected the name of an object such as "public".`;
    return [{ code: "HIT262", problem, fix: `set ${path} to the name as kubectl shows it` }];
  };
}

function checkUrl(url: string): Finding[] {
  if (/^https?:\/\/[^/\s]+$/.test(url)) return [];
  const problem = `entrance.url is ${JSON.stringify(url)}, expected scheme and host such as "https://shop.example.com".`;
  return [{ code: "HIT262", problem, fix: "leave the path out" }];
}
