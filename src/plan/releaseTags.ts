import { type ContractHolder, contractTags } from "./dataContract.js";

/** The tag that names a release: on its servers (from the launch template) and on the group that runs it. */
export const VERSION_TAG = "hitless:version";

/** What is kept of a release with its servers and its fleet. */
export function releaseTags(release: ContractHolder): Record<string, string> {
  return { [VERSION_TAG]: release.version, ...contractTags(release.data) };
}
