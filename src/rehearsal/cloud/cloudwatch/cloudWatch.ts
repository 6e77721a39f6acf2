import type { EventEmitter } from "node:events";
import type { PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { AlarmView, MetricDatum, Monitoring } from "../ports.js";
import type { Service } from "../service.js";
import { alarmOperations } from "./alarmOperations.js";
import { Alarms } from "./alarms.js";
import { metricOperations } from "./metricOperations.js";
import { MetricStore, mostMetrics } from "./metricStore.js";

export interface CloudWatchOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
}

/**
 * CloudWatch: metrics, and alarms on them. Periods are AWS seconds and pass `speed` times faster than the wall clock, on which all
 * timestamps are.
 */
export class CloudWatch implements Monitoring {
  readonly service: Service;
  readonly events: EventEmitter<{ alarm: [AlarmView] }>;
  private readonly store: MetricStore;
  private readonly alarms: Alarms;
  private readonly log: Logger;
  private toldFull = false;

  constructor(options: CloudWatchOptions) {
    this.log = options.log;
    this.store = new MetricStore(options.clock);
    this.alarms = new Alarms({ ...options, store: this.store });
    this.events = this.alarms.events;
    this.service = {
      id: "cloudwatch",
      operations: { ...metricOperations(this.store, options.clock), ...alarmOperations(this.alarms) },
    };
  }

  /** Takes data of AWS's own namespaces. A datum of one metric too many is dropped, which is logged once. */
  put(data: readonly MetricDatum[]): void {
    for (const datum of data) {
      if (datum.values.length === 0) continue;
      const bucket = this.store.bucket(datum, datum.unit, datum.at);
      if (bucket) for (const value of datum.values) bucket.add(value);
      else if (!this.toldFull) {
        this.toldFull = true;
        this.log.error({ metric: datum.name }, `more than ${mostMetrics} metrics: further ones are not kept`);
      }
    }
  }

  alarm(name: string): AlarmView | undefined {
    return this.alarms.find(name)?.view();
  }

  putAlarm(input: PutMetricAlarmCommandInput): void {
    this.alarms.put(input);
  }

  deleteAlarms(names: readonly string[]): void {
    this.alarms.remove(names);
  }

  /** Stops evaluating alarms; no event is told any more. */
  async close(): Promise<void> {
    this.alarms.close();
  }
}
