import { type Finding, refusal } from "../../errors/faults.js";
import type { AlarmView } from "../alarmCloud.js";
import type { ShiftContext } from "./shiftRequest.js";

/** One look at the alarms that a shift watches. */
export interface AlarmsLook {
  readonly ringing: readonly AlarmView[];
  /** Names that CloudWatch does not know. */
  readonly missing: readonly string[];
}

export async function lookAtAlarms({ request, cloud }: ShiftContext): Promise<AlarmsLook> {
  if (request.alarmNames.length === 0) return { ringing: [], missing: [] };
  const alarms = await cloud.alarms(request.alarmNames);
  const found = new Set(alarms.map((alarm) => alarm.name));
  return {
    ringing: alarms.filter((alarm) => alarm.state === "ALARM"),
    missing: request.alarmNames.filter((name) => !found.has(name)),
  };
}

/** Refuses to begin while an alarm rings, or one is not there to ring; on the way back it only tells. */
export async function assertAlarmsQuiet(context: ShiftContext): Promise<void> {
  const { request, report } = context;
  const look = await lookAtAlarms(context);
  const problems = [
    ...look.missing.map((name) => `CloudWatch has no alarm "${name}"`),
    ...look.ringing.map((alarm) => `alarm "${alarm.name}" is in ALARM${saying(alarm)}`),
  ];
  if (problems.length === 0) return;
  if (request.goingBack) {
    await report.warn(
      `${request.subject}: ${problems.join("; ")}. Users go back to what they had, so that does not hold it up`,
    );
    return;
  }
  if (look.missing.length > 0) throw refusal(request.subject, missingAlarm(look.missing));
  throw refusal(request.subject, {
    code: "HIT346",
    problem: `${problems.join("; ")}; no weight was moved.`,
    fix: "wait until it is quiet, then run `pulumi up` again; when the release that serves now is the cause, go back to one that users had before",
  });
}

export function missingAlarm(names: readonly string[]): Finding {
  return {
    code: "HIT347",
    problem: `CloudWatch has no alarm named ${names.map((name) => `"${name}"`).join(", ")}, so nothing would watch this shift.`,
    fix: "correct alarmNames, or create the alarm before this component (dependsOn); alarms are looked for in the region of the entrance",
  };
}

/** CloudWatch's reason, in brackets. */
export function saying(alarm: AlarmView): string {
  return alarm.reason ? ` (${alarm.reason})` : "";
}
