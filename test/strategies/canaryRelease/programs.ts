import { CanaryRelease, type CanaryReleaseArgs } from "../../../src/index.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../../src/testing/index.js";
import { goodArgs } from "../rollingFleet/programs.js";

/** A release by its version. */
export function release(version: string) {
  return { version, imageId: `ami-${version}`, instanceType: "t3.micro" };
}

/** A release with its share. */
export function shared(version: string, weight: number) {
  return { ...release(version), weight };
}

/** Arguments that are fine, for tests to change: `{ stable: "v1", canary: ["v2", 10] }`. */
export interface Versions {
  readonly stable: string;
  readonly canary?: readonly [version: string, weight: number];
  readonly others?: readonly (readonly [version: string, weight: number])[];
  readonly previous?: string;
}

export function canaryArgs(
  { stable, canary, others, previous }: Versions = { stable: "v1" },
  more: Partial<CanaryReleaseArgs> = {},
): CanaryReleaseArgs {
  const { fleet, entrance, healthCheck } = goodArgs();
  return {
    stable: release(stable),
    ...(canary ? { canary: shared(...canary) } : {}),
    ...(others ? { others: others.map((other) => shared(...other)) } : {}),
    ...(previous ? { previous: release(previous) } : {}),
    fleet,
    entrance,
    healthCheck,
    ...more,
  };
}

/** Runs a program with one release until every resource is there. */
export async function runCanary(
  args: CanaryReleaseArgs,
  options: MockOptions = {},
): Promise<{ mocks: HitlessMocks; release: CanaryRelease }> {
  const mocks = await setHitlessMocks({ project: "shop", stack: "prod", ...options });
  const component = new CanaryRelease("web", args);
  await mocks.complete();
  return { mocks, release: component };
}
