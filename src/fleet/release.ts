import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../errors/faults.js";
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
   * EC2, required there: the AMI to start. A change replaces every server. `resolve:ssm:…` is refused: look the parameter up in the program
   * (`aws.ssm.getParameterOutput`), so that the diff shows it and AWS can roll back.
   */
  readonly imageId?: pulumi.Input<string>;
  /** EC2, required there: the instance type, such as `t3.micro`. A change replaces every server. */
  readonly instanceType?: pulumi.Input<string>;
  /**
   * EC2: what a server runs when it starts, as plain text (not base64), at most 16 KB. A change replaces every server.
   * @default nothing: the image starts by itself
   */
  readonly userData?: pulumi.Input<string>;
  /**
   * Kubernetes, required there: the image of the app's container, with a tag of its own (not `latest`) or a digest. A change replaces
   * every pod.
   */
  readonly image?: pulumi.Input<string>;
  /**
   * Kubernetes: what the container runs instead of its image's entry point. A change replaces every pod.
   * @default the image's own
   */
  readonly command?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Kubernetes: arguments instead of those of its image. A change replaces every pod.
   * @default the image's own
   */
  readonly args?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Kubernetes: environment variables by name; the names and values of `fleet.env` that are not given here stay. A change replaces every pod.
   * @default none
   */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Which versions of shared data the release writes and reads.
   * @default none: nothing is checked
   */
  readonly data?: DataContractArgs;
}

/** A release whose known values have been checked, as far as strategies look at it; what starts it is the platform's. */
export interface Release {
  readonly version: string;
  readonly data?: DataContract;
}

const VERSION_LENGTH = 128;

/** What a release has on every platform. */
export function checkShared(args: ReleaseArgs, faults: Faults, path: string): Release {
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
  return { version: args.version, ...(args.data ? { data: args.data } : {}) };
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
