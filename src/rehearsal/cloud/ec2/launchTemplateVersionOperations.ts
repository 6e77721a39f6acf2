import type {
  DescribeLaunchTemplateVersionsCommandInput,
  DescribeLaunchTemplateVersionsCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import { versionShape } from "./launchTemplateOperations.js";
import type { LaunchTemplate, LaunchTemplates, TemplateVersion } from "./launchTemplates.js";
import { invalidParameter, serve } from "./operation.js";
import { pageOf } from "./pages.js";

interface Entry {
  readonly template: LaunchTemplate;
  readonly version: TemplateVersion;
}

const filters: FilterTable<Entry> = {
  "create-time": ({ version }) => version.createdAt.toISOString(),
  "ebs-optimized": ({ version }) => version.data.EbsOptimized,
  "http-endpoint": ({ version }) => version.data.MetadataOptions?.HttpEndpoint,

  "http-tokens": ({ version }) => version.data.MetadataOptions?.HttpTokens,
  "iam-instance-profile": ({ version }) => version.data.IamInstanceProfile?.Arn,
  "image-id": ({ version }) => version.data.ImageId,
  "instance-type": ({ version }) => version.data.InstanceType,
  "is-default-version": ({ template, version }) => version.number === template.defaultVersion,
  "kernel-id": ({ version }) => version.data.KernelId,
  "ram-disk-id": ({ version }) => version.data.RamDiskId,
  ...absent("http-protocol-ipv4", "host-resource-group-arn", "license-configuration-arn", "network-card-index"),
};

/** @param resolveImage the AMI id behind an `ImageId` that names an SSM parameter; other ids come back as they are */
export function launchTemplateVersionOperations(
  templates: LaunchTemplates,
  accountId: string,
  resolveImage: (imageId: string) => string,
): Record<string, Operation> {
  return {
    DescribeLaunchTemplateVersions: serve<
      DescribeLaunchTemplateVersionsCommandInput,
      Out<DescribeLaunchTemplateVersionsCommandOutput>
    >(
      "DescribeLaunchTemplateVersions",
      [
        "LaunchTemplateId",
        "LaunchTemplateName",
        "Versions",
        "MinVersion",
        "MaxVersion",
        "Filters",
        "ResolveAlias",
        "MaxResults",
        "NextToken",
      ],
      (input) => {
        const page = pageOf(applyFilters(chosen(templates, input), input.Filters, filters), input, {
          min: 1,
          max: 200,
        });
        return {
          LaunchTemplateVersions: page.items.map(({ template, version }) => {
            const shape = versionShape(template, version, accountId);
            const imageId = version.data.ImageId;
            if (!input.ResolveAlias || imageId === undefined) return shape;
            return { ...shape, LaunchTemplateData: { ...shape.LaunchTemplateData, ImageId: resolveImage(imageId) } };
          }),
          NextToken: page.nextToken,
        };
      },
    ),
  };
}

function chosen(templates: LaunchTemplates, input: DescribeLaunchTemplateVersionsCommandInput): Entry[] {
  const versions = input.Versions ?? [];
  if (!input.LaunchTemplateId && !input.LaunchTemplateName) {
    // "To describe all the latest or default versions of all templates, specify only $Latest, $Default or both" (botocore model).
    if (versions.length === 0 || versions.some((version) => version !== "$Latest" && version !== "$Default")) {
      throw new AwsError("MissingParameter", "The launch template's ID or name must be specified.");
    }
    return templates.list().flatMap((template) => distinct(template, versions, templates));
  }
  const template = templates.find({ id: input.LaunchTemplateId, name: input.LaunchTemplateName });
  if (versions.length > 0) {
    if (input.MinVersion || input.MaxVersion) {
      throw new AwsError(
        "InvalidParameterCombination",
        "Versions and a range of versions may not be specified together.",
      );
    }
    return distinct(template, versions, templates);
  }
  const [min, max] = [bound(input.MinVersion, 0), bound(input.MaxVersion, Number.POSITIVE_INFINITY)];
  return [...template.versions.values()]
    .filter(({ number }) => number >= min && number <= max)
    .sort((a, b) => b.number - a.number)
    .map((version) => ({ template, version }));
}

function distinct(template: LaunchTemplate, versions: readonly string[], templates: LaunchTemplates): Entry[] {
  const found = new Set(versions.map((version) => templates.version(template, version)));
  return [...found].map((version) => ({ template, version }));
}

function bound(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw invalidParameter(`The version number '${text}' is not a number.`);
  return Number(text);
}
