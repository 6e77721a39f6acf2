import {
  DeregisterTargetsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
  type TargetDescription,
  type TargetHealth,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** A registered target and how it is. */
export interface RegisteredTarget {
  readonly id: string;
  readonly port: number;
  readonly health: TargetHealth;
}

/** A call takes at most so many targets (`pkg/targetgroupbinding/targets_manager.go` of the controller). */
const CHUNK = 200;

/** The controller's way to load balancing: the cloud's own API, with whatever it does to callers. */
export class TargetGroups {
  readonly #client: ElasticLoadBalancingV2Client;

  constructor(endpoint: string, region: string) {
    const credentials = { accessKeyId: "controllers", secretAccessKey: "controllers" };
    this.#client = new ElasticLoadBalancingV2Client({ endpoint, region, credentials, maxAttempts: 3 });
  }

  /** @returns the group's ARN; undefined where there is none of that name */
  async arnOf(name: string): Promise<string | undefined> {
    const { TargetGroups } = await this.#client.send(new DescribeTargetGroupsCommand({ Names: [name] }));
    return TargetGroups?.[0]?.TargetGroupArn;
  }

  /** Without those that are draining: they have left already. */
  async targets(arn: string): Promise<RegisteredTarget[]> {
    const { TargetHealthDescriptions = [] } = await this.#client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn: arn }),
    );
    return TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State !== "draining").map(
      ({ Target, TargetHealth = {} }) => ({ id: Target?.Id ?? "", port: Target?.Port ?? 0, health: TargetHealth }),
    );
  }

  async register(arn: string, targets: readonly { id: string; port: number }[]): Promise<void> {
    // Pods have no address of the VPC here: such targets are registered for all zones.
    for (const chunk of chunks(targets.map((target) => ({ ...described(target), AvailabilityZone: "all" }))))
      await this.#client.send(new RegisterTargetsCommand({ TargetGroupArn: arn, Targets: chunk }));
  }

  async deregister(arn: string, targets: readonly { id: string; port: number }[]): Promise<void> {
    for (const chunk of chunks(targets.map(described)))
      await this.#client.send(new DeregisterTargetsCommand({ TargetGroupArn: arn, Targets: chunk }));
  }

  close(): void {
    this.#client.destroy();
  }
}

function described({ id, port }: { id: string; port: number }): TargetDescription {
  return { Id: id, Port: port };
}

function chunks(all: readonly TargetDescription[]): TargetDescription[][] {
  return Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  );
}

/** The group has been deleted: nothing is registered with it any more. */
export const isGroupGone = (error: unknown): boolean => (error as Error).name === "TargetGroupNotFoundException";
