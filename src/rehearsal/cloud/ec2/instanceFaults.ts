import { EvenShare } from "../evenShare.js";

/** How instances misbehave on demand. */
export interface InstanceFaults {
  /** AWS seconds that instances stay `pending` longer. */
  readonly bootDelaySeconds?: number | undefined;
  /** Share of launches that fail after `pending`, 0 to 1. */
  readonly bootFailureShare?: number | undefined;
  /** Availability Zones without power. */
  readonly lostZones?: readonly string[] | undefined;
}

/** The faults that are in force. */
export class InstanceFaultsInForce {
  readonly bootDelaySeconds: number;
  private readonly lostZones: readonly string[];
  private readonly failures: EvenShare;

  constructor(faults: InstanceFaults = {}) {
    this.bootDelaySeconds = faults.bootDelaySeconds ?? 0;
    this.lostZones = faults.lostZones ?? [];
    this.failures = new EvenShare(faults.bootFailureShare ?? 0);
  }

  isLost(zone: string): boolean {
    return this.lostZones.includes(zone);
  }

  /** Whether the next launch fails to boot. */
  failsToBoot(): boolean {
    return this.failures.picks();
  }
}
