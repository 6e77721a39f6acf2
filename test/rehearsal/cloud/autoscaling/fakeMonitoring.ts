import { EventEmitter } from "node:events";
import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import type { AlarmView, MetricDatum, Monitoring } from "../../../../src/rehearsal/cloud/ports.js";

export class FakeMonitoring implements Monitoring {
  readonly events = new EventEmitter<{ alarm: [AlarmView] }>();
  readonly data: MetricDatum[] = [];
  readonly alarms = new Map<string, AlarmView>();
  readonly inputs = new Map<string, PutMetricAlarmCommandInput>();

  put(data: readonly MetricDatum[]): void {
    this.data.push(...data);
  }

  alarm(name: string): AlarmView | undefined {
    return this.alarms.get(name);
  }

  putAlarm(input: PutMetricAlarmCommandInput): void {
    const name = input.AlarmName ?? "";
    this.inputs.set(name, input);
    this.alarms.set(name, {
      name,
      arn: `arn:alarm:${name}`,
      state: "INSUFFICIENT_DATA",
      reason: "",
      alarmActions: input.AlarmActions ?? [],
      okActions: input.OKActions ?? [],
      ...(input.Threshold === undefined ? {} : { threshold: input.Threshold }),
    });
  }

  deleteAlarms(names: readonly string[]): void {
    for (const name of names) this.alarms.delete(name);
  }

  /** Puts an alarm into a state and tells everyone. */
  set(name: string, state: AlarmView["state"], more: Partial<AlarmView> = {}): void {
    const old = this.alarms.get(name);
    const base = old ?? { name, arn: `arn:alarm:${name}`, reason: "", alarmActions: [], okActions: [] };
    const view: AlarmView = { ...base, ...more, state };
    this.alarms.set(name, view);
    this.events.emit("alarm", view);
  }
}
