import { templateVersion } from "../model/groups.js";
import { TYPES } from "../model/resource.js";
import { at, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, violation } from "../rule.js";

/** A group names the number of its launch template's version. */
export const noLatestTemplateVersion: Rule<object> = {
  name: "no-latest-template-version",
  title: "An Auto Scaling group must name a numbered version of its launch template.",
  severity: "high",
  level: "mandatory",
  remediation: ["Set launchTemplate.version to template.latestVersion (a number), not to $Latest or $Default."],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.group],
    judge: (resource) => {
      const uses = ["launchTemplate", "mixedInstancesPolicy"].some((key) => at(resource.props, key) !== undefined);
      const version = templateVersion(resource);
      if (!uses) return [];
      if (version === UNKNOWN) return [unseen(resource, `which version of its launch template ${resource.name} takes`)];
      if (version !== undefined && !version.startsWith("$")) return [];
      const said = version === undefined ? "no version ($Default)" : version;
      return [
        violation(
          resource,
          `${resource.name} takes ${said} of its launch template: servers change without a diff, and AWS cannot roll back to it.`,
        ),
      ];
    },
  },
};
