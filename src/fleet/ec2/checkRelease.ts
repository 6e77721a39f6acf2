import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { onlyKnown, required } from "../../errors/known.js";
import { checkShared, type Release, type ReleaseArgs } from "../release.js";

/** A release on EC2. */
export interface Ec2Release extends Release {
  readonly imageId: pulumi.Input<string>;
  readonly instanceType: pulumi.Input<string>;
  readonly userData?: pulumi.Input<string>;
}

/** EC2 takes 16 KB of user data before base64 (EC2 user guide). */
const USER_DATA_BYTES = 16 * 1024;
const KEYS = [
  "version",
  "imageId",
  "instanceType",
  "userData",
  "data",
] as const satisfies readonly (keyof ReleaseArgs)[];

export function checkRelease(args: ReleaseArgs, faults: Faults, path: string): Ec2Release {
  onlyKnown(faults, path, args, KEYS);
  required(faults, path, args, ["imageId", "instanceType"]);
  const shared = checkShared(args, faults, path);
  return {
    ...shared,
    imageId: faults.input(args.imageId as pulumi.Input<string>, (imageId) => checkImage(`${path}imageId`, imageId)),
    instanceType: args.instanceType as pulumi.Input<string>,
    ...(args.userData !== undefined
      ? { userData: faults.input(args.userData, (text) => checkUserData(`${path}userData`, text)) }
      : {}),
  };
}

function checkImage(name: string, imageId: string): Finding[] {
  if (typeof imageId !== "string" || !imageId.startsWith("resolve:")) return [];
  return [
    {
      code: "HIT108",
      problem: `${name} is "${imageId}", expected an AMI's id.`,
      fix: "look the parameter up in the program with aws.ssm.getParameterOutput",
    },
  ];
}

function checkUserData(name: string, text: string): Finding[] {
  const bytes = Buffer.byteLength(text ?? "");
  if (bytes <= USER_DATA_BYTES) return [];
  return [
    {
      code: "HIT103",
      problem: `${name} has ${bytes} bytes, expected at most ${USER_DATA_BYTES}.`,
      fix: "put the programs into the image, or let the user data fetch them",
    },
  ];
}
