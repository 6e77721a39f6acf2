import { TYPES } from "../model/resource.js";
import { at, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, violation } from "../rule.js";

/** Servers give their role's credentials only to those who ask with a token. */
export const imdsV1: Rule<object> = {
  name: "imds-v1",
  title: "Servers must require tokens for instance metadata (IMDSv2).",
  severity: "high",
  level: "mandatory",
  remediation: [
    'Set metadataOptions: { httpEndpoint: "enabled", httpTokens: "required" } in the launch template or the instance.',
  ],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.launchTemplate, TYPES.instance],
    judge: (resource) => {
      const tokens = text(resource.props, "metadataOptions", "httpTokens");
      const endpoint = text(resource.props, "metadataOptions", "httpEndpoint");
      if (endpoint === "disabled" || tokens === "required") return [];
      if (at(resource.props, "metadataOptions") === UNKNOWN || tokens === UNKNOWN) {
        return [unseen(resource, `metadataOptions of ${resource.name}`)];
      }
      const problem = `${resource.name} has metadataOptions.httpTokens ${tokens ?? "unset"}, expected "required": a server that can be made to fetch a URL would give away its role's credentials.`;
      return [violation(resource, problem)];
    },
  },
};
