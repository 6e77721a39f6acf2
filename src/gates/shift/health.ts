import type { TargetView } from "../balancerCloud.js";
import type { GateCloud } from "../gateCloud.js";

/** True for a server that is healthy in the load balancer's own eyes. */
export function isHealthy(target: TargetView): boolean {
  return target.state === "healthy";
}

/** What a shift has seen of the servers, look by look. */
export class HealthBook {
  readonly #targets = new Map<string, readonly TargetView[]>();
  /** When a server was first seen healthy, in an unbroken row of looks. */
  readonly #healthySince = new Map<string, number>();

  constructor(
    private readonly cloud: GateCloud,
    private readonly now: () => number,
  ) {}

  /** Looks at target groups. */
  async look(targetGroupArns: Iterable<string>): Promise<void> {
    for (const arn of new Set(targetGroupArns)) {
      const targets = await this.cloud.targets(arn);
      const healthy = new Set(targets.filter(isHealthy).map((target) => target.instanceId));
      for (const target of [...targets, ...this.of(arn)]) {
        if (!healthy.has(target.instanceId)) this.#healthySince.delete(target.instanceId);
      }
      for (const instanceId of healthy) {
        if (!this.#healthySince.has(instanceId)) this.#healthySince.set(instanceId, this.now());
      }
      this.#targets.set(arn, targets);
    }
  }

  of(targetGroupArn: string): readonly TargetView[] {
    return this.#targets.get(targetGroupArn) ?? [];
  }

  /** The servers that were healthy at the last look. */
  healthy(targetGroupArn: string): number {
    return this.of(targetGroupArn).filter(isHealthy).length;
  }

  /** Since when each healthy server has been seen to be so. */
  healthySince(targetGroupArn: string): { readonly instanceId: string; readonly since: number }[] {
    return this.of(targetGroupArn)
      .filter(isHealthy)
      .map(({ instanceId }) => ({ instanceId, since: this.#healthySince.get(instanceId) ?? this.now() }));
  }
}
