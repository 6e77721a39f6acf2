import type * as pulumi from "@pulumi/pulumi";
import { ec2Platform } from "../../fleet/ec2/ec2Platform.js";
import { type Platform, type PlatformLink, platformOf } from "../../fleet/platform.js";
import { albFront } from "../../traffic/albFront.js";
import { type Front, type FrontLink, frontOf } from "../../traffic/front.js";

/** What a strategy builds on: what runs, and what stands in front. */
export interface Parts {
  readonly platform: Platform;
  readonly front: Front;
}

/** The platform and the front that a program has asked for; EC2 and an Application Load Balancer where it says nothing. */
export function partsOf(args: { readonly fleet: unknown; readonly entrance: unknown }): Parts {
  return { platform: platformOf(args.fleet, ec2Platform), front: frontOf(args.entrance, albFront) };
}

/** Both as the component's providers reach them. */
export interface Links {
  readonly platform: PlatformLink;
  readonly front: FrontLink;
}

/**
 * Call it while the program is built.
 * @param owner `COMPONENT_TAG`'s value
 */
export function linksOf(
  component: pulumi.ComponentResource,
  plan: Parts & { readonly entrance: unknown },
  owner: string,
): Links {
  const { platform, front, entrance } = plan;
  return { platform: platform.link(component), front: front.link(component, owner, entrance) };
}
