import * as pulumi from "@pulumi/pulumi";
import { IDLE_SINCE_TAG } from "../../plan/releaseTags.js";

/** A fleet that has stopped serving users, and is kept. */
export interface IdleFleet {
  /** The logical name of its group or workload. */
  readonly fleet: string;
  /** The release that it had when it stopped. */
  readonly version: string;
}

/**
 * Remembers since when a fleet is idle, for the policy `idle-environment-expiry`. A record stands in Pulumi's state for as long as its
 * fleet is idle and no longer, and what it says is written once: so an `up` without a change shows no diff.
 * See docs/decisions/0012.
 *
 * @param after the entrance: the fleet is idle once its weight has gone
 */
export function createIdleRecord(
  component: pulumi.ComponentResource,
  { fleet, version }: IdleFleet,
  after: pulumi.Resource,
): void {
  new pulumi.Stash(
    `${fleet}-idle`,
    { input: { [IDLE_SINCE_TAG]: new Date().toISOString(), fleet, version } },
    { parent: component, dependsOn: [after], ignoreChanges: ["input"] },
  );
}
