import type { Fleet } from "../model/fleets.js";
import { isMixed } from "../model/fleets.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { DUPLICATES, type Role } from "../model/roles.js";
import type { StackModel } from "../model/stack.js";
import { isKnown, number, text } from "../model/values.js";
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
  /** What could not be priced, one sentence each. */
  readonly unseen: readonly string[];
}

export function billOf(model: StackModel, prices: Prices): Bill {
  const unseen: string[] = [];
  const lines = model.fleets.flatMap((fleet) => {
    const line = lineOf(fleet, prices, unseen);
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
  };
}

/** Dollars per month of all that a bill has, without what a rollout adds for its time. */
export function monthly(bill: Bill): number {
  return (bill.livePerHour + bill.duplicatePerHour + bill.balancersPerHour) * HOURS_PER_MONTH;
}

function lineOf(fleet: Fleet, prices: Prices, unseen: string[]): BillLine | undefined {
  const { servers, instanceType, name, resource, role } = fleet;
  if (!isKnown(servers)) {
    unseen.push(`${name}: how many servers it has is not known yet`);
    return undefined;
  }
  if (isMixed(resource)) {
    unseen.push(`${name}: it mixes instance types, which one price cannot tell`);
    return undefined;
  }
  if (!isKnown(instanceType)) {
    unseen.push(
      `${name}: its instance type is not known ${instanceType === undefined ? "from its launch template" : "yet"}`,
    );
    return undefined;
  }
  const price = prices.perHour(instanceType);
  if (price === undefined) {
    unseen.push(
      `${name}: no price is known for ${instanceType}; add it with the option "prices", or run \`npx hitless prices update\``,
    );
    return undefined;
  }
  if (role === "unseen")
    unseen.push(`${name}: which share of the users it serves is not known yet; it counts as live here`);
  const surgeServers = surgeOf(fleet, servers);
  return {
    fleet: name,
    urn: resource.urn,
    role,
    servers,
    type: instanceType,
    perHour: servers * price,
    duplicate: DUPLICATES.includes(role),
    surgeServers,
    surgePerHour: surgeServers * price,
  };
}

/** The servers that a rolling update may have on top: what the group's refresh or maintenance policy says, else its room to the maximum. */
function surgeOf({ resource, maxServers, component, role }: Fleet, servers: number): number {
  if (resource.type !== TYPES.group || servers === 0) return 0;
  const percent = [
    number(resource.props, "instanceRefresh", "preferences", "maxHealthyPercentage"),
    number(resource.props, "instanceMaintenancePolicy", "maxHealthyPercentage"),
  ].find((value): value is number => isKnown(value));
  if (percent !== undefined && percent > 100) return Math.ceil((servers * (percent - 100)) / 100);
  // Only our RollingFleet keeps that room for a batch; elsewhere it may be an autoscaler's.
  const rolls = component === undefined && role === "live" && resource.urn.includes("hitless:index:RollingFleet");
  return rolls && isKnown(maxServers) ? Math.max(0, maxServers - servers) : 0;
}

function isApplicationBalancer(resource: StackResource): boolean {
  const kind = text(resource.props, "loadBalancerType");
  return resource.type === TYPES.loadBalancer && (!isKnown(kind) || kind === "application");
}
