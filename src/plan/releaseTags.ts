import { type ContractHolder, contractTags } from "./dataContract.js";

/** The tag that names a release: on its servers (from the launch template) and on the group that runs it. */
export const VERSION_TAG = "hitless:version";

/**
 * The tag that tells which component a group belongs to: `PROJECT/STACK/NAME`. Gates find fleets by it, also those that an
 * interrupted update has made and Pulumi does not know of.
 */
export const COMPONENT_TAG = "hitless:component";

/** When a fleet stopped serving users: a date such as `2026-11-24T12:00:00Z`. */
export const IDLE_SINCE_TAG = "hitless:idle-since";

/** What is kept of a release with its servers and its fleet. */
export function releaseTags(release: ContractHolder): Record<string, string> {
  return { [VERSION_TAG]: release.version, ...contractTags(release.data) };
}
