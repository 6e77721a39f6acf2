import type { Group, TemplateSpec } from "../group.js";
import type { Member } from "../member.js";

/** Tells whether a member runs a configuration; the version is resolved once, at this moment. Throws AwsError. */
export function matcher(group: Group, spec: TemplateSpec): (member: Member) => boolean {
  const target = group.env.compute.resolveTemplate({ id: spec.id, version: spec.version });
  return (member) =>
    member.template.launchTemplateId === target.launchTemplateId && member.template.version === target.version;
}
