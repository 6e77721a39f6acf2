import fc from "fast-check";
import {
  type AlarmRule,
  alarmVerdict,
  type MissingDataTreatment,
} from "../../../../src/rehearsal/cloud/cloudwatch/alarmVerdict.js";

const treatments: MissingDataTreatment[] = ["missing", "ignore", "breaching", "notBreaching"];
const read = (text: string) => [...text].map((c) => (c === "-" ? undefined : c === "X"));
const keep = undefined;
const noData = "INSUFFICIENT_DATA";

/** The two tables of the CloudWatch user guide, "Configuring how CloudWatch alarms treat missing data". */
describe.each([
  [
    3,
    [
      ["0-X-X", "OK", "OK", "OK", "OK"],
      ["0----", "OK", "OK", "OK", "OK"],
      ["-----", noData, keep, "ALARM", "OK"],
      ["0XXX-X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["--X--", "ALARM", keep, "ALARM", "OK"],
    ],
  ],
  [
    2,
    [
      ["0-X-X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["00X0X", "ALARM", "ALARM", "ALARM", "ALARM"],
      ["0-X--", "OK", "OK", "ALARM", "OK"],
      ["----0", "OK", "OK", "ALARM", "OK"],
      ["---X-", "ALARM", keep, "ALARM", "OK"],
    ],
  ],
] as [number, (string | undefined)[][]][])("%d out of 3", (datapointsToAlarm, rows) => {
  test.each(rows)("%s", (data, ...expected) => {
    const states = treatments.map((treatMissingData) =>
      alarmVerdict(read(data ?? ""), { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }),
    );
    expect(states).toEqual(expected);
  });
});

test("one young breach alone does not bring ALARM early", () => {
  const rule: AlarmRule = { evaluationPeriods: 3, datapointsToAlarm: 3, treatMissingData: "missing" };
  expect(alarmVerdict(read("----X"), rule)).toBeUndefined();
  expect(alarmVerdict(read("---X-"), rule)).toBeUndefined();
  expect(alarmVerdict(read("--X--"), rule)).toBe("ALARM");
});

test("with data in every period, the treatment does not matter and M breaches of the newest N decide", () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.constantFrom(...treatments),
      fc.integer({ min: 1, max: 3 }),
      (breaches, treatMissingData, datapointsToAlarm) => {
        const wanted = breaches.slice(-3).filter(Boolean).length >= datapointsToAlarm ? "ALARM" : "OK";
        return alarmVerdict(breaches, { evaluationPeriods: 3, datapointsToAlarm, treatMissingData }) === wanted;
      },
    ),
  );
});
