import type { Logger } from "pino";
import type { Clock } from "../clock.js";
import type { Compute, Monitoring, TargetRegistry } from "../ports.js";
import type { MaxHealthyRounding } from "./refresh/bounds.js";

/** What every part of Auto Scaling works with: the clock, the neighbouring services and who we are. */
export interface Environment {
  readonly clock: Clock;
  readonly compute: Compute;
  readonly targets: TargetRegistry;
  readonly monitoring: Monitoring;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
  readonly maxHealthyRounding: MaxHealthyRounding;
}
