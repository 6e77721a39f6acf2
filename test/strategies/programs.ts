import type * as pulumi from "@pulumi/pulumi";
import { RollingFleet, type RollingFleetArgs } from "../../src/index.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../src/testing/index.js";

export const BALANCER = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/front/0123456789abcdef";
export const LISTENER =
  "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/front/0123456789abcdef/fedcba9876543210";

/** Arguments that are fine, for tests to change. */
export function goodArgs(): RollingFleetArgs {
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

/** An Output's value. */
export function known<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    (output as pulumi.Output<unknown>).apply((value) => resolve(value as T));
  });
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
