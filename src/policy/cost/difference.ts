import { HOURS_PER_MONTH } from "../prices/builtIn.js";
import { type Bill, monthly } from "./bill.js";
import { dollars } from "./table.js";

/** What one `up` changes. */
export interface Difference {
  /** Dollars a month that it adds; negative when it frees some. */
  readonly monthly: number;
  /** Dollars an hour of all that may stand at one time while it runs. */
  readonly worstPerHour: number;
  readonly lines: readonly { readonly fleet: string; readonly before: number; readonly after: number }[];
}

/**
 * Pulumi deletes last, so while an update runs a fleet may have as many servers as before or as after, whichever is more, and a rolling
 * batch on top.
 */
export function difference(before: Bill, after: Bill): Difference {
  const costs = (bill: Bill) => new Map(bill.lines.map((line) => [line.urn, line]));
  const [old, next] = [costs(before), costs(after)];
  const urns = [...new Set([...old.keys(), ...next.keys()])];
  const lines = urns.map((urn) => ({
    fleet: (next.get(urn) ?? old.get(urn))?.fleet ?? urn,
    before: old.get(urn)?.perHour ?? 0,
    after: next.get(urn)?.perHour ?? 0,
  }));
  const fleets = lines.reduce((total, line) => total + Math.max(line.before, line.after), 0);
  return {
    monthly: monthly(after) - monthly(before),
    worstPerHour: fleets + after.surgePerHour + Math.max(before.balancersPerHour, after.balancersPerHour),
    lines,
  };
}

export function differenceText({ monthly: change, worstPerHour, lines }: Difference): string {
  const moved = lines.filter(({ before, after }) => Math.abs(before - after) > 1e-9);
  const word =
    change > 0.005 ? `adds ${dollars(change)}` : change < -0.005 ? `frees ${dollars(-change)}` : "changes nothing";
  return [
    ...moved.map(({ fleet, before, after }) => {
      const month = (after - before) * HOURS_PER_MONTH;
      return `  ${fleet}: ${dollars(before)}/h → ${dollars(after)}/h (${month < 0 ? "-" : "+"}${dollars(Math.abs(month))} a month)`;
    }),
    `This update ${word}${change > 0.005 || change < -0.005 ? " a month" : ""}.`,
    `Worst case while it runs: ${dollars(worstPerHour)} an hour.`,
  ].join("\n");
}
