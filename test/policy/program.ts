import type { StackResource } from "../../src/policy/model/resource.js";
import { readStack, type StackModel } from "../../src/policy/model/stack.js";

/** The sentinel of a text that is not known before the update. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A resource of a made-up stack. @param token such as `lb/targetGroup:TargetGroup` */
export function resource(
  token: string,
  name: string,
  props: object,
  references: Record<string, string[]> = {},
): StackResource {
  const type = `aws:${token}`;
  return {
    urn: urnOf(token, name),
    type,
    name,
    props: props as Record<string, unknown>,
    references,
    ignoreChanges: [],
  };
}

export const urnOf = (token: string, name: string): string => `urn:pulumi:test::shop::aws:${token}::${name}`;

export const arnOf = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}-0123abc/1`;

/** What a side of a made-up program is; everything that is not named is good. */
export interface Side {
  readonly name: string;
  readonly weight?: unknown;
  readonly servers?: unknown;
  readonly type?: unknown;
  readonly tags?: Record<string, unknown>;
  readonly group?: object;
  readonly template?: object;
  readonly target?: object;
  /** Leaves the target group out of the listener. */
  readonly detached?: boolean;
}

/** A good program of fleets behind one listener, with its changes. */
export function program(
  sides: readonly Side[],
  more: { listener?: object; balancer?: object; resources?: StackResource[] } = {},
): StackResource[] {
  const attached = sides.filter(({ detached }) => !detached);
  const targetGroups = attached.map(({ name, weight = 100, target }) => ({
    arn: (target as { arn?: string })?.arn ?? arnOf(name),
    weight,
  }));
  return [
    resource("lb/loadBalancer:LoadBalancer", "shop", {
      arn: "arn:balancer",
      internal: false,
      loadBalancerType: "application",
      ...more.balancer,
    }),
    resource(
      "lb/listener:Listener",
      "http",
      {
        arn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/1/2",
        loadBalancerArn: "arn:balancer",
        protocol: "HTTP",
        port: 80,
        defaultActions: [{ type: "forward", forward: { targetGroups } }],
        ...more.listener,
      },
      { defaultActions: attached.map(({ name }) => urnOf("lb/targetGroup:TargetGroup", name)) },
    ),
    ...sides.flatMap(sideResources),
    ...(more.resources ?? []),
  ];
}

function sideResources({
  name,
  servers = 2,
  type = "t3.micro",
  tags = {},
  group,
  template,
  target,
}: Side): StackResource[] {
  const arn = (target as { arn?: string })?.arn ?? arnOf(name);
  return [
    resource("lb/targetGroup:TargetGroup", name, {
      arn,
      name: `${name}-0123abc`,
      deregistrationDelay: "30",
      healthCheck: { enabled: true, interval: 10, timeout: 5, unhealthyThreshold: 2, matcher: "200" },
      ...target,
    }),
    resource("ec2/launchTemplate:LaunchTemplate", name, {
      id: `lt-${name}`,
      imageId: "ami-1",
      instanceType: type,
      metadataOptions: { httpTokens: "required" },
      vpcSecurityGroupIds: ["sg-servers"],
      ...template,
    }),
    resource(
      "autoscaling/group:Group",
      name,
      {
        name,
        minSize: servers,
        desiredCapacity: servers,
        maxSize: 10,
        healthCheckType: "ELB",
        targetGroupArns: [arn],
        launchTemplate: { id: `lt-${name}`, version: "1" },
        tags: Object.entries({ "hitless:version": `v-${name}`, ...tags }).map(([key, value]) => ({ key, value })),
        ...group,
      },
      {
        targetGroupArns: [urnOf("lb/targetGroup:TargetGroup", name)],
        launchTemplate: [urnOf("ec2/launchTemplate:LaunchTemplate", name)],
      },
    ),
  ];
}

export function model(resources: readonly StackResource[]): StackModel {
  return readStack(resources);
}
