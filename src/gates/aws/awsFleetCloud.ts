import type { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type {
  ActivityView,
  FleetCloud,
  GroupView,
  RefreshOrder,
  RefreshView,
  TargetView,
  TemplateData,
  TemplateRef,
} from "../fleetCloud.js";
import { awsCall, isAwsError } from "./awsCall.js";
import { toActivity, toGroup, toRefresh, toTarget } from "./views.js";

/** The clients that gates use. */
export interface Clients {
  readonly autoScaling: AutoScalingClient;
  readonly loadBalancing: ElasticLoadBalancingV2Client;
  readonly ec2: EC2Client;
}

/** AWS as gates see it, through the SDK. The SDK itself is loaded on first use: importing Hitless stays cheap. */
export class AwsFleetCloud implements FleetCloud {
  readonly #clients: () => Promise<Clients>;

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

  async targets(targetGroupArn: string): Promise<readonly TargetView[]> {
    const sdk = await import("@aws-sdk/client-elastic-load-balancing-v2");
    const answer = await this.#call("DescribeTargetHealth", async ({ loadBalancing }) =>
      loadBalancing.send(new sdk.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })),
    );
    return (answer.TargetHealthDescriptions ?? []).map(toTarget);
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

/** How much of a server's console is shown. */
const CONSOLE_LINES = 15;
