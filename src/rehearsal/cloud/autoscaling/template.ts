import type { LaunchTemplateSpecification } from "@aws-sdk/client-auto-scaling";
import type { Environment } from "./environment.js";
import { invalid } from "./faults.js";
import type { TemplateSpec } from "./group.js";

/** Reads a launch template reference and makes sure that it exists; the version is kept as given, AWS's default is `$Default`. */
export function readTemplate(env: Environment, given: LaunchTemplateSpecification): TemplateSpec {
  const { LaunchTemplateId: id, LaunchTemplateName: name } = given;
  if ((id === undefined) === (name === undefined)) {
    throw invalid("Valid requests must contain either launchTemplateId or LaunchTemplateName");
  }
  const version = given.Version ?? "$Default";
  const found = env.compute.resolveTemplate({
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    version,
  });
  return { id: found.launchTemplateId, name: found.launchTemplateName, version };
}

export function describeTemplate(spec: TemplateSpec): LaunchTemplateSpecification {
  return { LaunchTemplateId: spec.id, LaunchTemplateName: spec.name, Version: spec.version };
}
