import type { DataContract } from "../../plan/dataContract.js";
import type { Stage } from "../stage.js";

/** A fleet that stands in the entrance after a shift. */
export interface ShiftTarget {
  /** What messages call it, such as `green (v2)` or `v2`. */
  readonly label: string;
  readonly version: string;
  readonly targetGroupArn: string;
  /** The share of new sessions that the program wants it to have, in percent. */
  readonly percent: number;
  readonly data?: DataContract;
}

/** What moving the weights of an entrance needs to know. */
export interface ShiftRequest {
  /** What messages begin with, such as `BlueGreenPair "shop"`. */
  readonly subject: string;
  /** `COMPONENT_TAG`'s value: fleets are found by it. */
  readonly component: string;
  /** The listener's or the rule's ARN. */
  readonly entranceArn: string;
  /**
   * The whole forward action that the program wants, in its order. A target group that AWS has in the action and that is not
   * listed here is leaving: it loses its weight, and then its place.
   */
  readonly targets: readonly ShiftTarget[];
  /**
   * Target groups that the program keeps although the action does not list them, such as that of a cold idle environment. Rules
   * that lead to them are left as they are; rules that lead to one that leaves for good are pointed at the entrance's targets.
   */
  readonly remaining?: readonly string[];
  /**
   * The percentages that Pulumi's state has, by target group ARN (`sharesInState`). When AWS has others, somebody else moved them
   * or an update was interrupted: that is told, and the shift goes on from what is real.
   */
  readonly known?: ReadonlyMap<string, number>;
  /** How long a user stays on one release; absent when stickiness is off. */
  readonly stickinessSeconds?: number;
  /**
   * How long target groups that leave stay in the action without weight, where cookies go on leading users there; it is watched as a
   * stage is. Users who have not gone by then go with the target group.
   * @default 0
   */
  readonly leaveAfterSeconds?: number;
  /**
   * Target groups that other rules of the load balancer lead to, such as preview routes: it checks their servers already, so they get
   * their place in the action together with their first users. A place before that would be open to cookies from earlier.
   * @default none
   */
  readonly checkedAlready?: ReadonlySet<string>;
  /** An autoscaler sizes the fleets: together they carry what users need. Without one the largest that serves does. */
  readonly autoscaled: boolean;
  /**
   * How far along the way from the present weights to the wanted ones each stage goes, in percent, ascending, the last one 100;
   * `[100]` moves them in one change.
   */
  readonly stages: readonly number[];
  /** How long each stage is watched before the next one, and the last one before the update goes on. */
  readonly bakeSeconds: number;
  /** How long servers have been healthy before they get users. */
  readonly warmupSeconds: number;
  readonly alarmNames: readonly string[];
  /**
   * The shift returns users to a release that they had before (a rollback, an aborted canary). An alarm that rings is then the
   * reason for it and does not hold it back.
   * @default false
   */
  readonly goingBack?: boolean;
  /** How long a fleet may take to get the capacity that its share needs. */
  readonly capacitySeconds: number;
  /** How long new weights may take to reach every part of the load balancer, before anything that has lost its weight goes. */
  readonly spreadSeconds: number;
  /**
   * Refuses what the strategy does not allow (a skipped step, the wrong preview route): called with the percentages that AWS has now,
   * by target group ARN, before anything is touched. Throws a `HitlessError`.
   */
  readonly allow?: (present: ReadonlyMap<string, number>) => Promise<void>;
  /** Checks that run when the capacity stands and before the first weight moves, for the targets that gain; throws a `HitlessError`. */
  readonly verify?: (gaining: readonly ShiftTarget[]) => Promise<void>;
}

export interface ShiftContext extends Stage {
  readonly request: ShiftRequest;
}
