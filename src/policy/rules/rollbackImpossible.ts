import { templateVersion } from "../model/groups.js";
import { containersOf } from "../model/kubernetes/pods.js";
import { type StackResource, TYPES } from "../model/resource.js";
import { isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** EC2 Auto Scaling can roll a refresh back. */
export const rollbackImpossible: Rule<object> = {
  name: "rollback-impossible",
  title: "What ran before must be nameable, so that a rollout can be rolled back.",
  severity: "high",
  level: "mandatory",
  remediation: [
    "Look the image up in the program (aws.ssm.getParameterOutput) instead of resolve:ssm in the launch template.",
    "Name the number of the launch template's version in the group.",
    "Name a Deployment's images by a tag of the release or by a digest, never latest.",
  ],
  options: {},
  defaults: {},
  stack: ({ fleets }) =>
    fleets.flatMap(({ resource, template, name }): Verdict[] => {
      if (resource.type === TYPES.deployment) return judgeImages(resource, name);
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

/** An image without a tag is `latest` (Kubernetes, "Images"), and latest is another one when it is pulled again. */
function judgeImages(resource: StackResource, name: string): Verdict[] {
  const containers = containersOf(resource);
  const images = containers === UNKNOWN ? [UNKNOWN] : containers.map((each) => text(each, "image"));
  if (images.includes(UNKNOWN)) return [unseen(resource, `the images of ${name}`)];
  const moving = images
    .filter((image): image is string => isKnown(image))
    .filter((image) => !image.includes("@") && /^(?:latest)?$/.test(tagOf(image)));
  return moving.map((image) =>
    violation(
      resource,
      `${name} runs the image "${image}": the former revision names it too, so there is no way back to what it was.`,
    ),
  );
}

/** What stands behind the last colon, unless that is a registry's port. */
function tagOf(image: string): string {
  const last = image.slice(image.lastIndexOf("/") + 1);
  return last.includes(":") ? last.slice(last.indexOf(":") + 1) : "";
}
