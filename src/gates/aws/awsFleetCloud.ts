import { COMPONENT_TAG } from "../../plan/releaseTags.js";
import type { AlarmView } from "../alarmCloud.js";
import type { ForwardAction, ListenerView, RuleView, TargetView } from "../balancerCloud.js";
import type { Seniority } from "../fleetsCloud.js";
import type { LeftBehind } from "../leftBehind.js";
import type {
  ActivityView,
  GroupView,
  RefreshOrder,
  RefreshView,
  TemplateData,
  TemplateRef,
} from "../refresh/refreshCloud.js";
import { listenerOf } from "./arns.js";
import { AwsBalancer } from "./awsBalancer.js";
import { awsCall, isAwsError } from "./awsCall.js";
import type { AwsCloud } from "./awsCloud.js";
import type { Clients } from "./clients.js";
import { launchTimes } from "./launchTimes.js";
import { unusedTargetGroups, unusedTemplates } from "./leftBehind.js";
import { toActivity, toAlarm, toGroup, toRefresh } from "./views.js";
import { AWS_BALANCER_WORDS, AWS_FLEET_WORDS } from "./words.js";

/** AWS as gates see it, through the SDK. The SDK itself is loaded on first use: importing Hitless stays cheap. */
export class AwsFleetCloud implements AwsCloud {
  readonly balancerWords = AWS_BALANCER_WORDS;
  readonly fleetWords = AWS_FLEET_WORDS;
  readonly #clients: () => Promise<Clients>;
  readonly #balancer = new AwsBalancer((operation, send, ...expected) => this.#call(operation, send, ...expected));

  constructor(
    private readonly subject: string,
    clients: () => Promise<Clients>,
  ) {
    let made: Promise<Clients> | undefined;
    this.#clients = () => {
      made ??= clients();
      return made;
    };
  }

  async group(name: string): Promise<GroupView | undefined> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const answer = await this.#call("DescribeAutoScalingGroups", async ({ autoScaling }) =>
      autoScaling.send(new sdk.DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] })),
    );
    const group = answer.AutoScalingGroups?.[0];
    return group && toGroup(group);
  }

  async refreshes(group: string): Promise<readonly RefreshView[]> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const answer = await this.#call("DescribeInstanceRefreshes", async ({ autoScaling }) =>
      autoScaling.send(new sdk.DescribeInstanceRefreshesCommand({ AutoScalingGroupName: group, MaxRecords: 10 })),
    );
    return (answer.InstanceRefreshes ?? []).map(toRefresh);
  }

  async startRefresh(order: RefreshOrder): Promise<{ readonly id: string } | "busy"> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const command = new sdk.StartInstanceRefreshCommand({
      AutoScalingGroupName: order.group,
      Strategy: "Rolling",
      DesiredConfiguration: {
        LaunchTemplate: { LaunchTemplateId: order.template.id, Version: order.template.version },
      },
      Preferences: {
        MinHealthyPercentage: order.minHealthyPercentage,
        MaxHealthyPercentage: order.maxHealthyPercentage,
        InstanceWarmup: order.warmupSeconds,
        SkipMatching: true,
        AutoRollback: order.autoRollback,
        // AWS's own defaults, said aloud: a protected server is not replaced behind its owner's back.
        ScaleInProtectedInstances: "Wait",
        StandbyInstances: "Wait",
        ...(order.bakeSeconds > 0 ? { BakeTime: order.bakeSeconds } : {}),
        ...(order.alarmNames.length > 0 ? { AlarmSpecification: { Alarms: [...order.alarmNames] } } : {}),
      },
    });
    const answer = await this.#call(
      "StartInstanceRefresh",
      async ({ autoScaling }) => autoScaling.send(command),
      "InstanceRefreshInProgress",
    );
    return answer === "InstanceRefreshInProgress" ? "busy" : { id: answer.InstanceRefreshId ?? "" };
  }

  async setTemplate(group: string, template: TemplateRef): Promise<void> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const command = new sdk.UpdateAutoScalingGroupCommand({
      AutoScalingGroupName: group,
      LaunchTemplate: { LaunchTemplateId: template.id, Version: template.version },
    });
    await this.#call("UpdateAutoScalingGroup", async ({ autoScaling }) => autoScaling.send(command));
  }

  async cancelRefresh(group: string): Promise<"cancelling" | "none active"> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const answer = await this.#call(
      "CancelInstanceRefresh",
      async ({ autoScaling }) =>
        autoScaling.send(new sdk.CancelInstanceRefreshCommand({ AutoScalingGroupName: group })),
      "ActiveInstanceRefreshNotFound",
    );
    return answer === "ActiveInstanceRefreshNotFound" ? "none active" : "cancelling";
  }

  async rollBackRefresh(group: string): Promise<"rolling back" | "none active" | "irreversible"> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const answer = await this.#call(
      "RollbackInstanceRefresh",
      async ({ autoScaling }) =>
        autoScaling.send(new sdk.RollbackInstanceRefreshCommand({ AutoScalingGroupName: group })),
      "ActiveInstanceRefreshNotFound",
      "IrreversibleInstanceRefresh",
    );
    if (answer === "ActiveInstanceRefreshNotFound") return "none active";
    return answer === "IrreversibleInstanceRefresh" ? "irreversible" : "rolling back";
  }

  async activities(group: string, since: Date | undefined): Promise<readonly ActivityView[]> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const answer = await this.#call("DescribeScalingActivities", async ({ autoScaling }) =>
      autoScaling.send(new sdk.DescribeScalingActivitiesCommand({ AutoScalingGroupName: group, MaxRecords: 100 })),
    );
    return (answer.Activities ?? [])
      .filter((activity) => !since || !activity.StartTime || activity.StartTime >= since)
      .map(toActivity);
  }

  async fleetsOf(component: string): Promise<readonly GroupView[]> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    const groups: GroupView[] = [];
    let next: string | undefined;
    do {
      const command = new sdk.DescribeAutoScalingGroupsCommand({
        Filters: [{ Name: `tag:${COMPONENT_TAG}`, Values: [component] }],
        ...(next ? { NextToken: next } : {}),
      });
      const answer = await this.#call("DescribeAutoScalingGroups", async ({ autoScaling }) =>
        autoScaling.send(command),
      );
      groups.push(...(answer.AutoScalingGroups ?? []).map(toGroup));
      next = answer.NextToken;
    } while (next);
    return groups;
  }

  unusedTargets(component: string): Promise<readonly LeftBehind[]> {
    return unusedTargetGroups((operation, send, ...expected) => this.#call(operation, send, ...expected), component);
  }

  async unusedParts(component: string): Promise<readonly LeftBehind[]> {
    const used = (await this.fleetsOf(component)).flatMap(({ template }) => (template ? [template.id] : []));
    return unusedTemplates(
      (operation, send, ...expected) => this.#call(operation, send, ...expected),
      component,
      new Set(used),
    );
  }

  /** AWS tells nowhere since when a target has been healthy (ELBv2 API, TargetHealth). */
  async seniority(group: GroupView): Promise<Seniority> {
    return { since: "started", moments: launchTimes(group.members, await this.activities(group.name, undefined)) };
  }

  /** A group registers a server as soon as it runs, so the load balancer knows all. */
  async troubles(): Promise<readonly string[]> {
    return [];
  }

  async setDesiredCapacity(group: string, desiredCapacity: number): Promise<void> {
    const sdk = await import("@aws-sdk/client-auto-scaling");
    // Without its cooldown: that is for autoscalers, and users wait for this.
    const command = new sdk.SetDesiredCapacityCommand({
      AutoScalingGroupName: group,
      DesiredCapacity: desiredCapacity,
      HonorCooldown: false,
    });
    await this.#call("SetDesiredCapacity", async ({ autoScaling }) => autoScaling.send(command));
  }

  targets(targetGroupArn: string): Promise<readonly TargetView[]> {
    return this.#balancer.targets(targetGroupArn);
  }

  forwardAction(entranceArn: string): Promise<ForwardAction | undefined> {
    return this.#balancer.forwardAction(entranceArn);
  }

  setForwardAction(entranceArn: string, action: ForwardAction): Promise<void> {
    return this.#balancer.setForwardAction(entranceArn, action);
  }

  rules(listenerArn: string): Promise<readonly RuleView[]> {
    return this.#balancer.rules(listenerArn);
  }

  listener(listenerArn: string): Promise<ListenerView | undefined> {
    return this.#balancer.listener(listenerArn);
  }

  listenerArns(loadBalancerArn: string): Promise<readonly string[]> {
    return this.#balancer.listenerArns(loadBalancerArn);
  }

  async listenerOf(entranceArn: string): Promise<string> {
    return listenerOf(entranceArn);
  }

  entranceTags(entranceArn: string): Promise<Readonly<Record<string, string>>> {
    return this.#balancer.tags(entranceArn);
  }

  async alarms(names: readonly string[]): Promise<readonly AlarmView[]> {
    if (names.length === 0) return []; // no names would mean every alarm
    const sdk = await import("@aws-sdk/client-cloudwatch");
    const command = new sdk.DescribeAlarmsCommand({
      AlarmNames: [...names],
      AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
      MaxRecords: Math.min(names.length, LONGEST_ALARM_PAGE),
    });
    const answer = await this.#call("DescribeAlarms", async ({ cloudWatch }) => (await cloudWatch()).send(command));
    return [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])].map(toAlarm);
  }

  async templateVersions(id: string, versions: readonly string[]): Promise<ReadonlyMap<string, TemplateData>> {
    const found = new Map<string, TemplateData>();
    if (versions.length === 0) return found;
    const sdk = await import("@aws-sdk/client-ec2");
    // A version that does not exist is left out of the answer or refused, so ask for each alone.
    for (const version of versions) {
      const answer = await this.#call(
        "DescribeLaunchTemplateVersions",
        async ({ ec2 }) =>
          ec2.send(new sdk.DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId: id, Versions: [version] })),
        "InvalidLaunchTemplateId.VersionNotFound",
        "InvalidLaunchTemplateId.NotFound",
      );
      const data = typeof answer === "string" ? undefined : answer.LaunchTemplateVersions?.[0]?.LaunchTemplateData;
      if (data) found.set(version, data as TemplateData);
    }
    return found;
  }

  async consoleTail(instanceId: string): Promise<string | undefined> {
    const sdk = await import("@aws-sdk/client-ec2");
    const { ec2 } = await this.#clients();
    try {
      const answer = await ec2.send(new sdk.GetConsoleOutputCommand({ InstanceId: instanceId }));
      const text = Buffer.from(answer.Output ?? "", "base64")
        .toString("utf8")
        .trimEnd();
      return text === "" ? undefined : text.split("\n").slice(-CONSOLE_LINES).join("\n");
    } catch (error) {
      // The console only adds to a report that is already being made; a role may well lack the right to read it.
      if (isAwsError(error)) return `(not available: ${error.name}: ${error.message})`;
      throw error;
    }
  }

  async #call<T, Expected extends string = never>(
    operation: string,
    send: (clients: Clients) => Promise<T>,
    ...expected: Expected[]
  ): Promise<T | Expected> {
    const clients = await this.#clients();
    return awsCall(this.subject, operation, () => send(clients), ...expected);
  }
}

/** DescribeAlarms answers at most so many at once (botocore model); it takes no more names than that either. */
const LONGEST_ALARM_PAGE = 100;

/** How much of a server's console is shown. */
const CONSOLE_LINES = 15;
