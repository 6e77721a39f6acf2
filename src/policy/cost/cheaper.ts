import type { Bill, BillLine } from "./bill.js";

/** A change that would cost less. */
export interface Saving {
  readonly what: string;
  readonly perHour: number;
}

/** The smallest change that saves at least that much an hour, or the largest ones together; nothing when all of them would not do. */
export function cheapestChange(bill: Bill, perHour: number): Saving | undefined {
  const savings = bill.lines
    .filter(({ duplicate, perHour: cost }) => duplicate && cost > 0)
    .map(savingOf)
    .sort((one, other) => one.perHour - other.perHour);
  const enough = savings.find((saving) => saving.perHour >= perHour - ROUNDING);
  if (enough) return enough;
  const together: Saving[] = [];
  for (const saving of savings.reverse()) {
    together.push(saving);
    const sum = together.reduce((total, each) => total + each.perHour, 0);
    if (sum >= perHour - ROUNDING) return { what: together.map(({ what }) => what).join(", and "), perHour: sum };
  }
  return undefined;
}

const ROUNDING = 1e-9;

function savingOf({ fleet, role, servers, perHour }: BillLine): Saving {
  if (role === "idle") return { what: `keep ${fleet} without servers (idle: "cold")`, perHour };
  if (role === "canary" && servers > 1) {
    const what = `start ${fleet} with 1 server instead of ${servers} (a smaller canary)`;
    return { what, perHour: (perHour * (servers - 1)) / servers };
  }
  return { what: `remove ${fleet} (${role})`, perHour };
}
