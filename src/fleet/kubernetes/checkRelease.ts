import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import { checkShared, type Release, type ReleaseArgs } from "../release.js";
import { checkEnv } from "./checkPods.js";

/** A release on Kubernetes. */
export interface KubernetesRelease extends Release {
  readonly image: pulumi.Input<string>;
  readonly command?: pulumi.Input<pulumi.Input<string>[]>;
  readonly args?: pulumi.Input<pulumi.Input<string>[]>;
  readonly env: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

const KEYS = ["version", "image", "command", "args", "env", "data"] as const satisfies readonly (keyof ReleaseArgs)[];

export function checkRelease(args: ReleaseArgs, faults: Faults, path: string): KubernetesRelease {
  onlyKnown(faults, path, args, KEYS);
  required(faults, path, args, ["image"]);
  return {
    ...checkShared(args, faults, path),
    image: faults.input(args.image ?? "", (image) => checkImage(`${path}image`, image)),
    ...(args.command !== undefined ? { command: args.command } : {}),
    ...(args.args !== undefined ? { args: args.args } : {}),
    env: checkEnv(`${path}env`, args.env, faults),
  };
}

function checkImage(name: string, image: string): Finding[] {
  if (image === "") return []; // already reported as missing
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /:([A-Za-z0-9_][A-Za-z0-9._-]{0,127})$/.exec(image)?.[1];
  if (tag !== undefined && tag !== "latest" && !/\s/.test(image)) return [];
  const problem = `${name} is ${JSON.stringify(image)}, expected an image with a tag of its own or a digest.`;
  return [{ code: "HIT256", problem, fix: "name it such as `registry.example.com/shop:v2`; `latest` moves" }];
}
