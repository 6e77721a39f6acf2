import type * as pulumi from "@pulumi/pulumi";
import type { TemplateRef } from "../../gates/refresh/refreshCloud.js";
import { plain } from "../../inputs/plain.js";
import type { CreatedWorkload, WorkloadChange } from "../platform.js";

/** The part of an Auto Scaling group's properties that hooks look at. */
interface GroupProperties {
  readonly name?: string;
  readonly arn?: string;
  readonly desiredCapacity?: number;
  readonly maxSize?: number;
  readonly targetGroupArns?: readonly string[];
  readonly launchTemplate?: { readonly id?: string; readonly version?: string };
}

/** An update of a group, before it happens. */
export interface GroupChange extends WorkloadChange {
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
  const [before, after] = [inputs.targetGroupArns?.[0], next.targetGroupArns?.[0]];
  return {
    name: outputs.name ?? args.id,
    guardedId: outputs.arn ?? "",
    target: { ...(before !== undefined ? { before } : {}), ...(after !== undefined ? { after } : {}) },
    servers: {
      now: outputs.desiredCapacity ?? inputs.desiredCapacity ?? 0,
      ...(next.desiredCapacity !== undefined ? { next: next.desiredCapacity } : {}),
      emptied: next.maxSize === 0 && inputs.maxSize !== 0,
    },
    replaces: !stays,
    ...(stays ? {} : { wanted }),
  };
}

export async function groupCreated(args: pulumi.ResourceHookArgs): Promise<CreatedWorkload> {
  const group = await plain<GroupProperties>(args.newOutputs ?? {});
  return {
    guardedId: group.arn ?? "",
    target: group.targetGroupArns?.[0] ?? "",
    ...(group.desiredCapacity !== undefined ? { servers: group.desiredCapacity } : {}),
  };
}

function templateOf(properties: GroupProperties): TemplateRef | undefined {
  const { id, version } = properties.launchTemplate ?? {};
  return id === undefined || version === undefined ? undefined : { id, version: String(version) };
}

function equal(one: TemplateRef, other: TemplateRef | undefined): boolean {
  return one.id === other?.id && one.version === other.version;
}
