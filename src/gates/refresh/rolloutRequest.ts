import type { AwsCloud } from "../aws/awsCloud.js";
import type { GateSurroundings } from "../gate.js";
import type { RolloutOrder } from "../rollout.js";
import type { TemplateRef } from "./refreshCloud.js";

/** One rollout of one Auto Scaling group. */
export interface RolloutRequest extends RolloutOrder {
  readonly groupName: string;
  /** The group's ARN in Pulumi's state; the gate refuses to act on another one. */
  readonly groupArn?: string;
  readonly targetGroupArn: string;
  readonly wanted: TemplateRef;
}

/** What the steps of a rollout share. */
export interface RolloutContext extends GateSurroundings {
  readonly cloud: AwsCloud;
  readonly request: RolloutRequest;
}
