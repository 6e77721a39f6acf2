import type {
  CreateLaunchTemplateCommandInput,
  CreateLaunchTemplateCommandOutput,
  CreateLaunchTemplateVersionCommandInput,
  CreateLaunchTemplateVersionCommandOutput,
  DeleteLaunchTemplateCommandInput,
  DeleteLaunchTemplateCommandOutput,
  DeleteLaunchTemplateVersionsCommandInput,
  DeleteLaunchTemplateVersionsCommandOutput,
  DescribeLaunchTemplatesCommandInput,
  DescribeLaunchTemplatesCommandOutput,
  ModifyLaunchTemplateCommandInput,
  ModifyLaunchTemplateCommandOutput,
  RequestLaunchTemplateData,
  ResponseLaunchTemplateData,
  LaunchTemplate as TemplateShape,
  LaunchTemplateVersion as VersionShape,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import type { ClientTokens } from "./clientTokens.js";
import { applyFilters, type FilterTable } from "./filters.js";
import type { LaunchTemplate, LaunchTemplates, TemplateVersion } from "./launchTemplates.js";
import { required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import { specifiedTags, type Tags } from "./tags.js";
import { checkUserData } from "./userData.js";

const templateFilters: FilterTable<LaunchTemplate> = {
  "create-time": (template) => template.createdAt.toISOString(),
  "launch-template-name": (template) => template.name,
};

/** A template version as AWS shows it. */
export function versionShape(template: LaunchTemplate, version: TemplateVersion, accountId: string): VersionShape {
  return {
    LaunchTemplateId: template.templateId,
    LaunchTemplateName: template.name,
    VersionNumber: version.number,
    VersionDescription: version.description,
    CreateTime: version.createdAt,
    CreatedBy: `arn:aws:iam::${accountId}:root`,
    DefaultVersion: version.number === template.defaultVersion,
    // The response's shape differs from the request's by read-only members only.
    LaunchTemplateData: version.data as ResponseLaunchTemplateData,
  };
}

/** Everything about launch templates but reading their versions. */
export function launchTemplateOperations(
  templates: LaunchTemplates,
  tags: Tags,
  tokens: ClientTokens,
  accountId: string,
): Record<string, Operation> {
  const shape = (template: LaunchTemplate): TemplateShape => ({
    LaunchTemplateId: template.templateId,
    LaunchTemplateName: template.name,
    CreateTime: template.createdAt,
    CreatedBy: `arn:aws:iam::${accountId}:root`,
    DefaultVersionNumber: template.defaultVersion,
    LatestVersionNumber: template.latestVersion,
    Tags: tags.list(template.templateId),
  });
  const named = (input: { LaunchTemplateId?: string; LaunchTemplateName?: string }): LaunchTemplate =>
    templates.find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName });
  const create = serve<CreateLaunchTemplateCommandInput, Out<CreateLaunchTemplateCommandOutput>>(
    "CreateLaunchTemplate",
    ["ClientToken", "LaunchTemplateName", "VersionDescription", "LaunchTemplateData", "TagSpecifications"],
    (input) => {
      const name = required(input.LaunchTemplateName, "LaunchTemplateName");
      const data = checkData(required(input.LaunchTemplateData, "LaunchTemplateData"));
      const given = specifiedTags(input.TagSpecifications, "launch-template");
      const template = templates.create(name, input.VersionDescription, data);
      tags.put(template.templateId, given);
      return { LaunchTemplate: shape(template) };
    },
  );
  const createVersion = serve<CreateLaunchTemplateVersionCommandInput, Out<CreateLaunchTemplateVersionCommandOutput>>(
    "CreateLaunchTemplateVersion",
    [
      "ClientToken",
      "LaunchTemplateId",
      "LaunchTemplateName",
      "SourceVersion",
      "VersionDescription",
      "LaunchTemplateData",
    ],
    (input) => {
      const template = named(input);
      const given = checkData(required(input.LaunchTemplateData, "LaunchTemplateData"));
      // "The new version inherits the same launch parameters as the source version, except for parameters that you specify in
      // LaunchTemplateData" (botocore model, CreateLaunchTemplateVersion).
      const source = input.SourceVersion ? templates.version(template, input.SourceVersion).data : {};
      const version = templates.addVersion(template, input.VersionDescription, { ...source, ...given });
      return { LaunchTemplateVersion: versionShape(template, version, accountId) };
    },
  );
  return {
    CreateLaunchTemplate: tokens.once("CreateLaunchTemplate", create),
    CreateLaunchTemplateVersion: tokens.once("CreateLaunchTemplateVersion", createVersion),
    DescribeLaunchTemplates: serve<DescribeLaunchTemplatesCommandInput, Out<DescribeLaunchTemplatesCommandOutput>>(
      "DescribeLaunchTemplates",
      ["LaunchTemplateIds", "LaunchTemplateNames", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const ids = input.LaunchTemplateIds ?? [];
        const names = input.LaunchTemplateNames ?? [];
        const chosen =
          ids.length + names.length > 0
            ? [...ids.map((id) => templates.find({ id })), ...names.map((name) => templates.find({ name }))]
            : templates.list();
        const filtered = applyFilters(chosen, input.Filters, templateFilters, ({ templateId }) => tags.of(templateId));
        const page = pageOf(filtered, input, { min: 1, max: 200 });
        return { LaunchTemplates: page.items.map(shape), NextToken: page.nextToken };
      },
    ),
    ModifyLaunchTemplate: tokens.once(
      "ModifyLaunchTemplate",
      serve<ModifyLaunchTemplateCommandInput, Out<ModifyLaunchTemplateCommandOutput>>(
        "ModifyLaunchTemplate",
        ["ClientToken", "LaunchTemplateId", "LaunchTemplateName", "DefaultVersion"],
        (input) => {
          const template = named(input);
          const version = required(input.DefaultVersion, "SetDefaultVersion");
          template.defaultVersion = templates.version(template, version).number;
          return { LaunchTemplate: shape(template) };
        },
      ),
    ),
    DeleteLaunchTemplate: serve<DeleteLaunchTemplateCommandInput, Out<DeleteLaunchTemplateCommandOutput>>(
      "DeleteLaunchTemplate",
      ["LaunchTemplateId", "LaunchTemplateName"],
      (input) => {
        const template = named(input);
        const answer = { LaunchTemplate: shape(template) };
        templates.remove(template.templateId);
        tags.forget(template.templateId);
        return answer;
      },
    ),
    DeleteLaunchTemplateVersions: serve<
      DeleteLaunchTemplateVersionsCommandInput,
      Out<DeleteLaunchTemplateVersionsCommandOutput>
    >("DeleteLaunchTemplateVersions", ["LaunchTemplateId", "LaunchTemplateName", "Versions"], (input) => {
      const template = named(input);
      return deleteVersions(
        template,
        required(input.Versions?.length ? input.Versions : undefined, "LaunchTemplateVersion"),
      );
    }),
  };
}

/** Each version is deleted or refused by itself; the default version cannot go (botocore model, DeleteLaunchTemplateVersions). */
function deleteVersions(
  template: LaunchTemplate,
  versions: readonly string[],
): Out<DeleteLaunchTemplateVersionsCommandOutput> {
  const gone: number[] = [];
  const refused: { number: number; code: "launchTemplateVersionDoesNotExist" | "unexpectedError"; message: string }[] =
    [];
  for (const number of versions.map(Number)) {
    if (number === template.defaultVersion) {
      const message = "The default version of a launch template cannot be deleted.";
      refused.push({ number, code: "unexpectedError", message });
    } else if (template.versions.delete(number)) gone.push(number);
    else {
      const message = `Could not find version ${number} of launch template ${template.templateId}.`;
      refused.push({ number, code: "launchTemplateVersionDoesNotExist", message });
    }
  }
  const identity = { LaunchTemplateId: template.templateId, LaunchTemplateName: template.name };
  return {
    SuccessfullyDeletedLaunchTemplateVersions: gone.map((VersionNumber) => ({ ...identity, VersionNumber })),
    UnsuccessfullyDeletedLaunchTemplateVersions: refused.map(({ number, code, message }) => ({
      ...identity,
      VersionNumber: number,
      ResponseError: { Code: code, Message: message },
    })),
  };
}

/** What EC2 refuses when a template is made; the rest shows when an instance is launched from it. */
function checkData(data: RequestLaunchTemplateData): RequestLaunchTemplateData {
  if (Object.values(data).every((value) => value === undefined)) {
    throw new AwsError("MissingParameter", "The request must contain the parameter LaunchTemplateData");
  }
  checkUserData(data.UserData);
  const onInterface = data.NetworkInterfaces?.length ?? 0;
  if (onInterface > 0 && (data.SecurityGroupIds?.length || data.SecurityGroups?.length)) {
    throw new AwsError(
      "InvalidParameterCombination",
      "Network interfaces and an instance-level security groups may not be specified on the same request",
    );
  }
  return data;
}
