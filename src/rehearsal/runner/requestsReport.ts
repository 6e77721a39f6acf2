import type { LoadSummary } from "../load/model.js";
import type { RequestsReport } from "../report/model.js";

const NONE: RequestsReport = {
  sent: 0,
  lost: 0,
  appErrors: 0,
  latencyMs: { p50: 0, p99: 0, max: 0 },
  completed: 0,
  retriedOnClosedConnection: 0,
  statuses: {},
  lostByKind: {},
  perRequest: [],
  evidence: [],
  generatorLagMs: 0,
  versionChanges: 0,
};

/** The report's part about requests; zeros where no load ever ran. */
export function requestsReport(load: LoadSummary | undefined): RequestsReport {
  if (load === undefined) return NONE;
  const { sent, lost, appErrors, latencyMs, completed, retriedOnClosedConnection } = load;
  const { statuses, lostByKind, perRequest, evidence, generatorLagMs, versionChanges } = load;
  return {
    sent,
    lost,
    appErrors,
    latencyMs,
    completed,
    retriedOnClosedConnection,
    statuses,
    lostByKind,
    perRequest,
    evidence,
    generatorLagMs: Math.round(generatorLagMs),
    versionChanges,
  };
}
