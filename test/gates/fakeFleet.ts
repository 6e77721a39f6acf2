import type { AlarmView } from "../../src/gates/alarmCloud.js";
import { listenerOf } from "../../src/gates/aws/arns.js";
import type { AwsCloud } from "../../src/gates/aws/awsCloud.js";
import { launchTimes } from "../../src/gates/aws/launchTimes.js";
import { AWS_BALANCER_WORDS, AWS_FLEET_WORDS } from "../../src/gates/aws/words.js";
import type { ForwardAction, ListenerView, RuleView, TargetView } from "../../src/gates/balancerCloud.js";
import type { Seniority } from "../../src/gates/fleetsCloud.js";
import type { Pace } from "../../src/gates/pace.js";
import type {
  ActivityView,
  GroupView,
  MemberView,
  RefreshOrder,
  RefreshStatus,
  RefreshView,
  TemplateData,
  TemplateRef,
} from "../../src/gates/refresh/refreshCloud.js";
import type { RolloutContext, RolloutRequest } from "../../src/gates/refresh/rolloutRequest.js";
import { COMPONENT_TAG } from "../../src/plan/releaseTags.js";

/** What becomes of a server of some template version. */
export type Behaviour = "healthy" | "never healthy" | "turns unhealthy" | "taken out" | "does not launch";

interface Server {
  instanceId: string;
  version: string;
  launchedAt: number;
  leaving: boolean;
}

interface Refresh {
  id: string;
  order: RefreshOrder;
  status: RefreshStatus;
  before: string;
  reason?: string;
}

const TEMPLATE = "lt-1";
export const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";
export const GROUP_ARN = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/web-1";

/** A fleet in virtual time: a server is healthy after `bootSeconds`, and each step of a refresh replaces one server. */
export class FakeFleet implements AwsCloud {
  now = 0;
  bootSeconds = 5;
  readonly orders: RefreshOrder[] = [];
  readonly calls: string[] = [];
  readonly behaviour = new Map<string, Behaviour>();
  readonly templates = new Map<string, TemplateData>();
  readonly suspended: string[] = [];
  groupTags: Record<string, string> = {};
  groupVersion = "1";
  desired: number;
  rollBackAnswer: "rolling back" | "irreversible" = "rolling back";
  rollbackEnds: RefreshStatus = "RollbackSuccessful";
  failedActivities: ActivityView[] = [];
  /** Called once before each look at refreshes. */
  onRefreshes: (() => void) | undefined;
  startAnswers: "busy"[] = [];
  servers: Server[] = [];
  running: Refresh[] = [];
  /** What its entrance does. */
  forward: ForwardAction = { targets: [{ targetGroupArn: ARN, weight: 100 }] };
  #ids = 0;

  constructor(size: number, version = "1") {
    this.desired = size;
    this.groupVersion = version;
    for (let index = 0; index < size; index += 1) this.#launch(version);
    for (const server of this.servers) server.launchedAt = -1000;
    this.addTemplate(version, `v${version}`);
  }

  addTemplate(
    version: string,
    name: string,
    more: Record<string, string> = {},
    behaviour: Behaviour = "healthy",
  ): void {
    const tags = Object.entries({ "hitless:version": name, ...more }).map(([Key, Value]) => ({ Key, Value }));
    this.templates.set(version, { ImageId: "ami-1", TagSpecifications: [{ ResourceType: "instance", Tags: tags }] });
    this.behaviour.set(version, behaviour);
  }

  /** A refresh that is already there when the gate comes. */
  addRefresh(version: string, status: RefreshStatus = "InProgress"): Refresh {
    const order = { group: "web-1", template: { id: TEMPLATE, version } } as RefreshOrder;
    const refresh: Refresh = { id: `r-${this.running.length + 1}`, order, status, before: this.groupVersion };
    this.running.unshift(refresh);
    return refresh;
  }

  /** Time passes. */
  advance(seconds: number): void {
    this.now += seconds;
    const active = this.running[0];
    if (active?.status === "Cancelling") active.status = "Cancelled";
    else if (active?.status === "RollbackInProgress") {
      active.status = this.rollbackEnds;
      if (this.rollbackEnds === "RollbackSuccessful") this.#replaceAll(active.before);
    } else if (active?.status === "InProgress") this.#step(active);
  }

  #step(refresh: Refresh): void {
    const { version } = refresh.order.template;
    if (this.behaviour.get(version) === "does not launch") {
      this.failedActivities = [
        { description: "Launching a new EC2 instance", cause: "refresh", status: "Failed", message: "AMI not found" },
      ];
      return;
    }
    this.servers = this.servers.filter((server) => !server.leaving);
    const booting = this.servers.filter((server) => server.version === version && this.#state(server) !== "healthy");
    if (booting.length > 0) return;
    const next = this.servers.find((server) => !this.#equal(server.version, version));
    if (!next) {
      refresh.status = "Successful";
      this.groupVersion = version;
      return;
    }
    next.leaving = true;
    this.#launch(version);
  }

  #equal(one: string, other: string): boolean {
    return one === other; // AWS compares version numbers, not contents
  }

  #replaceAll(version: string): void {
    for (const server of [...this.servers]) {
      if (server.version === version) continue;
      this.servers.splice(this.servers.indexOf(server), 1);
      this.#launch(version);
    }
  }

  #launch(version: string): void {
    this.#ids += 1;
    this.servers.push({ instanceId: `i-${this.#ids.toString(16)}`, version, launchedAt: this.now, leaving: false });
  }

  #state(server: Server): string {
    const age = this.now - server.launchedAt;
    switch (this.behaviour.get(server.version)) {
      case "never healthy":
      case "taken out":
        return "unhealthy";
      case "turns unhealthy":
        if (age > this.bootSeconds + 3) return "unhealthy";
    }
    return age >= this.bootSeconds ? "healthy" : "initial";
  }

  #ref(version: string): TemplateRef {
    return { id: TEMPLATE, version };
  }

  async group(): Promise<GroupView> {
    return {
      name: "web-1",
      arn: GROUP_ARN,
      desiredCapacity: this.desired,
      minSize: 0,
      maxSize: 100,
      targetGroupArns: [ARN],
      template: this.#ref(this.groupVersion),
      suspendedProcesses: this.suspended,
      tags: this.groupTags,
      members: this.servers.map(
        (server): MemberView => ({
          instanceId: server.instanceId,
          lifecycle: server.leaving ? "Terminating:Wait" : "InService",
          healthy: this.behaviour.get(server.version) !== "taken out" || this.now - server.launchedAt < 10,
          template: this.#ref(server.version),
        }),
      ),
    };
  }

  async refreshes(): Promise<readonly RefreshView[]> {
    this.onRefreshes?.();
    return this.running.map((refresh) => ({
      id: refresh.id,
      status: refresh.status,
      percentComplete: 0,
      template: refresh.order.template,
      ...(refresh.reason === undefined ? {} : { reason: refresh.reason }),
    }));
  }

  async startRefresh(order: RefreshOrder): Promise<{ id: string } | "busy"> {
    const answer = this.startAnswers.shift();
    if (answer) return answer;
    this.orders.push(order);
    this.calls.push(`start ${order.template.version}`);
    const refresh = this.addRefresh(order.template.version);
    refresh.order = order;
    return { id: refresh.id };
  }

  async setTemplate(_group: string, template: TemplateRef): Promise<void> {
    this.calls.push(`set ${template.version}`);
    this.groupVersion = template.version;
  }

  async cancelRefresh(): Promise<"cancelling"> {
    this.calls.push("cancel");
    if (this.running[0]) this.running[0].status = "Cancelling";
    return "cancelling";
  }

  async rollBackRefresh(): Promise<"rolling back" | "irreversible"> {
    this.calls.push("roll back");
    if (this.rollBackAnswer === "rolling back" && this.running[0]) this.running[0].status = "RollbackInProgress";
    return this.rollBackAnswer;
  }

  async activities(): Promise<readonly ActivityView[]> {
    return this.failedActivities;
  }

  async targets(): Promise<readonly TargetView[]> {
    return this.servers.map((server) => ({
      instanceId: server.instanceId,
      state: server.leaving ? "draining" : this.#state(server),
      ...(this.#state(server) === "unhealthy"
        ? { reason: "Target.ResponseCodeMismatch", description: "Health checks failed with these codes: [500]" }
        : {}),
    }));
  }

  async templateVersions(_id: string, versions: readonly string[]): Promise<ReadonlyMap<string, TemplateData>> {
    const known = versions.flatMap((version) => {
      const data = this.templates.get(version);
      return data ? [[version, data] as const] : [];
    });
    return new Map(known);
  }

  async forwardAction(): Promise<ForwardAction | undefined> {
    return this.forward;
  }

  async setForwardAction(_entranceArn: string, action: ForwardAction): Promise<void> {
    this.calls.push(`forward ${action.targets.map((target) => target.weight).join("/")}`);
    this.forward = action;
  }

  async rules(): Promise<readonly RuleView[]> {
    return [];
  }

  async listener(listenerArn: string): Promise<ListenerView | undefined> {
    return { arn: listenerArn, protocol: "HTTP", port: 80, dnsName: "web.example.com" };
  }

  async listenerArns(): Promise<readonly string[]> {
    return [];
  }

  async entranceTags(): Promise<Readonly<Record<string, string>>> {
    return {};
  }

  async fleetsOf(component: string): Promise<readonly GroupView[]> {
    const group = await this.group();
    return group.tags[COMPONENT_TAG] === component ? [group] : [];
  }

  async setDesiredCapacity(_group: string, desiredCapacity: number): Promise<void> {
    this.calls.push(`size ${desiredCapacity}`);
    this.desired = desiredCapacity;
    while (this.servers.filter((server) => !server.leaving).length < desiredCapacity) this.#launch(this.groupVersion);
  }

  async alarms(): Promise<readonly AlarmView[]> {
    return [];
  }

  async seniority(group: GroupView): Promise<Seniority> {
    return { since: "started", moments: launchTimes(group.members, await this.activities()) };
  }

  async troubles(): Promise<readonly string[]> {
    return [];
  }

  async listenerOf(entranceArn: string): Promise<string> {
    return listenerOf(entranceArn);
  }
  readonly balancerWords = AWS_BALANCER_WORDS;
  readonly fleetWords = AWS_FLEET_WORDS;

  async consoleTail(instanceId: string): Promise<string> {
    return `Error: cannot find module app\n    at ${instanceId}`;
  }

  /** The versions of the servers that stay, sorted. */
  versions(): string[] {
    return this.servers
      .filter((server) => !server.leaving)
      .map((server) => server.version)
      .sort();
  }
}

/** A context in virtual time, and what was said. */
export function contextFor(fleet: FakeFleet, request: Partial<RolloutRequest> = {}) {
  const said: string[] = [];
  const pace: Pace = {
    now: () => fleet.now,
    sleep: async (seconds) => fleet.advance(Math.max(seconds, 0.001)),
  };
  const say = async (message: string): Promise<void> => void said.push(message);
  const context: RolloutContext = {
    pace,
    report: { progress: say, note: say, warn: say },
    assertWatched: async () => {},
    cloud: fleet,
    request: {
      subject: 'RollingFleet "web"',
      groupName: "web-1",
      groupArn: GROUP_ARN,
      targetGroupArn: ARN,
      wanted: { id: TEMPLATE, version: "2" },
      release: { version: "v2" },
      batch: { batchSize: 2, surge: true },
      whenBusy: "supersede",
      warmupSeconds: 0,
      bakeSeconds: 0,
      alarmNames: [],
      replacementTimeoutSeconds: 120,
      ...request,
    },
  };
  return { context, said };
}
