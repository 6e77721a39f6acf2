import type { InstanceEndpoint } from "../instances/runtime.js";
import type { InstanceStateName, InstanceView } from "../ports.js";
import { newId, randomHex } from "./ids.js";
import type { LaunchSettings } from "./launchSettings.js";

/** EC2's numbers for the states (botocore model, InstanceState). */
export const stateCodes: Readonly<Record<InstanceStateName, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
};

/** Why an instance is in its state, in AWS's words. */
export interface StateReason {
  readonly code: string;
  readonly message: string;
}

/** One instance, from its launch until it is forgotten an AWS hour after its end. */
export class Instance {
  readonly instanceId = newId("i");
  readonly interfaceId = newId("eni");
  readonly interfaceAttachmentId = newId("eni-attach");
  readonly macAddress = `02:${randomHex(5).replace(/..(?=.)/g, "$&:")}`;
  readonly launchTime = Date.now();
  state: InstanceStateName = "pending";
  stateReason?: StateReason;
  /** "User initiated (2025-11-24 04:00:00 GMT)": what StateTransitionReason says. */
  transition = "";
  endpoint?: InstanceEndpoint;
  failure?: string;
  terminationProtected: boolean;
  /** Settles when the start has succeeded, failed or been given up. */
  started: Promise<void> = Promise.resolve();
  /** Present from the moment the termination was asked for. */
  ended?: Promise<void>;

  constructor(
    readonly settings: LaunchSettings,
    readonly privateIpAddress: string,
    readonly reservationId: string,
    readonly launchIndex: number,
  ) {
    this.terminationProtected = settings.data.DisableApiTermination ?? false;
  }

  get isLive(): boolean {
    return this.state === "pending" || this.state === "running";
  }

  /** The instance as other services see it. */
  view(tags: Readonly<Record<string, string>>): InstanceView {
    const { settings } = this;
    return {
      instanceId: this.instanceId,
      imageId: settings.imageId,
      instanceType: settings.instanceType,
      subnetId: settings.subnet.subnetId,
      vpcId: settings.subnet.vpcId,
      availabilityZone: settings.subnet.zone.name,
      privateIpAddress: this.privateIpAddress,
      launchTime: this.launchTime,
      state: this.state,
      endpoint: this.endpoint,
      tags: { ...tags },
      failure: this.failure,
    };
  }
}
