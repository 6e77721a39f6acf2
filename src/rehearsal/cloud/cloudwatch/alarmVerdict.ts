export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export type MissingDataTreatment = "breaching" | "notBreaching" | "ignore" | "missing";

export interface AlarmRule {
  /** N: how many periods are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: MissingDataTreatment;
}

/**
 * How many periods before the N newest are fetched as well, so that late data does not look missing. AWS does not document the
 * number; its own tables show 5 periods for N = 3 (CloudWatch user guide, "Configuring how alarms treat missing data").
 */
export const extraPeriods = 2;

/**
 * The state that AWS's rules give, or undefined to keep the present one.
 *
 * From the CloudWatch user guide: with at least N real datapoints in the range the newest N of them count and missing ones do not
 * matter; otherwise missing ones are filled in as `treatMissingData` says. `missing` goes by what is there, and to ALARM early
 * only when the oldest breaching datapoint is at least M periods old and everything after it breaches or is missing.
 *
 * @param breaches oldest first, one entry for each period of the range: breaching or not, undefined where data is missing
 */
export function alarmVerdict(breaches: readonly (boolean | undefined)[], rule: AlarmRule): AlarmState | undefined {
  const { evaluationPeriods: n, datapointsToAlarm: m, treatMissingData } = rule;
  const real = breaches.filter((breach) => breach !== undefined);
  const decide = (values: readonly boolean[]): AlarmState => (values.filter(Boolean).length >= m ? "ALARM" : "OK");
  if (real.length >= n) return decide(real.slice(-n));
  switch (treatMissingData) {
    case "breaching":
    case "notBreaching": {
      // The real ones count wherever in the range they lie; only what lacks to N is filled in.
      const filled = Array<boolean>(n - real.length).fill(treatMissingData === "breaching");
      return decide([...real, ...filled]);
    }
    case "ignore":
      return decide(real) === "ALARM" ? "ALARM" : real.includes(false) ? "OK" : undefined;
    case "missing":
      if (real.length === 0) return "INSUFFICIENT_DATA";
      if (decide(real) === "ALARM") return "ALARM";
      if (!real.includes(true) || real.includes(false)) return "OK";
      return breaches.length - breaches.indexOf(true) >= m ? "ALARM" : undefined;
  }
}
