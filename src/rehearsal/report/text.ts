import type { LostRequest } from "../load/model.js";
import type { RehearsalReport, StepReport } from "./model.js";

const EVIDENCE_SHOWN = 5;

/** The report as a person reads it at the end of a rehearsal. */
export function reportText(report: RehearsalReport): string {
  const { requests } = report;
  const { p50, p99, max } = requests.latencyMs;
  const lines = [
    ...table(
      [
        "step",
        "expected",
        "outcome",
        "seconds",
        "rollout",
        "limit",
        "switch",
        "lost",
        "healthy",
        "peak",
        "share after",
      ],
      report.steps.map(row),
    ),
    "",
    `requests  ${requests.sent} sent, ${requests.lost} lost, ${requests.appErrors} answered with an error by the app`,
    `latency   p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(max)} (from the scheduled moment)`,
    ...requests.perRequest.map(
      ({ request, sent, lost, latencyMs }) =>
        `          ${request}: ${sent} sent, ${lost} lost, p50 ${ms(latencyMs.p50)}, p99 ${ms(latencyMs.p99)}, max ${ms(latencyMs.max)}`,
    ),
  ];
  if (requests.retriedOnClosedConnection > 0) {
    lines.push(
      `retried   ${requests.retriedOnClosedConnection} met an idle connection that had just been closed and were sent once more`,
    );
  }
  if (requests.versionChanges > 0) {
    lines.push(`users     saw another version than before ${requests.versionChanges} times`);
  }
  for (const step of report.steps) {
    for (const { what, done, problem } of step.happenings) {
      lines.push(`meanwhile ${step.name}: ${what}: ${problem === "" ? done : problem}`);
    }
  }
  for (const warning of report.warnings) lines.push(`note      ${indent(warning)}`);
  for (const lost of requests.evidence.slice(0, EVIDENCE_SHOWN)) lines.push(`lost      ${evidence(lost)}`);
  if (requests.lost > EVIDENCE_SHOWN)
    lines.push(`          … ${requests.lost - EVIDENCE_SHOWN} more (--json has the evidence)`);
  for (const failure of report.failures) lines.push(`failed    ${indent(failure)}`);
  lines.push("", verdict(report));
  return lines.join("\n");
}

function verdict({ verdict, requests, isolation }: RehearsalReport): string {
  if (verdict === "failed") return "FAILED";
  const passed = isolation === "paper" ? "PASSED on paper" : "PASSED";
  if (requests.lost === 0) return `${passed}: every expectation held and no request was lost`;
  return `${passed}: every expectation held; ${requests.lost} requests were lost, no more than the scenario allows`;
}

function row(step: StepReport): string[] {
  return [
    step.name,
    step.expected,
    step.outcome,
    step.seconds.toFixed(1),
    step.limit === null ? "-" : step.limit.rolloutSeconds.toFixed(1),
    step.limitSeconds === null ? "-" : step.limitSeconds.toFixed(1),
    step.switchSeconds === null ? "-" : step.switchSeconds.toFixed(3),
    String(step.lost),
    step.action === "preview" ? "-" : `≥ ${step.minHealthy}`,
    step.action === "preview" ? "-" : String(step.peakServers),
    shares(step.share),
  ];
}

/** `v1 90 %, v2 10 %` */
export function shares(share: Readonly<Record<string, number>>): string {
  const parts = Object.entries(share)
    .sort(([, a], [, b]) => b - a)
    .map(([version, fraction]) => `${version === "" ? "(no version)" : version} ${percent(fraction)}`);
  return parts.length === 0 ? "-" : parts.join(", ");
}

function percent(fraction: number): string {
  return `${Number((fraction * 100).toFixed(fraction > 0.99 && fraction < 1 ? 2 : 1))} %`;
}

function evidence(lost: LostRequest): string {
  const clock = new Date(lost.scheduledAt).toISOString().slice(11, 23);
  const took = ms(lost.endedAt - lost.scheduledAt);
  const starved =
    lost.generatorLagMs >= 100 ? `, while the generator itself stood still for ${ms(lost.generatorLagMs)}` : "";
  return `${clock} ${lost.request}: ${lost.kind} (${lost.code}) after ${took}, ${lost.detail}${starved}`;
}

function ms(value: number): string {
  return value < 10
    ? `${value.toFixed(1)} ms`
    : value < 10_000
      ? `${Math.round(value)} ms`
      : `${(value / 1000).toFixed(1)} s`;
}

function indent(text: string): string {
  return text.split("\n").join("\n          ");
}

/** Columns as wide as their widest cell; numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((cells) => (cells[column] ?? "").length)),
  );
  const isNumber = head.map(
    (_, column) => rows.length > 0 && rows.every((cells) => /^[-≥ \d.]+$/.test(cells[column] ?? "")),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [line(head), widths.map((width) => "─".repeat(width)).join("  "), ...rows.map(line)];
}
