import type { AlarmView } from "../../ports.js";

/** What an alarm measured and what it was compared with; undefined where it does not say. */
export interface AlarmReading {
  readonly value: number | undefined;
  readonly threshold: number | undefined;
}

/**
 * Reads both from the alarm, or from its reason, which is how they travel to people: CloudWatch writes "Threshold Crossed: 2
 * datapoints [120.0 (…), 90.0 (…)] were greater than the threshold (50.0)", newest first; the local one lists them oldest first.
 */
export function readAlarm(alarm: AlarmView): AlarmReading {
  return {
    value: alarm.latestValue ?? valueIn(alarm.reason),
    threshold: alarm.threshold ?? numberIn(/threshold \((-?[\d.]+(?:e[+-]?\d+)?)\)/i.exec(alarm.reason)?.[1]),
  };
}

function valueIn(reason: string): number | undefined {
  const list = /\[([^\]]+)\]/.exec(reason)?.[1]?.split(",") ?? [];
  const newest = /datapoints? \[/i.test(reason) ? list[0] : list.at(-1);
  return numberIn(/-?[\d.]+(?:e[+-]?\d+)?/i.exec(newest ?? "")?.[0]);
}

function numberIn(text: string | undefined): number | undefined {
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}
