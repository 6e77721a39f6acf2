import { EventEmitter } from "node:events";
import { pino } from "pino";
import type {
  BalancerConfig,
  BalancerCounts,
  DataPlane,
  TargetHealthChange,
} from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import { LoadBalancing, type LoadBalancingOptions } from "../../../../src/rehearsal/cloud/elbv2/loadBalancing.js";
import type { Compute, InstanceView, MetricDatum, Monitoring } from "../../../../src/rehearsal/cloud/ports.js";

/** A clock that moves when told to. */
export class HandClock extends Clock {
  #seconds = 0;
  readonly #waiting = new Map<object, { at: number; every?: number; action: () => void }>();

  override after(awsSeconds: number, action: () => void): () => void {
    const key = {};
    this.#waiting.set(key, { at: this.#seconds + awsSeconds, action });
    return () => void this.#waiting.delete(key);
  }

  override every(awsSeconds: number, action: () => void): () => void {
    const key = {};
    this.#waiting.set(key, { at: this.#seconds + awsSeconds, every: awsSeconds, action });
    return () => void this.#waiting.delete(key);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Lets AWS seconds pass. */
  pass(seconds: number): void {
    const until = this.#seconds + seconds;
    for (;;) {
      const due = [...this.#waiting].filter(([, entry]) => entry.at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
      if (!due) break;
      const [key, entry] = due;
      this.#seconds = entry.at;
      if (entry.every === undefined) this.#waiting.delete(key);
      else this.#waiting.set(key, { ...entry, at: entry.at + entry.every });
      entry.action();
    }
    this.#seconds = until;
  }
}

export class FakeCompute implements Compute {
  readonly events = new EventEmitter<{ state: [InstanceView] }>();
  readonly instances = new Map<string, InstanceView>();

  add(instanceId: string, changes: Partial<InstanceView> = {}): void {
    const instance: InstanceView = {
      instanceId,
      imageId: "ami-1",
      instanceType: "t3.micro",
      subnetId: "subnet-a",
      vpcId: "vpc-1",
      availabilityZone: "us-east-1a",
      privateIpAddress: "172.31.0.10",
      launchTime: Date.now(),
      state: "running",
      endpoint: { host: "172.31.0.10" },
      tags: {},
      ...changes,
    };
    this.instances.set(instanceId, instance);
    this.events.emit("state", instance);
  }

  instance(id: string): InstanceView | undefined {
    return this.instances.get(id);
  }

  subnet(subnetId: string) {
    const zone = /^subnet-([abc])(2?)$/.exec(subnetId);
    if (!zone) return undefined;
    return { subnetId, vpcId: "vpc-1", availabilityZone: `us-east-1${zone[1]}`, availableIpAddressCount: 100 };
  }

  launch(): InstanceView {
    throw new Error("load balancing launches nothing");
  }

  terminate(): Promise<void> {
    throw new Error("load balancing terminates nothing");
  }

  resolveTemplate(): never {
    throw new Error("load balancing knows no templates");
  }
}

export class FakeDataPlane implements DataPlane {
  readonly events = new EventEmitter<{ health: [TargetHealthChange]; counts: [BalancerCounts[]] }>();
  readonly applied: BalancerConfig[] = [];
  readonly removed: string[] = [];
  /** Called before a configuration is taken; throw to refuse it. */
  onApply: (config: BalancerConfig) => void | Promise<void> = () => undefined;

  async apply(config: BalancerConfig): Promise<void> {
    await this.onApply(config);
    this.applied.push(config);
  }

  async remove(arn: string): Promise<void> {
    this.removed.push(arn);
  }

  async setFaults(): Promise<void> {}
  async close(): Promise<void> {}

  get last(): BalancerConfig {
    const config = this.applied.at(-1);
    if (!config) throw new Error("nothing was applied");
    return config;
  }
}

export class FakeMonitoring implements Monitoring {
  readonly events = new EventEmitter<any>();
  readonly data: MetricDatum[] = [];

  put(data: readonly MetricDatum[]): void {
    this.data.push(...data);
  }

  alarm(): undefined {}
  putAlarm(): void {}
  deleteAlarms(): void {}
}

/** Load balancing on fakes, and a short way to call its operations. */
export function world(more: Pick<LoadBalancingOptions, "certificates" | "authority"> = {}) {
  const warnings: string[] = [];
  const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) });
  const clock = new HandClock();
  const compute = new FakeCompute();
  const dataPlane = new FakeDataPlane();
  const monitoring = new FakeMonitoring();
  const place = { region: "us-east-1", accountId: "123456789012" };
  const elb = new LoadBalancing({ clock, compute, dataPlane, monitoring, log, ...place, ...more });
  const call = async (name: string, input: object = {}): Promise<any> => {
    const operation = elb.service.operations[name];
    if (!operation) throw new Error(`no operation ${name}`);
    return operation(input, { requestId: "r", ...place });
  };

  const loadBalancer = async (Name = "web", more: object = {}): Promise<string> =>
    (await call("CreateLoadBalancer", { Name, Subnets: ["subnet-a", "subnet-b"], ...more })).LoadBalancers[0]
      .LoadBalancerArn;
  const targetGroup = async (Name = "blue", more: object = {}): Promise<string> =>
    (await call("CreateTargetGroup", { Name, Protocol: "HTTP", Port: 8080, VpcId: "vpc-1", ...more })).TargetGroups[0]
      .TargetGroupArn;
  const listener = async (LoadBalancerArn: string, DefaultActions: object[], Port = 80): Promise<string> =>
    (await call("CreateListener", { LoadBalancerArn, Protocol: "HTTP", Port, DefaultActions })).Listeners[0]
      .ListenerArn;
  const rule = async (
    ListenerArn: string,
    Priority: number,
    Actions: object[],
    Conditions?: object[],
  ): Promise<string> =>
    (
      await call("CreateRule", {
        ListenerArn,
        Priority,
        Actions,
        Conditions: Conditions ?? [{ Field: "path-pattern", Values: [`/${Priority}`] }],
      })
    ).Rules[0].RuleArn;
  const state = async (TargetGroupArn: string, Id: string): Promise<object | undefined> =>
    (await call("DescribeTargetHealth", { TargetGroupArn })).TargetHealthDescriptions.find(
      (one: { Target: { Id: string } }) => one.Target.Id === Id,
    )?.TargetHealth;
  return {
    elb,
    call,
    clock,
    compute,
    dataPlane,
    monitoring,
    warnings,
    loadBalancer,
    targetGroup,
    listener,
    rule,
    state,
  };
}

export const to = (...groups: string[]): object => ({
  Type: "forward",
  ...(groups.length === 1
    ? { TargetGroupArn: groups[0] }
    : { ForwardConfig: { TargetGroups: groups.map((TargetGroupArn) => ({ TargetGroupArn, Weight: 10 })) } }),
});

export const page = { Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } };

/** The code of the refusal, or "accepted". */
export async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as { code: string }).code;
  }
  return "accepted";
}
