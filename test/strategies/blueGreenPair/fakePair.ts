import type { AwsCloud } from "../../../src/gates/aws/awsCloud.js";
import type { ListenerView, RuleView } from "../../../src/gates/balancerCloud.js";
import type { GroupView, RefreshOrder, RefreshView, TemplateData } from "../../../src/gates/refresh/refreshCloud.js";
import { FakeEntrance, LISTENER, tg } from "../../gates/shift/fakeEntrance.js";

const TEMPLATE = "lt-1";

/** What a template version starts. */
export interface Started {
  readonly version: string;
  readonly image: string;
  readonly network?: string;
}

/** The two fleets of a pair, `blue` and `green`, behind its entrance, with preview routes; rollouts end at once. */
export class FakePair extends FakeEntrance implements AwsCloud {
  /** Template versions by number. */
  readonly templates = new Map<string, Started>();
  /** The template version that a group has. */
  readonly running = new Map<string, string>();
  readonly orders: RefreshOrder[] = [];
  /** Where the preview rules lead. */
  readonly previews = new Map([
    ["1", { value: "blue", arn: tg("blue") }],
    ["2", { value: "green", arn: tg("green") }],
  ]);
  /** Which version had users there, by environment. */
  readonly served = new Map<string, string>();
  #refreshes: RefreshView[] = [];

  constructor() {
    super();
    for (const [name, number, version] of [
      ["blue", "1", "v1"],
      ["green", "2", "v2"],
    ] as const) {
      this.templates.set(number, { version, image: `ami-${version}` });
      this.running.set(name, number);
      this.addFleet(name, 4, { tags: { "hitless:version": version }, maxSize: 8 });
    }
    this.begin({ blue: 100, green: 0 });
  }

  override async rules(): Promise<readonly RuleView[]> {
    return [...this.previews].map(([priority, { value, arn }]) => ({
      arn: previewArn(value),
      priority,
      headers: { "x-hitless-preview": [value] },
      targetGroupArns: [arn],
    }));
  }

  override async entranceTags(arn?: string): Promise<Readonly<Record<string, string>>> {
    const value = [...this.previews.values()].find((preview) => previewArn(preview.value) === arn)?.value;
    if (value === undefined) return {};
    const served = this.served.get(value);
    return { "hitless:preview": value, ...(served ? { "hitless:served": served } : {}) };
  }

  override async listener(arn: string): Promise<ListenerView> {
    return { arn, protocol: "HTTP", port: 80, dnsName: "127.0.0.1" };
  }

  override async group(name: string): Promise<GroupView | undefined> {
    const group = await super.group(name);
    const template = { id: TEMPLATE, version: this.running.get(name) ?? "" };
    return group && { ...group, template, members: group.members.map((member) => ({ ...member, template })) };
  }

  override readonly refreshes = (async () => this.#refreshes) as never;

  override readonly startRefresh = (async (order: RefreshOrder): Promise<{ id: string }> => {
    this.orders.push(order);
    this.running.set(order.group, order.template.version);
    this.#refreshes = [{ id: "r-1", status: "Successful", percentComplete: 100, template: order.template }];
    return { id: "r-1" };
  }) as never;

  override readonly setTemplate = (async () => {}) as never;

  override readonly templateVersions = (async (_id: string, versions: readonly string[]) => {
    const found = new Map<string, TemplateData>();
    for (const number of versions) {
      const started = this.templates.get(number);
      if (!started) continue;
      const Tags = [{ Key: "hitless:version", Value: started.version }];
      found.set(number, {
        ImageId: started.image,
        SecurityGroupIds: [started.network ?? "sg-1"],
        TagSpecifications: [{ ResourceType: "instance", Tags }],
      });
    }
    return found;
  }) as never;
}

function previewArn(value: string): string {
  return `${LISTENER.replace(":listener/", ":listener-rule/")}/${value}`;
}

/** A group's properties, as a hook gets them. */
export function groupOf(name: string, template: string, more: object = {}): Record<string, unknown> {
  return {
    name,
    arn: `arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/${name}`,
    maxSize: 8,
    desiredCapacity: 4,
    targetGroupArns: [tg(name)],
    launchTemplate: { id: TEMPLATE, version: template },
    ...more,
  };
}

/** The listener's properties, as a hook gets them. */
export function listenerOf(weights: Record<string, number>): Record<string, unknown> {
  const targetGroups = Object.entries(weights).map(([name, weight]) => ({ arn: tg(name), weight }));
  return { arn: LISTENER, defaultActions: [{ type: "forward", forward: { targetGroups } }] };
}
