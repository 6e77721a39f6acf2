import { HOURS_PER_MONTH } from "../prices/builtIn.js";
import type { Bill } from "./bill.js";

/** Dollars with as many digits as they need. */
export function dollars(amount: number): string {
  return `$${amount.toFixed(Math.abs(amount) < 1 && amount !== 0 ? 4 : 2)}`;
}

/** The bill as a small table of text. */
export function table(bill: Bill): string {
  const rows = [["fleet", "servers", "type", "$/h", "role", "duplicate $/month"]];
  for (const line of bill.lines) {
    const again = line.duplicate ? (line.perHour * HOURS_PER_MONTH).toFixed(2) : "-";
    rows.push([line.fleet, String(line.servers), line.type, line.perHour.toFixed(4), line.role, again]);
    if (line.surgeServers === 0) continue;
    const cells = [`+${line.surgeServers}`, line.type, line.surgePerHour.toFixed(4), "surge", "during a rollout"];
    rows.push([line.fleet, ...cells]);
  }
  if (bill.balancers > 0) {
    rows.push(["load balancers", String(bill.balancers), "-", bill.balancersPerHour.toFixed(4), "-", "-"]);
  }
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd())
    .join("\n");
}
