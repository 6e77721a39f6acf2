/** `aws.ec2.LaunchTemplate`: numbered versions; any change of what it launches makes a new one. */
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeleteLaunchTemplateCommand,
  DeleteTagsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  ModifyLaunchTemplateCommand,
} from "@aws-sdk/client-ec2";
import { unlessMissing } from "../../awsErrors.js";
import { isUnknown } from "../../protocol/values.js";
import type { ResourceType } from "../../resource.js";
import { prefixedName } from "../../schema/naming.js";
import { flag, integer, named, regional, tagged, text } from "../../schema/property.js";
import { fromAwsTags, tagChanges, toAwsTags } from "../../tags.js";
import { DATA_PROPERTIES, fromTemplateData, toTemplateData, userDataFaults } from "./launchTemplateData.js";

const MAX_NAME = 125;
const MISSING = ["InvalidLaunchTemplateId.NotFound", "InvalidLaunchTemplateId.NotFoundException"];
const DATA_NAMES = Object.keys(DATA_PROPERTIES);

/** A new version is made when one of these changes. */
const makesVersion = (changed: ReadonlySet<string>): boolean =>
  changed.has("description") || DATA_NAMES.some((name) => changed.has(name));

export const launchTemplate: ResourceType = {
  token: "aws:ec2/launchTemplate:LaunchTemplate",
  maxNameLength: MAX_NAME,
  properties: {
    ...regional,
    ...named([3, MAX_NAME]),
    ...tagged,
    ...DATA_PROPERTIES,
    description: text({ range: [0, 255] }),
    defaultVersion: integer({ computed: true, conflictsWith: ["updateDefaultVersion"] }),
    updateDefaultVersion: flag({ stored: true, conflictsWith: ["defaultVersion"] }),
    arn: text({ output: true }),
    latestVersion: integer({ output: true }),
  },

  validate: ({ userData }) => (isUnknown(userData) ? [] : userDataFaults(userData)),

  recomputed(changed, planned) {
    if (!makesVersion(changed)) return [];
    return planned.updateDefaultVersion ? ["latestVersion", "defaultVersion"] : ["latestVersion"];
  },

  async create({ aws }, planned) {
    const { LaunchTemplate } = await aws.ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: planned.name ?? prefixedName(planned.namePrefix, MAX_NAME),
        LaunchTemplateData: toTemplateData(planned),
        VersionDescription: planned.description,
        TagSpecifications: planned.tags
          ? [{ ResourceType: "launch-template", Tags: toAwsTags(planned.tags) }]
          : undefined,
      }),
    );
    const id = LaunchTemplate?.LaunchTemplateId;
    if (!id) throw new Error("CreateLaunchTemplate answered without an id");
    return id;
  },

  async read({ aws, region }, id, known) {
    const answer = await unlessMissing(
      aws.ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id] })),
      ...MISSING,
    );
    const found = answer?.LaunchTemplates?.[0];
    if (!found) return undefined;
    const { LaunchTemplateVersions } = await aws.ec2.send(
      new DescribeLaunchTemplateVersionsCommand({
        LaunchTemplateId: id,
        Versions: [String(found.LatestVersionNumber)],
      }),
    );
    const version = LaunchTemplateVersions?.[0];
    const tags = fromAwsTags(found.Tags);
    const account = version?.CreatedBy?.split(":")[4] ?? "";
    return {
      ...fromTemplateData(version?.LaunchTemplateData, known),
      tags,
      tagsAll: tags,
      name: found.LaunchTemplateName,
      description: version?.VersionDescription ?? "",
      defaultVersion: found.DefaultVersionNumber,
      latestVersion: found.LatestVersionNumber,
      arn: `arn:aws:ec2:${region}:${account}:launch-template/${id}`,
    };
  },

  async update({ aws }, { id, state, planned, changed }) {
    let latest = state.latestVersion;
    if (makesVersion(changed)) {
      const { LaunchTemplateVersion } = await aws.ec2.send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId: id,
          LaunchTemplateData: toTemplateData(planned),
          VersionDescription: planned.description,
        }),
      );
      latest = LaunchTemplateVersion?.VersionNumber;
    }
    const wanted = planned.updateDefaultVersion
      ? latest
      : changed.has("defaultVersion")
        ? planned.defaultVersion
        : undefined;
    if (wanted !== undefined && wanted !== state.defaultVersion) {
      await aws.ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: String(wanted) }));
    }
    if (changed.has("tags")) {
      const { set, removed } = tagChanges(state.tags, planned.tags);
      if (removed.length > 0) {
        await aws.ec2.send(new DeleteTagsCommand({ Resources: [id], Tags: removed.map((Key) => ({ Key })) }));
      }
      if (Object.keys(set).length > 0) {
        await aws.ec2.send(new CreateTagsCommand({ Resources: [id], Tags: toAwsTags(set) }));
      }
    }
  },

  async delete({ aws }, id) {
    await unlessMissing(aws.ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id })), ...MISSING);
  },
};
