import type { Fleet } from "../model/fleets.js";
import { isMixed } from "../model/groups.js";
import { countOf } from "../model/kubernetes/countOf.js";
import type { PodSize } from "../model/kubernetes/pods.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { DUPLICATES, type Role } from "../model/roles.js";
import type { StackModel } from "../model/stack.js";
import { isKnown, type Maybe, number, text, UNKNOWN } from "../model/values.js";
import { HOURS_PER_MONTH } from "../prices/builtIn.js";
import type { Prices } from "../prices/prices.js";

/** One fleet of the bill. */
export interface BillLine {
  readonly fleet: string;
  readonly urn: string;
  readonly role: Role;
  readonly servers: number;
  readonly type: string;
  readonly perHour: number;
  readonly duplicate: boolean;
  /** Servers that a rolling update may add for its time, and what they cost an hour. */
  readonly surgeServers: number;
  readonly surgePerHour: number;
}

/** What a stack costs an hour. */
export interface Bill {
  readonly lines: readonly BillLine[];
  readonly balancers: number;
  readonly balancersPerHour: number;
  /** Of live fleets, without load balancers. */
  readonly livePerHour: number;
  readonly duplicatePerHour: number;
  readonly surgePerHour: number;
  /** What cannot be told before the update, one sentence each. */
  readonly unseen: readonly string[];
  /** What has no price that anybody has told us: it is in no sum. */
  readonly unpriced: readonly string[];
}

export function billOf(model: StackModel, prices: Prices): Bill {
  const unseen: string[] = [];
  const unpriced: string[] = [];
  const lines = model.fleets.flatMap((fleet) => {
    const line = lineOf(fleet, prices, { unseen, unpriced });
    return line ? [line] : [];
  });
  const balancers = model.resources.filter(isApplicationBalancer).length;
  const sum = (some: readonly BillLine[]) => some.reduce((total, line) => total + line.perHour, 0);
  return {
    lines,
    balancers,
    balancersPerHour: balancers * prices.balancerPerHour,
    livePerHour: sum(lines.filter(({ duplicate }) => !duplicate)),
    duplicatePerHour: sum(lines.filter(({ duplicate }) => duplicate)),
    surgePerHour: lines.reduce((total, line) => total + line.surgePerHour, 0),
    unseen,
    unpriced,
  };
}

/** Dollars per month of all that a bill has, without what a rollout adds for its time. */
export function monthly(bill: Bill): number {
  return (bill.livePerHour + bill.duplicatePerHour + bill.balancersPerHour) * HOURS_PER_MONTH;
}

function lineOf(
  fleet: Fleet,
  prices: Prices,
  { unseen, unpriced }: { readonly unseen: string[]; readonly unpriced: string[] },
): BillLine | undefined {
  const { servers, name, resource, role } = fleet;
  if (!isKnown(servers)) {
    unseen.push(`${name}: how many servers it has is not known yet`);
    return undefined;
  }
  if (isMixed(resource)) {
    unpriced.push(`${name}: it mixes instance types, which one price cannot tell`);
    return undefined;
  }
  const priced = fleet.pods ? podPrice(fleet.pods, prices) : instancePrice(fleet.instanceType, prices);
  if ("problem" in priced) {
    (priced.later ? unseen : unpriced).push(`${name}: ${priced.problem}`);
    return undefined;
  }
  const { type, price } = priced;
  if (role === "unseen")
    unseen.push(`${name}: which share of the users it serves is not known yet; it counts as live here`);
  const surgeServers = surgeOf(fleet, servers);
  return {
    fleet: name,
    urn: resource.urn,
    role,
    servers,
    type,
    perHour: servers * price,
    duplicate: DUPLICATES.includes(role),
    surgeServers,
    surgePerHour: surgeServers * price,
  };
}

type Priced =
  | { readonly type: string; readonly price: number }
  | { readonly problem: string /** Known once the update runs. */; readonly later?: boolean };

function instancePrice(instanceType: Maybe<string>, prices: Prices): Priced {
  if (!isKnown(instanceType)) {
    const later = instanceType === UNKNOWN;
    return { problem: `its instance type is not known ${later ? "yet" : "from its launch template"}`, later };
  }
  const price = prices.perHour(instanceType);
  if (price !== undefined) return { type: instanceType, price };
  return {
    problem: `no price is known for ${instanceType}; add it with the option "prices", or run \`npx hitless prices update\``,
  };
}

function podPrice({ vcpus, gib }: PodSize, prices: Prices): Priced {
  if (vcpus === UNKNOWN || gib === UNKNOWN) return { problem: "what its pods ask for is not known yet", later: true };
  const asked = [
    ...(vcpus === undefined ? [] : [`${round(vcpus)} vCPU`]),
    ...(gib === undefined ? [] : [`${round(gib)} GiB`]),
  ];
  if (asked.length === 0)
    return { problem: "its pods ask for no processor and no memory, so nobody can tell what they cost" };
  const requests = { ...(vcpus === undefined ? {} : { vcpus }), ...(gib === undefined ? {} : { gib }) };
  const price = prices.perPodHour(requests);
  if (price !== undefined) return { type: asked.join(" "), price };
  const { nodeType } = prices.options;
  const known =
    nodeType === undefined ? "the type of its nodes is not known" : `no price or no shape is known for ${nodeType}`;
  return { problem: `${known}; set the option "nodeType", or "vcpuHourUsd" and "gibHourUsd"` };
}

const round = (value: number): number => Math.round(value * 1000) / 1000;

/** The servers that a rolling update may have on top: what the group's refresh or maintenance policy says, else its room to the maximum. */
function surgeOf({ resource, maxServers, component, role }: Fleet, servers: number): number {
  if (servers === 0) return 0;
  if (resource.type === TYPES.deployment) return podSurge(resource, servers);
  if (resource.type !== TYPES.group) return 0;
  const percent = [
    number(resource.props, "instanceRefresh", "preferences", "maxHealthyPercentage"),
    number(resource.props, "instanceMaintenancePolicy", "maxHealthyPercentage"),
  ].find((value): value is number => isKnown(value));
  if (percent !== undefined && percent > 100) return Math.ceil((servers * (percent - 100)) / 100);
  // Only our RollingFleet keeps that room for a batch; elsewhere it may be an autoscaler's.
  const rolls = component === undefined && role === "live" && resource.urn.includes("hitless:index:RollingFleet");
  return rolls && isKnown(maxServers) ? Math.max(0, maxServers - servers) : 0;
}

/** A quarter where nothing is said, and rounded up (Kubernetes, "Deployments"). */
function podSurge({ props }: StackResource, servers: number): number {
  if (text(props, "spec", "strategy", "type") === "Recreate") return 0;
  const surge = text(props, "spec", "strategy", "rollingUpdate", "maxSurge");
  const said = surge === undefined ? "25%" : surge;
  return isKnown(said) ? (countOf(said, servers, Math.ceil) ?? 0) : 0;
}

function isApplicationBalancer(resource: StackResource): boolean {
  const kind = text(resource.props, "loadBalancerType");
  return resource.type === TYPES.loadBalancer && (!isKnown(kind) || kind === "application");
}
