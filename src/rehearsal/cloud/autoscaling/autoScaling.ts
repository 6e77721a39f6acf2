import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { AlarmView, Compute, InstanceView, Monitoring, TargetHealthView, TargetRegistry } from "../ports.js";
import type { Service } from "../service.js";
import type { GroupSnapshot } from "../snapshot.js";
import { noteHealth } from "./attachments.js";
import { snapshotGroup } from "./groupSnapshot.js";
import { publishMetrics } from "./metrics.js";
import { activityOperations } from "./operations/activities.js";
import { attachmentOperations } from "./operations/attachments.js";
import { groupOperations } from "./operations/groups.js";
import { hookOperations } from "./operations/hooks.js";
import { instanceOperations } from "./operations/instances.js";
import { policyOperations } from "./operations/policies.js";
import { processOperations } from "./operations/processes.js";
import { refreshOperations } from "./operations/refreshes.js";
import { tagOperations } from "./operations/tags.js";
import { unservedOperations } from "./operations/unserved.js";
import { AlarmWatch } from "./policies/watch.js";
import type { MaxHealthyRounding } from "./refresh/bounds.js";
import { GroupRegistry } from "./registry.js";

export interface AutoScalingOptions {
  readonly clock: Clock;
  readonly compute: Compute;
  readonly targets: TargetRegistry;
  readonly monitoring: Monitoring;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
  /** How MaxHealthyPercentage is rounded to instances, which AWS does not document. @default "floor" */
  readonly maxHealthyRounding?: MaxHealthyRounding;
}

/** EC2 Auto Scaling of the local cloud: groups that keep their capacity, replace what fails, and roll out refreshes. */
export class AutoScaling {
  readonly service: Service;
  private readonly registry: GroupRegistry;
  private readonly alarms: AlarmWatch;
  private readonly stopMetrics: () => void;

  constructor(private readonly options: AutoScalingOptions) {
    this.registry = new GroupRegistry({ ...options, maxHealthyRounding: options.maxHealthyRounding ?? "floor" });
    this.alarms = new AlarmWatch(this.registry);
    this.service = {
      id: "autoscaling",
      operations: {
        ...groupOperations(this.registry),
        ...instanceOperations(this.registry),
        ...activityOperations(this.registry),
        ...hookOperations(this.registry),
        ...attachmentOperations(this.registry),
        ...refreshOperations(this.registry),
        ...policyOperations(this.registry),
        ...processOperations(this.registry),
        ...tagOperations(this.registry),
        ...unservedOperations(this.registry),
      },
    };
    options.compute.events.on("state", this.onState);
    options.targets.events.on("health", this.onHealth);
    options.monitoring.events.on("alarm", this.onAlarm);
    this.stopMetrics = options.clock.every(60, () => publishMetrics(this.registry));
  }

  /** Every group in one synchronous, consistent picture. */
  snapshots(): GroupSnapshot[] {
    return this.registry.all().map(snapshotGroup);
  }

  /** Stops looking after the groups; their instances are left as they are. */
  close(): Promise<void> {
    this.stopMetrics();
    this.alarms.close();
    this.registry.close();
    this.options.compute.events.off("state", this.onState);
    this.options.targets.events.off("health", this.onHealth);
    this.options.monitoring.events.off("alarm", this.onAlarm);
    return Promise.resolve();
  }

  private readonly onState = (view: InstanceView): void => {
    const group = this.registry.ownerOf(view.instanceId);
    const member = group?.members.get(view.instanceId);
    if (!group || !member) return;
    member.compute = view.state;
    group.touch();
  };

  private readonly onHealth = (event: {
    targetGroupArn: string;
    instanceId: string;
    health: TargetHealthView;
  }): void => {
    const group = this.registry.ownerOf(event.instanceId);
    const member = group?.members.get(event.instanceId);
    if (!group || !member) return;
    noteHealth(member, event.targetGroupArn, event.health, this.options.clock.now());
    group.touch();
  };

  private readonly onAlarm = (alarm: AlarmView): void => this.alarms.heard(alarm);
}
