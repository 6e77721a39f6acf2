import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import { newId } from "./ids.js";
import { invalidParameter } from "./operation.js";

export interface TemplateVersion {
  readonly number: number;
  readonly description?: string;
  readonly createdAt: Date;
  readonly data: RequestLaunchTemplateData;
}

export interface LaunchTemplate {
  readonly templateId: string;
  readonly name: string;
  readonly createdAt: Date;
  defaultVersion: number;
  /** Of the newest version; numbers of deleted versions are not given again. */
  latestVersion: number;
  readonly versions: Map<number, TemplateVersion>;
}

/** How a caller names a template: by id or by name, not both. */
export interface TemplateRef {
  readonly id?: string;
  readonly name?: string;
}

/** The tags that EC2 itself puts on every instance of a template (EC2 user guide, launch templates). */
export function templateTags(template: LaunchTemplate, version: TemplateVersion): Record<string, string> {
  return {
    "aws:ec2launchtemplate:id": template.templateId,
    "aws:ec2launchtemplate:version": String(version.number),
  };
}

/** Launch templates and their numbered versions. What a version's data holds is kept whole and read back as given. */
export class LaunchTemplates {
  private readonly templates = new Map<string, LaunchTemplate>();

  list(): LaunchTemplate[] {
    return [...this.templates.values()];
  }

  has(templateId: string): boolean {
    return this.templates.has(templateId);
  }

  create(name: string, description: string | undefined, data: RequestLaunchTemplateData): LaunchTemplate {
    if (!/^[a-zA-Z0-9().\-/_]{3,128}$/.test(name)) {
      throw new AwsError(
        "InvalidLaunchTemplateName.MalformedException",
        "Launch template names must be between 3 and 128 characters and may contain letters, numbers and the characters - ( ) . / _",
      );
    }
    if (this.list().some((template) => template.name === name)) {
      throw new AwsError("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
    }
    const createdAt = new Date();
    const template: LaunchTemplate = {
      templateId: newId("lt"),
      name,
      createdAt,
      defaultVersion: 1,
      latestVersion: 1,
      versions: new Map([[1, { number: 1, description, createdAt, data }]]),
    };
    this.templates.set(template.templateId, template);
    return template;
  }

  find(ref: TemplateRef): LaunchTemplate {
    if (ref.id && ref.name) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Only one of the launch template's ID and name may be specified, not both.",
      );
    }
    if (ref.id) {
      const template = this.templates.get(ref.id);
      if (template) return template;
      if (!/^lt-[0-9a-f]+$/.test(ref.id)) {
        throw new AwsError("InvalidLaunchTemplateId.Malformed", `The launch template ID '${ref.id}' is malformed.`);
      }
      throw new AwsError(
        "InvalidLaunchTemplateId.NotFound",
        `The specified launch template, with template ID ${ref.id}, does not exist.`,
      );
    }
    if (!ref.name) throw new AwsError("MissingParameter", "The launch template's ID or name must be specified.");
    const template = this.list().find(({ name }) => name === ref.name);
    if (template) return template;
    throw new AwsError(
      "InvalidLaunchTemplateName.NotFoundException",
      `The specified launch template, with template name ${ref.name}, does not exist.`,
    );
  }

  /** @param version a number as text, `$Latest` or `$Default` (also when absent) */
  version(template: LaunchTemplate, version: string | undefined): TemplateVersion {
    const found = template.versions.get(versionNumber(template, version));
    if (found) return found;
    throw new AwsError(
      "InvalidLaunchTemplateId.VersionNotFound",
      `Could not find launch template version ${version} for launch template ${template.templateId}.`,
    );
  }

  addVersion(
    template: LaunchTemplate,
    description: string | undefined,
    data: RequestLaunchTemplateData,
  ): TemplateVersion {
    const version = { number: template.latestVersion + 1, description, createdAt: new Date(), data };
    template.latestVersion = version.number;
    template.versions.set(version.number, version);
    return version;
  }

  remove(templateId: string): void {
    this.templates.delete(templateId);
  }
}

function versionNumber(template: LaunchTemplate, version: string | undefined): number {
  if (version === undefined || version === "" || version === "$Default") return template.defaultVersion;
  if (version === "$Latest") return Math.max(...template.versions.keys());
  if (/^\d+$/.test(version)) return Number(version);
  throw invalidParameter(
    `Invalid launch template version: either '$Default', '$Latest', or a numeric version are allowed, not '${version}'.`,
  );
}
