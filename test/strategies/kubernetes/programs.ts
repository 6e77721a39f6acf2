import type * as pulumi from "@pulumi/pulumi";
import {
  BlueGreenPair,
  type BlueGreenPairArgs,
  CanaryRelease,
  type CanaryReleaseArgs,
  RollingFleet,
  type RollingFleetArgs,
} from "../../../src/index.js";
import {
  type GatewayEntranceArgs,
  gateway,
  type KubernetesFleetArgs,
  kubernetes,
} from "../../../src/kubernetes/index.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../../src/testing/index.js";
import { BALANCER } from "../shared/surroundings.js";

/** Pods behind an Application Load Balancer, or behind a Gateway. */
export type Front = "alb" | "gateway";

export const fleetArgs: KubernetesFleetArgs = {
  namespace: "shop",
  vpcId: "vpc-1",
  desiredCapacity: 4,
  resources: { requests: { cpu: "250m", memory: "256Mi" } },
};
export const gatewayArgs: GatewayEntranceArgs = {
  gateway: "public",
  gatewayNamespace: "infra",
  hosts: ["shop.example.com"],
  url: "https://shop.example.com",
};
export const release = (version: string) => ({ version, image: `registry.example.com/web:${version}` });

export function place(front: Front, fleet: Partial<KubernetesFleetArgs> = {}) {
  return {
    fleet: kubernetes({ ...fleetArgs, ...fleet }),
    entrance: front === "gateway" ? gateway(gatewayArgs) : { loadBalancerArn: BALANCER, hostName: "shop.example.com" },
    healthCheck: { path: "/health" },
    drainSeconds: 30,
  };
}

export const rolling = (front: Front, fleet: Partial<KubernetesFleetArgs> = {}): RollingFleetArgs => ({
  ...place(front, fleet),
  release: release("v1"),
});
export const pair = (front: Front, more: Partial<BlueGreenPairArgs> = {}): BlueGreenPairArgs => ({
  ...place(front),
  live: "blue",
  blue: release("v1"),
  green: release("v2"),
  ...more,
});
export const canary = (front: Front, more: Partial<CanaryReleaseArgs> = {}): CanaryReleaseArgs => ({
  ...place(front),
  stable: release("v1"),
  canary: { ...release("v2"), weight: 25, audience: { header: { name: "x-beta", values: ["1"] } } },
  ...more,
});

export interface Run<T> {
  readonly mocks: HitlessMocks;
  readonly component: T;
}

/** Runs a program with one component until every resource is there. */
export async function run<T extends pulumi.ComponentResource>(
  make: () => T,
  options: MockOptions = {},
): Promise<Run<T>> {
  const mocks = await setHitlessMocks(options);
  const component = make();
  await mocks.complete();
  return { mocks, component };
}

export const runRolling = (args: RollingFleetArgs, options?: MockOptions) =>
  run(() => new RollingFleet("web", args), options);
export const runPair = (args: BlueGreenPairArgs, options?: MockOptions) =>
  run(() => new BlueGreenPair("shop", args), options);
export const runCanary = (args: CanaryReleaseArgs, options?: MockOptions) =>
  run(() => new CanaryRelease("shop", args), options);

export function settled<T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => void output.apply((value) => resolve(value as pulumi.Unwrap<T>)));
}
