import * as ec2 from "@pulumi/aws/ec2";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../../inputs/whenKnown.js";
import { COMPONENT_TAG, releaseTags } from "../../plan/releaseTags.js";
import type { Ec2Plan } from "./checkFleet.js";
import type { Ec2Release } from "./checkRelease.js";

export interface TemplateWish {
  readonly release: Ec2Release;
  readonly fleet: Ec2Plan;
  readonly securityGroupIds: pulumi.Input<pulumi.Input<string>[]> | undefined;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
}

/**
 * The launch template of a fleet: what its servers start with. Each change makes a new numbered version, and the group is told
 * that number: `$Latest` would move servers that the diff does not show. The template's default version is left alone, so
 * that nothing else that starts from it moves before the rollout has succeeded.
 *
 * The release's name and data contract are tags of the *template*, not of the group: in a rollout servers of two releases run in
 * one group, and each has to carry its own.
 */
export function createLaunchTemplate(
  name: string,
  { release, fleet, securityGroupIds, component }: TemplateWish,
  opts: pulumi.CustomResourceOptions,
): ec2.LaunchTemplate {
  const { metadataOptions, ...more } = fleet.launchTemplate ?? {};
  return new ec2.LaunchTemplate(
    name,
    {
      ...more,
      imageId: release.imageId,
      instanceType: release.instanceType,
      ...(release.userData !== undefined ? { userData: whenKnown(release.userData, base64) } : {}),
      ...(fleet.instanceProfileArn !== undefined ? { iamInstanceProfile: { arn: fleet.instanceProfileArn } } : {}),
      ...(securityGroupIds !== undefined ? { vpcSecurityGroupIds: securityGroupIds } : {}),
      // IMDSv2 only: a server that can be made to fetch a URL must not give away its role's credentials.
      metadataOptions: metadataOptions ?? { httpEndpoint: "enabled", httpTokens: "required" },
      tagSpecifications: [{ resourceType: "instance", tags: releaseTags(release) }],
      // Of the template itself: by it one is found that an interrupted update has left behind.
      tags: whenKnown(more.tags ?? {}, (tags) => ({ ...tags, [COMPONENT_TAG]: component })),
    },
    opts,
  );
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
