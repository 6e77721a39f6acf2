/** A numbered version of a launch template. */
export interface TemplateRef {
  readonly id: string;
  readonly version: string;
}

/** An Auto Scaling group as gates see it. */
export interface GroupView {
  readonly name: string;
  readonly arn: string;
  readonly desiredCapacity: number;
  readonly minSize: number;
  readonly maxSize: number;
  readonly targetGroupArns: readonly string[];
  readonly template?: TemplateRef;
  readonly suspendedProcesses: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  readonly members: readonly MemberView[];
}

/** A server of a group. */
export interface MemberView {
  readonly instanceId: string;
  /** `Pending`, `InService`, `Terminating:Wait` … (EC2 Auto Scaling user guide, instance lifecycle). */
  readonly lifecycle: string;
  /** False once the group has decided to replace it. */
  readonly healthy: boolean;
  readonly template?: TemplateRef;
}

/** An instance refresh. */
export interface RefreshView {
  readonly id: string;
  readonly status: RefreshStatus;
  readonly reason?: string;
  readonly rollbackReason?: string;
  readonly percentComplete: number;
  readonly startedAt?: Date;
  readonly template?: TemplateRef;
}

export type RefreshStatus =
  | "Pending"
  | "InProgress"
  | "Baking"
  | "Cancelling"
  | "RollbackInProgress"
  | "Successful"
  | "Failed"
  | "Cancelled"
  | "RollbackSuccessful"
  | "RollbackFailed";

/** A launch or termination that the group undertook. */
export interface ActivityView {
  readonly description: string;
  readonly cause: string;
  readonly status: string;
  readonly message?: string;
  readonly startedAt?: Date;
}

/** A server in the load balancer's eyes. */
export interface TargetView {
  readonly instanceId: string;
  readonly state: string;
  readonly reason?: string;
  readonly description?: string;
}

/** A target group in a forward action, with the weight as AWS keeps it: a whole number from 0 to 999, of which only the ratio counts. */
export interface ForwardTarget {
  readonly targetGroupArn: string;
  readonly weight: number;
}

/** The forward action of a listener's default or of a rule. */
export interface ForwardAction {
  readonly targets: readonly ForwardTarget[];
  /** How long a user stays on the target group that served first; absent when it is off. */
  readonly stickinessSeconds?: number;
}

/** A listener rule, as far as gates look at it. */
export interface RuleView {
  readonly arn: string;
  /** `default`, or the number as text. */
  readonly priority: string;
  /** Every target group that its actions forward to. */
  readonly targetGroupArns: readonly string[];
  /** Header name (lower case) to the values that it asks for. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** Where a listener is reached. */
export interface ListenerView {
  readonly arn: string;
  readonly protocol: string;
  readonly port: number;
  readonly dnsName: string;
}

/** A CloudWatch alarm. */
export interface AlarmView {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason?: string;
}

/** What a launch template version holds, as AWS describes it. */
export type TemplateData = Readonly<Record<string, unknown>>;

/** What an instance refresh is asked to do. */
export interface RefreshOrder {
  readonly group: string;
  readonly template: TemplateRef;
  readonly minHealthyPercentage: number;
  readonly maxHealthyPercentage: number;
  readonly warmupSeconds: number;
  readonly bakeSeconds: number;
  readonly alarmNames: readonly string[];
  /** Return to the group's configuration when the refresh fails. */
  readonly autoRollback: boolean;
}

/** What gates need of AWS, and nothing else; tests bring their own. */
export interface FleetCloud {
  group(name: string): Promise<GroupView | undefined>;
  /** Newest first. */
  refreshes(group: string): Promise<readonly RefreshView[]>;
  /** Answers the refresh's id, or `busy` when another one is active. */
  startRefresh(order: RefreshOrder): Promise<{ readonly id: string } | "busy">;
  /** Sets the version that a group starts servers with, and to which AWS rolls back; replaces none. */
  setTemplate(group: string, template: TemplateRef): Promise<void>;
  /** Stops the active refresh where it is. */
  cancelRefresh(group: string): Promise<"cancelling" | "none active">;
  /** Returns to the configuration before the active refresh. */
  rollBackRefresh(group: string): Promise<"rolling back" | "none active" | "irreversible">;
  /** Newest first, those that began since a time. */
  activities(group: string, since: Date | undefined): Promise<readonly ActivityView[]>;
  targets(targetGroupArn: string): Promise<readonly TargetView[]>;
  /** What versions of a template hold; versions that do not exist are left out. */
  templateVersions(id: string, versions: readonly string[]): Promise<ReadonlyMap<string, TemplateData>>;
  /** The forward action of a listener or of a rule, by its ARN; undefined when it does not exist or does not forward. */
  forwardAction(entranceArn: string): Promise<ForwardAction | undefined>;
  /** Replaces the forward action of a listener or of a rule as a whole, in one call. */
  setForwardAction(entranceArn: string, action: ForwardAction): Promise<void>;
  /** The rules of a listener. */
  rules(listenerArn: string): Promise<readonly RuleView[]>;
  listener(listenerArn: string): Promise<ListenerView | undefined>;
  /** The listeners of a load balancer, by their ARNs. */
  listenerArns(loadBalancerArn: string): Promise<readonly string[]>;
  /** The tags of a listener or of a rule. */
  entranceTags(entranceArn: string): Promise<Readonly<Record<string, string>>>;
  /** Groups that carry a tag with a value. */
  groupsTagged(key: string, value: string): Promise<readonly GroupView[]>;
  setDesiredCapacity(group: string, desiredCapacity: number): Promise<void>;
  /** Alarms by name; those that do not exist are left out. */
  alarms(names: readonly string[]): Promise<readonly AlarmView[]>;
  /** The last lines of a server's console, if there are any yet. */
  consoleTail(instanceId: string): Promise<string | undefined>;
}
