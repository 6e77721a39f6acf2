import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { InstanceRuntime } from "../instances/runtime.js";
import type { MetricDatum } from "../ports.js";
import { instanceTypeFacts } from "./instanceTypes.js";

/** A running instance, as far as its metrics need it. */
export interface MeasuredInstance {
  readonly instanceId: string;
  readonly imageId: string;
  readonly instanceType: string;
  /** Detailed monitoring: data every minute instead of every five. */
  readonly isDetailed: boolean;
  /** The Auto Scaling group that it belongs to, if any. */
  readonly group?: string;
}

export interface CpuMetricsOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly runtime: InstanceRuntime;
  readonly instances: () => readonly MeasuredInstance[];
  readonly put: (data: readonly MetricDatum[]) => void;
}

/** What an instance had used, and when. */
interface Reading {
  readonly cpuSeconds: number;
  readonly at: number;
}

const everySeconds = 60;
/** Minutes between two data: with detailed monitoring, and without (EC2 user guide, "Manage detailed monitoring"). */
const minutes = { detailed: 1, basic: 5 };

/**
 * `CPUUtilization` of the instances: the percentage of its type's processors that an instance's processes really used, of this
 * machine's. Time that passes faster does not make them work more: seconds of work are compared with real seconds. An instance is
 * measured from the first whole minute on. Where nothing runs, or the system does not tell, there are no data.
 */
export class CpuMetrics {
  private readonly readings = new Map<string, Reading>();
  private readonly stop: () => void;
  private isMeasuring = false;
  private isClosed = false;

  constructor(private readonly options: CpuMetricsOptions) {
    this.stop = options.clock.every(everySeconds, () => void this.measure());
  }

  close(): void {
    this.isClosed = true;
    this.stop();
  }

  private async measure(): Promise<void> {
    // A machine that is too busy to answer within a minute has its next turn.
    if (this.isMeasuring) return;
    this.isMeasuring = true;
    try {
      const used = await this.options.runtime.cpuSeconds();
      if (!this.isClosed) this.publish(used, this.options.clock.now());
    } catch (error) {
      if (!this.isClosed) this.options.log.warn({ err: error }, "what instances use of a processor cannot be read");
    } finally {
      this.isMeasuring = false;
    }
  }

  private publish(used: Readonly<Record<string, number>>, at: number): void {
    const { clock, instances, put } = this.options;
    for (const instanceId of this.readings.keys()) if (!(instanceId in used)) this.readings.delete(instanceId);
    const data: MetricDatum[] = [];
    for (const instance of instances()) {
      const cpuSeconds = used[instance.instanceId];
      if (cpuSeconds === undefined) continue;
      const before = this.readings.get(instance.instanceId);
      const period = everySeconds * (instance.isDetailed ? minutes.detailed : minutes.basic);
      // Timers come a little early or late; half a minute less is still the same number of minutes.
      if (before !== undefined && clock.secondsSince(before.at) < period - everySeconds / 2) continue;
      this.readings.set(instance.instanceId, { cpuSeconds, at });
      if (before !== undefined) data.push(...dataOf(instance, percent(instance, before, { cpuSeconds, at }), at));
    }
    if (data.length > 0) put(data);
  }
}

function percent({ instanceType }: MeasuredInstance, before: Reading, now: Reading): number {
  const offered = ((now.at - before.at) / 1000) * instanceTypeFacts(instanceType).vcpus;
  // Where processes are ended by others, what they had used is not counted any more.
  return Math.min(100, Math.max(0, (100 * (now.cpuSeconds - before.cpuSeconds)) / offered));
}

/** By image and by type only with detailed monitoring (EC2 user guide, "Dimensions"). */
function dataOf(instance: MeasuredInstance, value: number, at: number): MetricDatum[] {
  const { instanceId, imageId, instanceType, isDetailed, group } = instance;
  const dimensions: Record<string, string>[] = [
    { InstanceId: instanceId },
    ...(group === undefined ? [] : [{ AutoScalingGroupName: group }]),
    ...(isDetailed ? [{ ImageId: imageId }, { InstanceType: instanceType }] : []),
  ];
  return dimensions.map((each) => ({
    namespace: "AWS/EC2",
    name: "CPUUtilization",
    dimensions: each,
    at,
    values: [value],
    unit: "Percent",
  }));
}
