import { EventEmitter } from "node:events";
import { AwsError } from "../../../../src/rehearsal/cloud/awsError.js";
import type { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import type { TargetHealthView, TargetRegistry } from "../../../../src/rehearsal/cloud/ports.js";
import type { FakeCompute } from "./fakeCompute.js";

type Health = { targetGroupArn: string; instanceId: string; health: TargetHealthView };

/** Load balancing without traffic: targets get healthy as their template version's behaviour says. */
export class FakeTargets implements TargetRegistry {
  readonly events = new EventEmitter<{ health: [Health] }>();
  readonly groups = new Map<string, Map<string, TargetHealthView>>([
    ["tg-1", new Map()],
    ["tg-2", new Map()],
  ]);
  readonly log: string[] = [];
  drainSeconds = 30;
  refuseRegistration = false;

  constructor(
    private readonly clock: Clock,
    private readonly compute: FakeCompute,
  ) {
    this.events.setMaxListeners(0);
  }

  exists(arn: string): boolean {
    return this.groups.has(arn);
  }

  register(arn: string, ids: readonly string[]): void {
    const group = this.groups.get(arn);
    if (!group) throw new AwsError("TargetGroupNotFound", "One or more target groups not found");
    if (this.refuseRegistration) throw new AwsError("InvalidTarget", "the targets were refused");
    for (const id of ids) {
      this.log.push(`register ${id}`);
      this.say(arn, id, { state: "initial" });
      const version = this.versionOf(id);
      const { healthy = 5 } = this.compute.behaviours.get(version) ?? {};
      if (healthy === "never") continue;
      const next: TargetHealthView =
        healthy === "failing" ? { state: "unhealthy", reason: "Target.Timeout" } : { state: "healthy" };
      this.clock.after(healthy === "failing" ? 5 : healthy, () => {
        if (group.get(id)?.state === "initial") this.say(arn, id, next);
      });
    }
  }

  async deregister(arn: string, ids: readonly string[]): Promise<void> {
    const group = this.groups.get(arn);
    for (const id of ids) {
      this.log.push(`deregister ${id}`);
      this.say(arn, id, { state: "draining" });
    }
    await this.clock.sleep(this.drainSeconds);
    for (const id of ids) {
      this.log.push(`drained ${id}`);
      group?.delete(id);
    }
  }

  health(arn: string, id: string): TargetHealthView | undefined {
    return this.groups.get(arn)?.get(id);
  }

  resourceLabel(arn: string): string | undefined {
    return this.groups.has(arn) ? `app/lb/1/targetgroup/${arn}/1` : undefined;
  }

  /** Sets a target's health, as a health check would. */
  say(arn: string, id: string, health: TargetHealthView): void {
    this.groups.get(arn)?.set(id, health);
    this.events.emit("health", { targetGroupArn: arn, instanceId: id, health });
  }

  private versionOf(id: string): string {
    return this.compute.instance(id)?.tags["aws:ec2launchtemplate:version"] ?? "1";
  }
}
