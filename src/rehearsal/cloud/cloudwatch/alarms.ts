import { EventEmitter } from "node:events";
import type { PutMetricAlarmCommandInput, Tag } from "@aws-sdk/client-cloudwatch";
import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { Clock } from "../clock.js";
import type { AlarmView } from "../ports.js";
import { Alarm } from "./alarm.js";
import { AlarmHistory } from "./alarmHistory.js";
import { readAlarm } from "./alarmInput.js";
import type { AlarmState } from "./alarmVerdict.js";
import type { MetricStore } from "./metricStore.js";
import { required } from "./parameters.js";

/** "The default quota is 5000 alarms per Region" (CloudWatch quotas). */
const mostAlarms = 5000;
/** Data of a period may arrive a little after its end: an alarm looks this share of a period later. */
const latenessShare = 0.05;

export interface AlarmsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly store: MetricStore;
  readonly region: string;
  readonly accountId: string;
}

/** All alarms, each evaluated when one of its periods ends. */
export class Alarms {
  readonly events = new EventEmitter<{ alarm: [AlarmView] }>();
  readonly history = new AlarmHistory();
  private readonly alarms = new Map<string, Alarm>();
  private readonly tags = new Map<string, Record<string, string>>();
  private readonly timers = new Map<string, () => void>();

  constructor(private readonly options: AlarmsOptions) {}

  /** Creates an alarm, or replaces what it declares and keeps its state; tags count on creation only (botocore model). */
  put(input: PutMetricAlarmCommandInput): void {
    const declaration = readAlarm(input);
    const { name } = declaration;
    const present = this.alarms.get(name);
    if (present) {
      present.declare(declaration);
      this.history.add(name, "ConfigurationUpdate", `Alarm "${name}" updated`, { type: "Update" });
    } else {
      if (this.alarms.size >= mostAlarms) {
        throw new AwsError("LimitExceeded", `The quota of ${mostAlarms} alarms has been reached.`);
      }
      const { region, accountId } = this.options;
      const alarm = new Alarm(declaration, `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`);
      this.alarms.set(name, alarm);
      if (input.Tags?.length) this.tag(alarm.arn, input.Tags);
      this.history.add(name, "ConfigurationUpdate", `Alarm "${name}" created`, { type: "Create" });
    }
    this.schedule(name);
  }

  find(name: string): Alarm | undefined {
    return this.alarms.get(name);
  }

  list(): Alarm[] {
    return [...this.alarms.values()].sort((a, b) => (a.declaration.name < b.declaration.name ? -1 : 1));
  }

  /** Removes alarms; names that do not exist are passed over, as AWS does. */
  remove(names: readonly string[]): void {
    for (const name of names) {
      const alarm = this.alarms.get(name);
      if (!alarm) continue;
      this.timers.get(name)?.();
      this.timers.delete(name);
      this.alarms.delete(name);
      this.tags.delete(alarm.arn);
      this.history.add(name, "ConfigurationUpdate", `Alarm "${name}" deleted`, { type: "Delete" });
    }
  }

  setState(alarm: Alarm, state: AlarmState, reason: string, reasonData?: string): void {
    const before = alarm.state;
    alarm.reason = reason;
    alarm.reasonData = reasonData;
    if (before === state) return;
    alarm.state = state;
    alarm.stateUpdatedAt = new Date();
    const { name } = alarm.declaration;
    this.options.log.info({ alarm: name, from: before, to: state, reason }, "alarm changed state");
    this.history.add(name, "StateUpdate", `Alarm updated from ${before} to ${state}`, {
      oldState: { stateValue: before },
      newState: { stateValue: state, stateReason: reason },
    });
    this.events.emit("alarm", alarm.view());
  }

  tag(arn: string, tags: readonly Tag[]): void {
    const record = { ...this.tagsOf(arn) };
    for (const { Key, Value } of tags) record[required(Key, "Tags.member.Key")] = Value ?? "";
    if (Object.keys(record).length > 50) throw new AwsError("LimitExceeded", "A resource has at most 50 tags.");
    this.tags.set(arn, record);
  }

  untag(arn: string, keys: readonly string[]): void {
    const record = { ...this.tagsOf(arn) };
    for (const key of keys) delete record[key];
    this.tags.set(arn, record);
  }

  tagsOf(arn: string): Readonly<Record<string, string>> {
    return this.tags.get(arn) ?? {};
  }

  byArn(arn: string): Alarm | undefined {
    return this.list().find((alarm) => alarm.arn === arn);
  }

  close(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    this.events.removeAllListeners();
  }

  /** Evaluates an alarm as of its newest whole period. */
  private evaluate(alarm: Alarm): void {
    const { clock, store } = this.options;
    const periodMs = clock.toRealMs(alarm.declaration.periodSeconds);
    const end = Math.floor(clock.now() / periodMs) * periodMs;
    const verdict = alarm.verdict(store, end, periodMs);
    if (verdict) this.setState(alarm, verdict.state, verdict.reason);
  }

  /** The next evaluation: soon after the end of the present period. */
  private schedule(name: string): void {
    this.timers.get(name)?.();
    const alarm = this.alarms.get(name);
    if (!alarm) return;
    const { clock } = this.options;
    const { periodSeconds } = alarm.declaration;
    const periodMs = clock.toRealMs(periodSeconds);
    const untilEndMs = periodMs - (clock.now() % periodMs);
    const waitSeconds = (untilEndMs / periodMs + latenessShare) * periodSeconds;
    const cancel = clock.after(waitSeconds, () => {
      this.evaluate(alarm);
      this.schedule(name);
    });
    this.timers.set(name, cancel);
  }
}
