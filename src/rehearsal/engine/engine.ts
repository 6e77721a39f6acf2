import * as path from "node:path";
import { cachedPulumi, pulumiHome } from "./cache.js";
import { buildWithGo } from "./goBuild.js";
import { HOST_NAME, hasForeignHost, installLanguageHost } from "./installLanguageHost.js";
import { installWithNpm } from "./npmPackage.js";
import { findOnPath, pulumiVersion } from "./onPath.js";
import { isAtLeast, OLDEST_ENGINE } from "./versions.js";

/** The real Pulumi engine, found or made, and how to call it. */
export interface Engine {
  /** Path of the CLI. */
  readonly pulumi: string;
  /** Its version, `3.259.0`. */
  readonly version: string;
  /** Where it came from, in words for a person. */
  readonly origin: string;
  /** Variables to merge into the CLI's environment: a PATH on which it finds its Node.js language host. */
  environment(): Record<string, string>;
}

/** Prints one line of progress; setting up may take minutes where the engine has to be built. */
export type Progress = (line: string) => void;

/**
 * Finds the Pulumi engine, in this order: a `pulumi` on PATH that is new enough; the cache (`$PULUMI_HOME/versions`); the
 * official npm package `pulumi`, which downloads it; a Go build of Pulumi's own module. The result is kept in the cache, outside
 * the project, so that the next call is quick.
 *
 * @throws Error one sentence for each way that was tried: what is missing, why it is needed, how to get it
 */
export async function resolveEngine(progress: Progress = () => {}): Promise<Engine> {
  const tried: string[] = [];
  const steps: [string, () => Promise<string>][] = [
    ["pulumi on PATH", pulumiOnPath],
    [`the cache in ${path.join(pulumiHome(), "versions")}`, async () => cachedPulumi()],
    ["the npm package pulumi", () => installWithNpm(progress)],
    ["a Go build", () => buildWithGo(progress)],
  ];
  for (const [origin, find] of steps) {
    try {
      return await withLanguageHost(await find(), origin);
    } catch (error) {
      tried.push(`  - ${origin}: ${(error as Error).message}`);
    }
  }
  throw new Error(
    [
      "No Pulumi engine: a rehearsal runs your program through the real Pulumi CLI, and none could be found or made.",
      ...tried,
      `Fix: install Pulumi ${OLDEST_ENGINE} or newer (https://www.pulumi.com/docs/install/), or put Go 1.25 or newer on PATH.`,
    ].join("\n"),
  );
}

async function pulumiOnPath(): Promise<string> {
  const found = findOnPath("pulumi");
  if (found === undefined) throw new Error("there is none");
  const version = await pulumiVersion(found);
  if (!isAtLeast(version, OLDEST_ENGINE)) {
    throw new Error(
      `${found} is version ${version}, older than ${OLDEST_ENGINE}, the first that fails an update on a failed hook`,
    );
  }
  return found;
}

async function withLanguageHost(pulumi: string, origin: string): Promise<Engine> {
  const version = await pulumiVersion(pulumi);
  const onPath = findOnPath(HOST_NAME);
  const directories = [path.dirname(pulumi), ...(onPath === undefined ? [] : [path.dirname(onPath)])];
  const hostDirectory = directories.find(hasForeignHost) ?? installLanguageHost(pulumi);
  return {
    pulumi,
    version,
    origin,
    environment: () => ({
      PATH: [path.dirname(pulumi), hostDirectory, process.env.PATH ?? ""].join(path.delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK: "true",
    }),
  };
}
