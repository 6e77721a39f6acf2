import type * as pulumi from "@pulumi/pulumi";
import type { TemplateRef } from "../../gates/fleetCloud.js";
import { plain } from "../../inputs/plain.js";

/** The part of an Auto Scaling group's properties that hooks look at. */
export interface GroupProperties {
  readonly name?: string;
  readonly arn?: string;
  readonly desiredCapacity?: number;
  readonly maxSize?: number;
  readonly targetGroupArns?: readonly string[];
  readonly launchTemplate?: { readonly id?: string; readonly version?: string };
}

/** An update of a group, before it happens. */
export interface GroupChange {
  readonly name: string;
  readonly arn: string;
  readonly next: GroupProperties;
  /** What the program gave before. */
  readonly inputs: GroupProperties;
  /** What Pulumi's state has of AWS. */
  readonly outputs: GroupProperties;
  /** The template that servers are to start with; absent when that stays. Sizes, tags and so on replace nothing. */
  readonly wanted?: TemplateRef;
}

export async function groupChange(args: pulumi.ResourceHookArgs): Promise<GroupChange> {
  const [next, inputs, outputs] = await Promise.all([
    plain<GroupProperties>(args.newInputs ?? {}),
    plain<GroupProperties>(args.oldInputs ?? {}),
    plain<GroupProperties>(args.oldOutputs ?? {}),
  ]);
  const wanted = templateOf(next);
  const stays = !wanted || (equal(wanted, templateOf(inputs)) && equal(wanted, templateOf(outputs)));
  const known = { name: outputs.name ?? args.id, arn: outputs.arn ?? "", next, inputs, outputs };
  return stays ? known : { ...known, wanted };
}

function templateOf(properties: GroupProperties): TemplateRef | undefined {
  const { id, version } = properties.launchTemplate ?? {};
  return id === undefined || version === undefined ? undefined : { id, version: String(version) };
}

function equal(one: TemplateRef, other: TemplateRef | undefined): boolean {
  return one.id === other?.id && one.version === other.version;
}
