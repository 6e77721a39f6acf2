import { templateVersion } from "../model/fleets.js";
import { TYPES } from "../model/resource.js";
import { isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** EC2 Auto Scaling can roll a refresh back. */
export const rollbackImpossible: Rule<object> = {
  name: "rollback-impossible",
  title: "AWS must be able to roll an instance refresh back.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Look the image up in the program (aws.ssm.getParameterOutput) instead of resolve:ssm in the launch template.",
    "Name the number of the launch template's version in the group.",
  ],
  options: {},
  defaults: {},
  stack: ({ fleets }) =>
    fleets.flatMap(({ resource, template, name }): Verdict[] => {
      if (resource.type !== TYPES.group) return [];
      const verdicts: Verdict[] = [];
      const image = template && text(template.props, "imageId");
      if (template && image === UNKNOWN) verdicts.push(unseen(template, `the image of ${template.name}`));
      if (template && isKnown(image) && image.startsWith("resolve:ssm")) {
        verdicts.push(
          violation(
            template,
            `${template.name} takes its image from an SSM parameter ("${image}"): EC2 Auto Scaling cannot roll back to it.`,
          ),
        );
      }
      const version = templateVersion(resource);
      if (isKnown(version) && version.startsWith("$")) {
        verdicts.push(
          violation(
            resource,
            `${name} runs ${version} of its launch template: EC2 Auto Scaling cannot roll back to it.`,
          ),
        );
      }
      return verdicts;
    }),
};
