import type { AlarmView } from "../../ports.js";
import { messageOf } from "../faults.js";
import type { Group } from "../group.js";
import type { GroupRegistry } from "../registry.js";
import { executePolicy } from "./execute.js";
import type { ScalingPolicyRecord } from "./record.js";

/**
 * Runs scaling policies when their alarms say so. While an alarm stays in ALARM its Auto Scaling action runs again every
 * minute (CloudWatch guide, alarm actions: Auto Scaling actions are repeated; all others run once).
 */
export class AlarmWatch {
  private readonly repeats = new Map<string, () => void>();

  constructor(private readonly registry: GroupRegistry) {}

  heard(alarm: AlarmView): void {
    this.wakeRefreshes(alarm.name);
    const actions = alarm.state === "ALARM" ? alarm.alarmActions : alarm.state === "OK" ? alarm.okActions : [];
    const runs = this.find(actions);
    this.stopRepeating(alarm.name);
    if (runs.length === 0) return;
    for (const { group, policy } of runs) this.run(group, policy, alarm);
    if (alarm.state === "ALARM") this.repeat(alarm.name);
  }

  close(): void {
    for (const name of [...this.repeats.keys()]) this.stopRepeating(name);
  }

  /** A refresh that watches this alarm must look at once. */
  private wakeRefreshes(name: string): void {
    for (const group of this.registry.all()) {
      if (group.activeRefresh()?.preferences.alarms.includes(name)) group.touch();
    }
  }

  private find(actions: readonly string[]): { group: Group; policy: ScalingPolicyRecord }[] {
    if (actions.length === 0) return [];
    return this.registry
      .all()
      .flatMap((group) =>
        [...group.policies.values()]
          .filter((policy) => actions.includes(policy.arn))
          .map((policy) => ({ group, policy })),
      );
  }

  private run(group: Group, policy: ScalingPolicyRecord, alarm: AlarmView): void {
    if (!policy.enabled || group.isSuspended("AlarmNotification")) return;
    try {
      executePolicy(group, policy, { kind: "alarm", alarm });
    } catch (error) {
      const activity = group.activities.start({
        description: `Executing scaling policy ${policy.name}`,
        cause: `a monitor alarm ${alarm.name} in state ${alarm.state} triggered policy ${policy.name}.`,
        status: "InProgress",
      });
      group.activities.end(activity, "Failed", messageOf(error));
    }
  }

  private repeat(name: string): void {
    const { clock, monitoring } = this.registry.env;
    this.repeats.set(
      name,
      clock.after(60, () => {
        this.repeats.delete(name);
        const alarm = monitoring.alarm(name);
        if (alarm?.state === "ALARM") this.heard(alarm);
      }),
    );
  }

  private stopRepeating(name: string): void {
    this.repeats.get(name)?.();
    this.repeats.delete(name);
  }
}
