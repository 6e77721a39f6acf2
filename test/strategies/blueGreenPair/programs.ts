import * as pulumi from "@pulumi/pulumi";
import { BlueGreenPair, type BlueGreenPairArgs } from "../../../src/index.js";
import { type HitlessMocks, type MockOptions, setHitlessMocks } from "../../../src/testing/index.js";
import { BALANCER } from "../shared/surroundings.js";

/** Arguments that are fine, for tests to change. */
export function goodPair(): BlueGreenPairArgs {
  return {
    live: "blue",
    blue: { version: "v1", imageId: "ami-1", instanceType: "t3.micro" },
    green: { version: "v2", imageId: "ami-2", instanceType: "t3.micro" },
    fleet: {
      vpcId: "vpc-1",
      subnetIds: ["subnet-1", "subnet-2"],
      desiredCapacity: 4,
      loadBalancerSecurityGroupIds: ["sg-1"],
    },
    entrance: { loadBalancerArn: BALANCER, hostName: "shop.example.com" },
    healthCheck: { path: "/health" },
  };
}

export interface PairRun {
  readonly mocks: HitlessMocks;
  readonly pair: BlueGreenPair;
  /** `type name` of what a resource waits for, by its own; without the component. */
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  /** Property paths whose changes are ignored. */
  readonly ignored: ReadonlyMap<string, readonly string[]>;
}

/** The part of Pulumi's registration request that tests look at. */
interface Request {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
  getIgnorechangesList(): string[];
}
type Register = (request: Request, callback: unknown) => void;

/** Runs a program with one pair until every resource is there. */
export async function runPair(
  args: BlueGreenPairArgs = goodPair(),
  options: MockOptions & { opts?: () => pulumi.ComponentResourceOptions; name?: string } = {},
): Promise<PairRun> {
  const mocks = await setHitlessMocks(options);
  const [dependencies, ignored] = [new Map<string, readonly string[]>(), new Map<string, readonly string[]>()];
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const key = `${short(request.getType())} ${request.getName()}`;
    dependencies.set(key, request.getDependenciesList().map(fromUrn));
    ignored.set(key, request.getIgnorechangesList());
    register(request, callback);
  };
  const pair = new BlueGreenPair(options.name ?? "shop", args, options.opts?.());
  await mocks.complete();
  return { mocks, pair, dependencies, ignored };
}

function fromUrn(urn: string): string {
  const [, , types, name] = urn.split("::") as [string, string, string, string];
  return `${short(types.split("$").at(-1) ?? "")} ${name}`;
}

/** `Group` of `aws:autoscaling/group:Group`. */
export function short(type: string): string {
  return type.split(":").at(-1) ?? type;
}
