import type { Group } from "./group.js";

interface Place {
  readonly subnetId: string;
  readonly zone: string;
}

/**
 * Spreads launches: the Availability Zone with the fewest active instances first, and within it the subnet with the fewest
 * (user guide, "instance distribution"). Counts are taken once and kept up to date as places are given out.
 */
export class Placement {
  private readonly zoneCounts = new Map<string, number>();
  private readonly subnetCounts = new Map<string, number>();
  private readonly places: Place[] = [];

  constructor(private readonly group: Group) {
    for (const subnetId of group.settings.subnetIds) {
      const subnet = group.env.compute.subnet(subnetId);
      if (!subnet) continue;
      this.places.push({ subnetId, zone: subnet.availabilityZone });
      this.zoneCounts.set(subnet.availabilityZone, 0);
      this.subnetCounts.set(subnetId, 0);
    }
    for (const member of group.active()) {
      this.count(this.zoneCounts, member.availabilityZone);
      this.count(this.subnetCounts, member.subnetId);
    }
  }

  /** The next subnet to launch into; undefined when none of the group's subnets exists or has a free address. */
  next(): string | undefined {
    let best: Place | undefined;
    for (const place of this.places) {
      if ((this.group.env.compute.subnet(place.subnetId)?.availableIpAddressCount ?? 0) < 1) continue;
      if (!best || this.compare(place, best) < 0) best = place;
    }
    if (!best) return undefined;
    this.count(this.zoneCounts, best.zone);
    this.count(this.subnetCounts, best.subnetId);
    return best.subnetId;
  }

  private compare(a: Place, b: Place): number {
    const zones = (this.zoneCounts.get(a.zone) ?? 0) - (this.zoneCounts.get(b.zone) ?? 0);
    return zones !== 0 ? zones : (this.subnetCounts.get(a.subnetId) ?? 0) - (this.subnetCounts.get(b.subnetId) ?? 0);
  }

  private count(counts: Map<string, number>, key: string): void {
    const old = counts.get(key);
    if (old !== undefined) counts.set(key, old + 1);
  }
}
