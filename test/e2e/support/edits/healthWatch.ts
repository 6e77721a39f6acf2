import type { CloudSnapshot } from "../../../../src/rehearsal/cloud/snapshot.js";
import { entranceOf } from "../entrance.js";

/** Watches, in every picture of the cloud, that each share of the users has the healthy servers that it needs. */
export class HealthWatch {
  /** What was seen that must never be. */
  readonly faults: string[] = [];
  /** How many servers carry all users: the fewer of before and after an edit. */
  size = 0;
  looks = 0;

  readonly look = (now: CloudSnapshot): void => {
    this.looks++;
    for (const { percent, healthy, versions } of entranceOf(now)) {
      if (percent === 0) continue;
      const needed = Math.max(1, Math.ceil((this.size * percent) / 100 - 1e-9));
      if (healthy >= needed || this.faults.length >= 20) continue;
      this.faults.push(`${versions.join("+")} has ${percent.toFixed(1)} % and ${healthy} healthy servers of ${needed}`);
    }
  };
}
