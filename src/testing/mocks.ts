import * as pulumi from "@pulumi/pulumi";
import type { MockCallArgs, MockCallResult, MockResourceArgs, MockResourceResult, Mocks } from "@pulumi/pulumi/runtime";
import { Completion, type Monitor } from "./completion.js";
import { installHookSupport } from "./installHookSupport.js";

/** A resource as a test sees it. */
export interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, any>>;
}

export interface MockOptions {
  /** Run the program as a preview does: nothing is created, ids and computed properties are unknown. */
  readonly preview?: boolean;
  readonly project?: string;
  readonly stack?: string;
  /** Answers for functions such as `aws:ec2/getVpc:getVpc`; without one they answer their arguments and an id. */
  readonly call?: (args: MockCallArgs) => MockCallResult | undefined;
  /** Properties of resources on top of those that are made up. */
  readonly resource?: (args: MockResourceArgs) => Record<string, any> | undefined;
}

/** What `setHitlessMocks` gives: the resources that the program has made so far. */
export interface HitlessMocks extends Mocks {
  readonly resources: readonly RecordedResource[];
  /** The only resource of a type and, where there are several, of a name. Throws when there is none, or more than one. */
  find(type: string, name?: string): RecordedResource;
  /** Resolves when the program's components, at least one, are complete. Await it before the next program runs. */
  complete(): Promise<void>;
}

const REGION = "us-east-1";
const ACCOUNT = "123456789012";

/**
 * Prepares Pulumi's runtime to run a program that uses Hitless in a unit test: resources get plausible ARNs and ids, and those
 * with hooks work. Call and await it before the program is imported.
 * @example
 * ```ts
 * import { setHitlessMocks } from "hitless/testing";
 *
 * test("six servers", async () => {
 *   const mocks = await setHitlessMocks();
 *   await import("../index.js");
 *   await mocks.complete();
 *   expect(mocks.find("aws:autoscaling/group:Group").inputs.desiredCapacity).toBe(6);
 * });
 * ```
 */
export async function setHitlessMocks(options: MockOptions = {}): Promise<HitlessMocks> {
  installHookSupport();
  const completion = new Completion();
  const mocks = recordingMocks(options, completion);
  await pulumi.runtime.setMocks(mocks, options.project, options.stack, options.preview ?? false);
  completion.watch(pulumi.runtime.getMonitor() as unknown as Monitor);
  return mocks;
}

function recordingMocks(options: MockOptions, completion: Completion): HitlessMocks {
  const resources: RecordedResource[] = [];
  return {
    resources,
    find(type, name) {
      const found = resources.filter(
        (candidate) => candidate.type === type && (name ?? candidate.name) === candidate.name,
      );
      if (found.length === 1) return found[0] as RecordedResource;
      const made = resources.map((resource) => `${resource.type} ${resource.name}`).join(", ");
      throw new Error(
        `${found.length} resources are ${type} ${name ?? ""}, expected one. There are: ${made || "none"}.`,
      );
    },
    complete: () => completion.reached(),
    newResource(args): MockResourceResult {
      resources.push({ type: args.type, name: args.name, inputs: args.inputs });
      // A component has no id, and a preview knows neither ids nor computed properties.
      if (args.custom === false) {
        completion.begun();
        return { id: undefined, state: args.inputs };
      }
      if (options.preview) return { id: undefined, state: { ...args.inputs, ...options.resource?.(args) } };
      const state = { ...computed(args), ...args.inputs, ...object(args) };
      return { id: idOf(args), state: { ...state, ...options.resource?.(args) } };
    },
    call(args): MockCallResult {
      return (
        options.call?.(args) ?? {
          id: `${args.token.split(":").pop()}-id`,
          ids: ["subnet-1", "subnet-2"],
          ...args.inputs,
        }
      );
    },
  };
}

/** Load balancing resources are known by their ARN, groups by their name (as the AWS provider does). */
function idOf(args: MockResourceArgs): string {
  if (args.id) return args.id;
  const { metadata } = object(args);
  if (metadata) return `${metadata.namespace}/${metadata.name}`;
  const { arn, name } = computed(args);
  return (args.type === "aws:autoscaling/group:Group" ? name : arn) ?? `${args.name}-id`;
}

/** What a cluster would add to an object: the name that the provider makes of the resource's, and the namespace. */
function object({ type, name, inputs }: Pick<MockResourceArgs, "type" | "name" | "inputs">): Record<string, any> {
  if (!type.startsWith("kubernetes:")) return {};
  return { metadata: { namespace: "default", name: `${name}-12345678`, ...inputs.metadata } };
}

/** What AWS would add to a resource. */
function computed({ type, name, inputs }: Pick<MockResourceArgs, "type" | "name" | "inputs">): Record<string, any> {
  const balancing = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}`;
  const physical = inputs.name ?? `${name}-1234567`;
  switch (type) {
    case "aws:lb/targetGroup:TargetGroup":
      return { name: physical, arn: `${balancing}:targetgroup/${physical}/0123456789abcdef` };
    case "aws:lb/loadBalancer:LoadBalancer":
      return {
        name: physical,
        arn: `${balancing}:loadbalancer/app/${physical}/0123456789abcdef`,
        dnsName: `${physical}.${REGION}.elb.amazonaws.com`,
      };
    case "aws:lb/listener:Listener":
      return { arn: `${balancing}:listener/app/${name}/0123456789abcdef/fedcba9876543210` };
    case "aws:lb/listenerRule:ListenerRule":
      return { arn: `${balancing}:listener-rule/app/${name}/0123456789abcdef/fedcba9876543210/0011223344556677` };
    case "aws:ec2/launchTemplate:LaunchTemplate":
      return { name: physical, latestVersion: 1, defaultVersion: 1 };
    case "aws:autoscaling/group:Group":
      return {
        name: physical,
        arn: `arn:aws:autoscaling:${REGION}:${ACCOUNT}:autoScalingGroup:0123:autoScalingGroupName/${physical}`,
      };
    default:
      return { name: physical };
  }
}
