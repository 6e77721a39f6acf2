import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
import { onlyKnown, required } from "../errors/known.js";
import { contractProblems, type DataContract } from "../plan/dataContract.js";

/**
 * Which versions of shared data a release writes and reads.
 *
 * Two releases serve side by side only when each reads what the other writes; where a program has both, or the fleet still
 * runs the other one, Hitless refuses a mix that would break.
 * @example `{ writes: 7, reads: [6, 7] }`
 */
export interface DataContractArgs {
  /** The version of the data that the release writes: a whole number of at least 0. */
  readonly writes: number;
  /** The versions that it reads; its own must be among them. */
  readonly reads: number[];
}

/** What runs: a version and how to start it. */
export interface ReleaseArgs {
  /**
   * The release's name, such as `v2` or a commit. A plain value, 1 to 128 characters; never `$Latest` or `$Default`. It becomes
   * the tag `hitless:version` of each server. A change replaces every server, batch by batch.
   */
  readonly version: string;
  /**
   * The AMI to start. A change replaces every server. `resolve:ssm:…` is refused: look the parameter up in the program
   * (`aws.ssm.getParameterOutput`), so that the diff shows it and AWS can roll back.
   */
  readonly imageId: pulumi.Input<string>;
  /** The EC2 instance type, such as `t3.micro`. A change replaces every server. */
  readonly instanceType: pulumi.Input<string>;
  /**
   * What a server runs when it starts, as plain text (not base64), at most 16 KB. A change replaces every server.
   * @default nothing: the image starts by itself
   */
  readonly userData?: pulumi.Input<string>;
  /**
   * Which versions of shared data the release writes and reads.
   * @default none: nothing is checked
   */
  readonly data?: DataContractArgs;
}

/** A release whose known values have been checked. */
export interface Release {
  readonly version: string;
  readonly imageId: pulumi.Input<string>;
  readonly instanceType: pulumi.Input<string>;
  readonly userData?: pulumi.Input<string>;
  readonly data?: DataContract;
}

/** EC2 takes 16 KB of user data before base64 (EC2 user guide). */
const USER_DATA_BYTES = 16 * 1024;
const VERSION_LENGTH = 128;
const KEYS = [
  "version",
  "imageId",
  "instanceType",
  "userData",
  "data",
] as const satisfies readonly (keyof ReleaseArgs)[];

export function checkRelease(args: ReleaseArgs, faults: Faults, path = "release."): Release {
  onlyKnown(faults, path, args, KEYS);
  required(faults, path, args, ["imageId", "instanceType"]);
  faults.addAll(checkVersion(`${path}version`, args.version));
  if (args.data) {
    for (const problem of contractProblems(args.data)) {
      faults.add({
        code: "HIT105",
        problem: `${path}${problem}.`,
        fix: `set ${path}data to such as { writes: 7, reads: [6, 7] }`,
      });
    }
  }
  return {
    version: args.version,
    imageId: faults.input(args.imageId, (imageId) => checkImage(`${path}imageId`, imageId)),
    instanceType: args.instanceType,
    ...(args.userData !== undefined
      ? { userData: faults.input(args.userData, (text) => checkUserData(`${path}userData`, text)) }
      : {}),
    ...(args.data ? { data: args.data } : {}),
  };
}

function checkVersion(name: string, version: unknown): Finding[] {
  if (version === undefined || version === null || (typeof version === "string" && version.trim() === "")) {
    return [{ code: "HIT101", problem: `${name} is empty, expected a name such as "v2".`, fix: `set ${name}` }];
  }
  if (typeof version !== "string") {
    const what = "a plain string is expected, because it decides what the diff shows";
    return [
      { code: "HIT102", problem: `${name} is no plain string; ${what}.`, fix: `take ${name} from configuration` },
    ];
  }
  if (version.startsWith("$")) {
    const fix = `give each release a version of its own; Hitless numbers the launch template itself`;
    return [{ code: "HIT102", problem: `${name} is "${version}", expected a fixed name.`, fix }];
  }
  if (version.length > VERSION_LENGTH) {
    const problem = `${name} has ${version.length} characters, expected at most ${VERSION_LENGTH}.`;
    return [{ code: "HIT102", problem, fix: "shorten it", why: "It becomes a tag, and messages show it." }];
  }
  return [];
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
