import type { GateCloud } from "../gateCloud.js";
import type { GroupView, RefreshCloud } from "../refresh/refreshCloud.js";

/** What gates ask of AWS: load balancers, Auto Scaling groups, their rollouts, and alarms. Tests bring their own. */
export interface AwsCloud extends GateCloud, RefreshCloud {
  fleetsOf(component: string): Promise<readonly GroupView[]>;
}
