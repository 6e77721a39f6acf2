import type { LoadCounts } from "../load/model.js";
import type { CloudRecord } from "../report/record.js";
import { shares } from "../report/text.js";
import { shareOf } from "./stepReports.js";

/** What the status block is drawn from. */
export interface StatusFacts {
  readonly step: string;
  readonly seconds: number;
  readonly record: CloudRecord;
  /** The whole load so far, and its last second. */
  readonly load?: { readonly total: LoadCounts; readonly lately: LoadCounts };
  /** What the engine said last. */
  readonly message: string;
}

/** How things stand, in four short lines. */
export function statusLines({ step, seconds, record, load, message }: StatusFacts): string[] {
  const now = record.samples.at(-1);
  const refreshes = record.latest?.groups.flatMap(({ refresh }) => (refresh === undefined ? [] : [refresh])) ?? [];
  const refresh = refreshes
    .map(({ status, percentageComplete }) => `refresh ${status} ${percentageComplete} %`)
    .join(", ");
  const lines = [`▸ ${step}  ${seconds.toFixed(0)} s  ${refresh}`.trimEnd()];
  if (now !== undefined) {
    lines.push(`  servers   ${now.healthy} healthy, ${now.running} running, ${now.draining} draining`);
  }
  if (load !== undefined) {
    const { sent, lost, inFlight } = load.total;
    lines.push(
      `  requests  ${sent} sent, ${lost} lost, ${inFlight} in flight; now ${shares(shareOf(load.lately.versions))}`,
    );
  }
  if (message !== "") lines.push(`  engine    ${message.split("\n")[0]}`);
  return lines;
}
