import type { EventEmitter } from "node:events";
import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { Clock } from "../clock.js";
import type { InstanceRuntime } from "../instances/runtime.js";
import type { Compute, InstanceView, LaunchRequest, ResolvedTemplate } from "../ports.js";
import type { Service } from "../service.js";
import { ClientTokens } from "./clientTokens.js";
import type { MeasuredInstance } from "./cpuMetrics.js";
import { imageOperations } from "./imageOperations.js";
import { Images, imageAliases } from "./images.js";
import type { InstanceFaults } from "./instanceFaults.js";
import { instanceOperations } from "./instanceOperations.js";
import { instanceStatusOperations } from "./instanceStatusOperations.js";
import { Instances } from "./instances.js";
import { instanceTypeOperations } from "./instanceTypes.js";
import { settle } from "./launchSettings.js";
import { launchTemplateOperations } from "./launchTemplateOperations.js";
import { LaunchTemplates, templateTags } from "./launchTemplates.js";
import { launchTemplateVersionOperations } from "./launchTemplateVersionOperations.js";
import { Network } from "./network.js";
import { regionOperations } from "./regionOperations.js";
import { securityGroupOperations } from "./securityGroupOperations.js";
import { securityGroupRuleOperations } from "./securityGroupRuleOperations.js";
import { SecurityGroups } from "./securityGroups.js";
import { subnetOperations } from "./subnetOperations.js";
import { tagOperations } from "./tagOperations.js";
import { Tags } from "./tags.js";
import { vpcOperations } from "./vpcOperations.js";

export interface Ec2Options {
  readonly clock: Clock;
  readonly runtime: InstanceRuntime;
  readonly log: Logger;
  readonly region: string;
  readonly accountId: string;
  /** Images that run a command (AMI id → command); their ids are listed by DescribeImages, whatever their form. */
  readonly imageCommands?: Readonly<Record<string, string>>;
  /** Looks an SSM parameter up for `resolve:ssm:` image ids; the public AMI parameters are known without it. */
  readonly parameter?: (name: string) => string | undefined;
  /** AWS seconds that an instance is `pending` before its process tree is started. @default 0 */
  readonly bootSeconds?: number;
  /** Most instances that may live at once. @default 256 */
  readonly maxInstances?: number;
}

/** EC2: networks, security groups, launch templates, images and instances. */
export class Ec2 implements Compute {
  readonly service: Service;
  readonly events: EventEmitter<{ state: [InstanceView] }>;
  private readonly network: Network;
  private readonly tags = new Tags();
  private readonly groups: SecurityGroups;
  private readonly images: Images;
  private readonly templates = new LaunchTemplates();
  private readonly instances: Instances;
  private readonly groupUsers: ((groupId: string) => string | undefined)[] = [];

  constructor(private readonly options: Ec2Options) {
    const { clock, runtime, log, region, accountId, imageCommands = {}, bootSeconds = 0, maxInstances = 256 } = options;
    const { tags, templates } = this;
    this.network = new Network(region, accountId);
    this.groups = new SecurityGroups(this.network, tags);
    this.images = new Images(region, accountId, log, Object.keys(imageCommands));
    this.instances = new Instances({ clock, runtime, log, network: this.network, tags, bootSeconds, maxInstances });
    this.events = this.instances.events;
    const { network, groups, images, instances } = this;
    const tokens = new ClientTokens();
    const sources = { ...this.settingsSources(), tags };
    this.groupUsers.push((groupId) => this.instanceUsing(groupId));
    this.service = {
      id: "ec2",
      operations: {
        ...vpcOperations(network, groups, tags),
        ...subnetOperations(network, tags, (subnetId) => this.subnetInUse(subnetId)),
        ...regionOperations(network),
        ...securityGroupOperations(network, groups, tags, (groupId) => this.userOfGroup(groupId)),
        ...securityGroupRuleOperations(network, groups, tags),
        ...launchTemplateOperations(templates, tags, tokens, accountId),
        ...launchTemplateVersionOperations(templates, accountId, (imageId) => this.resolveImage(imageId)),
        ...imageOperations(network, images, tags),
        ...instanceTypeOperations(),
        ...instanceOperations({ instances, templates, sources, tokens }),
        ...instanceStatusOperations(instances, runtime, sources),
        ...tagOperations(tags, (resourceId) => this.exists(resourceId)),
      },
    };
  }

  launch(request: LaunchRequest): InstanceView {
    const template = this.templates.find({ id: request.launchTemplateId });
    const version = this.templates.version(template, request.version);
    const own = request.instanceType ? { ...version.data, InstanceType: request.instanceType as never } : version.data;
    const settings = settle(own, request.subnetId, this.settingsSources());
    return this.instances.viewOf(
      this.instances.launch(settings, { ...templateTags(template, version), ...request.tags }),
    );
  }

  async terminate(instanceId: string): Promise<void> {
    await this.instances.terminate(this.instances.get(instanceId));
  }

  instance(instanceId: string): InstanceView | undefined {
    const instance = this.instances.find(instanceId);
    return instance && this.instances.viewOf(instance);
  }

  resolveTemplate(ref: { id?: string; name?: string; version?: string }): ResolvedTemplate {
    const template = this.templates.find(ref);
    const version = this.templates.version(template, ref.version);
    return {
      launchTemplateId: template.templateId,
      launchTemplateName: template.name,
      version: String(version.number),
      instanceType: version.data.InstanceType,
      imageId: version.data.ImageId,
    };
  }

  subnet(subnetId: string): ReturnType<Compute["subnet"]> {
    const subnet = this.network.findSubnet(subnetId);
    if (!subnet) return undefined;
    return {
      subnetId,
      vpcId: subnet.vpcId,
      availabilityZone: subnet.zone.name,
      // A zone without power takes no launch, so Auto Scaling goes to the others.
      availableIpAddressCount: this.instances.isLost(subnet.zone.name) ? 0 : subnet.addresses.available,
    };
  }

  /** The console output of an instance; undefined for one that is not known (any more). */
  async console(instanceId: string): Promise<string | undefined> {
    return this.instances.find(instanceId) && this.options.runtime.console(instanceId);
  }

  /** Replaces the faults in force; the instances of a lost zone are killed. Rejects with a RangeError for an unknown zone. */
  async setFaults(faults: InstanceFaults): Promise<void> {
    const zones = this.network.zones.map(({ name }) => name);
    const unknown = (faults.lostZones ?? []).filter((zone) => !zones.includes(zone));
    if (unknown.length > 0) {
      throw new RangeError(`There is no Availability Zone ${unknown.join(", ")}; there are ${zones.join(", ")}.`);
    }
    return this.instances.setFaults(faults);
  }

  /** Kills an instance as a power failure does, and it becomes `terminated`; false for one that is not known. */
  async powerFailure(instanceId: string): Promise<boolean> {
    const instance = this.instances.find(instanceId);
    if (instance) await this.instances.powerFailure(instance);
    return instance !== undefined;
  }

  /** Lets another service say that it uses a security group (a load balancer does), so that EC2 refuses to delete it. */
  addGroupUser(userOf: (groupId: string) => string | undefined): void {
    this.groupUsers.push(userOf);
  }

  /** Whether a security group exists, and in which VPC. */
  securityGroup(groupId: string): { groupId: string; vpcId: string } | undefined {
    return this.groups.has(groupId) ? this.groups.get(groupId) : undefined;
  }

  /** The default security group of a VPC. */
  defaultSecurityGroup(vpcId: string): string {
    return this.groups.defaultOf(vpcId).groupId;
  }

  /** The running instances, as their metrics need them. */
  measured(): MeasuredInstance[] {
    return this.instances
      .live()
      .filter(({ state }) => state === "running")
      .map(({ instanceId, settings: { imageId, instanceType, data } }) => ({
        instanceId,
        imageId,
        instanceType,
        isDetailed: data.Monitoring?.Enabled === true,
        group: this.tags.of(instanceId)["aws:autoscaling:groupName"],
      }));
  }

  /** Ends every instance without grace. The runtime itself is closed by its owner. */
  close(): Promise<void> {
    return this.instances.close();
  }

  private settingsSources() {
    const { network, groups, images } = this;
    return { network, groups, images, resolveImage: (imageId: string) => this.resolveImage(imageId) };
  }

  private resolveImage(imageId: string): string {
    const name = /^resolve:ssm:(.+)$/.exec(imageId)?.[1];
    if (name === undefined) return imageId;
    const value = this.options.parameter?.(name) ?? imageAliases(this.options.region)[name];
    if (value !== undefined) return value;
    throw new AwsError(
      "InvalidParameterValue",
      `Could not resolve SSM parameter: ${name}. There is no such parameter.`,
    );
  }

  private exists(resourceId: string): boolean {
    const { network, groups, templates, instances, images } = this;
    return (
      network.hasVpc(resourceId) ||
      network.findSubnet(resourceId) !== undefined ||
      network.listVpcs().some(({ routeTableId }) => routeTableId === resourceId) ||
      groups.has(resourceId) ||
      groups.hasRule(resourceId) ||
      templates.has(resourceId) ||
      images.has(resourceId) ||
      instances.find(resourceId) !== undefined ||
      instances.live().some(({ interfaceId }) => interfaceId === resourceId)
    );
  }

  private subnetInUse(subnetId: string): boolean {
    return this.instances.list().some((i) => i.state !== "terminated" && i.settings.subnet.subnetId === subnetId);
  }

  private instanceUsing(groupId: string): string | undefined {
    const user = this.instances.list().find((i) => i.state !== "terminated" && i.settings.groupIds.includes(groupId));
    return user?.interfaceId;
  }

  private userOfGroup(groupId: string): string | undefined {
    for (const userOf of this.groupUsers) {
      const user = userOf(groupId);
      if (user !== undefined) return user;
    }
    return undefined;
  }
}
