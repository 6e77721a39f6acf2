import type * as pulumi from "@pulumi/pulumi";
import { type EntranceArgs, type FleetArgs, RollingFleet, type RollingFleetArgs } from "../../../src/index.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../../src/testing/index.js";
import { BALANCER } from "../shared/surroundings.js";

/** Arguments that are fine, for tests to change. */
export function goodArgs(): RollingFleetArgs & { readonly fleet: FleetArgs; readonly entrance: EntranceArgs } {
  return {
    release: { version: "v1", imageId: "ami-1", instanceType: "t3.micro", userData: "#!/bin/bash\necho hello\n" },
    fleet: {
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2"],
      desiredCapacity: 6,
      loadBalancerSecurityGroupIds: ["sg-1"],
    },
    entrance: { loadBalancerArn: BALANCER, hostName: "front.example.com" },
    healthCheck: { path: "/health" },
    batchSize: 2,
    startupSeconds: 60,
    drainSeconds: 30,
  };
}

export interface Run {
  readonly mocks: HitlessMocks;
  readonly fleet: RollingFleet;
}

/** Runs a program with one fleet until every resource is there. */
export async function run(
  args: RollingFleetArgs = goodArgs(),
  options: MockOptions & { opts?: () => pulumi.ComponentResourceOptions; name?: string } = {},
): Promise<Run> {
  const mocks = await setHitlessMocks(options);
  const fleet = new RollingFleet(options.name ?? "web", args, options.opts?.());
  await mocks.complete();
  return { mocks, fleet };
}
