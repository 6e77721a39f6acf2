import type {
  DescribeInstanceAttributeCommandInput,
  DescribeInstanceAttributeCommandOutput,
  DescribeInstanceStatusCommandInput,
  DescribeInstanceStatusCommandOutput,
  DescribeNetworkInterfacesCommandInput,
  DescribeNetworkInterfacesCommandOutput,
  GetConsoleOutputCommandInput,
  GetConsoleOutputCommandOutput,
  ModifyInstanceAttributeCommandInput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { InstanceRuntime } from "../instances/runtime.js";
import type { Operation, Out } from "../service.js";
import { absent, applyFilters, type FilterTable } from "./filters.js";
import { type Instance, stateCodes } from "./instance.js";
import { groupIdentifiers, interfaceShape, privateDnsName, type ShapeSources } from "./instanceShape.js";
import type { Instances } from "./instances.js";
import { required, serve } from "./operation.js";
import { pageOf } from "./pages.js";

/** Both status checks look at the machine, not at the application: a running instance passes them. */
function statusOf(instance: Instance): {
  status: "ok" | "initializing" | "not-applicable";
  reachability?: "passed" | "initializing";
} {
  if (instance.state === "running") return { status: "ok", reachability: "passed" };
  if (instance.state === "pending") return { status: "initializing", reachability: "initializing" };
  return { status: "not-applicable" };
}

const statusFilters: FilterTable<Instance> = {
  "availability-zone": (instance) => instance.settings.subnet.zone.name,
  "availability-zone-id": (instance) => instance.settings.subnet.zone.id,
  "instance-state-code": (instance) => stateCodes[instance.state],
  "instance-state-name": (instance) => instance.state,
  "instance-status.reachability": (instance) => statusOf(instance).reachability,
  "instance-status.status": (instance) => statusOf(instance).status,
  "system-status.reachability": (instance) => statusOf(instance).reachability,
  "system-status.status": (instance) => statusOf(instance).status,
  ...absent(
    "event.code",
    "event.description",
    "event.instance-event-id",
    "event.not-after",
    "event.not-before",
    "event.not-before-deadline",
    "operator.managed",
    "operator.principal",
    "attached-ebs-status.status",
    "application-status.status",
  ),
};

/** What instances look like from outside: status checks, console, single attributes, network interfaces. */
export function instanceStatusOperations(
  instances: Instances,
  runtime: InstanceRuntime,
  sources: ShapeSources,
): Record<string, Operation> {
  const { tags } = sources;
  return {
    DescribeInstanceStatus: serve<DescribeInstanceStatusCommandInput, Out<DescribeInstanceStatusCommandOutput>>(
      "DescribeInstanceStatus",
      ["InstanceIds", "IncludeAllInstances", "Filters", "MaxResults", "NextToken"],
      (input) => {
        const chosen = input.InstanceIds?.length ? input.InstanceIds.map((id) => instances.get(id)) : instances.list();
        // "By default, only running instances are described" (botocore model).
        const visible = chosen.filter(({ state }) => input.IncludeAllInstances || state === "running");
        const page = pageOf(applyFilters(visible, input.Filters, statusFilters), input);
        return { InstanceStatuses: page.items.map(statusShape), NextToken: page.nextToken };
      },
    ),
    GetConsoleOutput: serve<GetConsoleOutputCommandInput, Out<GetConsoleOutputCommandOutput>>(
      "GetConsoleOutput",
      ["InstanceId", "Latest"],
      async (input) => {
        const { instanceId } = instances.get(required(input.InstanceId, "InstanceId"));
        const text = await runtime.console(instanceId);
        return { InstanceId: instanceId, Output: Buffer.from(text, "utf8").toString("base64"), Timestamp: new Date() };
      },
    ),
    DescribeInstanceAttribute: serve<
      DescribeInstanceAttributeCommandInput,
      Out<DescribeInstanceAttributeCommandOutput>
    >("DescribeInstanceAttribute", ["InstanceId", "Attribute"], (input) =>
      attributeShape(instances.get(required(input.InstanceId, "InstanceId")), input.Attribute, sources),
    ),
    ModifyInstanceAttribute: serve<ModifyInstanceAttributeCommandInput, object>(
      "ModifyInstanceAttribute",
      ["InstanceId", "DisableApiTermination"],
      (input) => {
        const instance = instances.get(required(input.InstanceId, "InstanceId"));
        instance.terminationProtected = required(input.DisableApiTermination?.Value, "DisableApiTermination.Value");
        return {};
      },
    ),
    DescribeNetworkInterfaces: serve<
      DescribeNetworkInterfacesCommandInput,
      Out<DescribeNetworkInterfacesCommandOutput>
    >("DescribeNetworkInterfaces", ["NetworkInterfaceIds", "Filters", "MaxResults", "NextToken"], (input) => {
      const all = instances.list().filter(({ state }) => state !== "terminated");
      const chosen = (input.NetworkInterfaceIds?.length ? input.NetworkInterfaceIds : undefined)?.map((id) => {
        const instance = all.find(({ interfaceId }) => interfaceId === id);
        if (instance) return instance;
        throw new AwsError("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`);
      });
      const found = applyFilters(chosen ?? all, input.Filters, interfaceFilters(sources), (i) =>
        tags.of(i.interfaceId),
      );
      const page = pageOf(found, input);
      return { NetworkInterfaces: page.items.map((i) => interfaceShape(i, sources)), NextToken: page.nextToken };
    }),
  };
}

function statusShape(instance: Instance) {
  const { status, reachability } = statusOf(instance);
  const Details = reachability ? [{ Name: "reachability" as const, Status: reachability }] : [];
  return {
    InstanceId: instance.instanceId,
    AvailabilityZone: instance.settings.subnet.zone.name,
    InstanceState: { Name: instance.state, Code: stateCodes[instance.state] },
    InstanceStatus: { Status: status, Details },
    SystemStatus: { Status: status, Details },
    Events: [],
  };
}

function attributeShape(
  instance: Instance,
  attribute: string | undefined,
  { images, groups }: ShapeSources,
): Out<DescribeInstanceAttributeCommandOutput> {
  const { settings } = instance;
  const { data } = settings;
  const InstanceId = instance.instanceId;
  switch (required(attribute, "Attribute")) {
    case "disableApiTermination":
      return { InstanceId, DisableApiTermination: { Value: instance.terminationProtected } };
    case "disableApiStop":
      return { InstanceId, DisableApiStop: { Value: data.DisableApiStop ?? false } };
    case "ebsOptimized":
      return { InstanceId, EbsOptimized: { Value: data.EbsOptimized ?? false } };
    case "enaSupport":
      return { InstanceId, EnaSupport: { Value: true } };
    case "groupSet":
      return { InstanceId, Groups: groupIdentifiers(settings.groupIds, groups) };
    case "instanceInitiatedShutdownBehavior":
      return {
        InstanceId,
        InstanceInitiatedShutdownBehavior: { Value: data.InstanceInitiatedShutdownBehavior ?? "stop" },
      };
    case "instanceType":
      return { InstanceId, InstanceType: { Value: settings.instanceType } };
    case "rootDeviceName":
      return { InstanceId, RootDeviceName: { Value: images.get(settings.imageId).rootDeviceName } };
    case "sourceDestCheck":
      return { InstanceId, SourceDestCheck: { Value: true } };
    case "userData":
      return { InstanceId, UserData: { Value: settings.userData } };
    default:
      throw new AwsError(
        "UnsupportedOperation",
        `The local cloud does not serve the instance attribute '${attribute}'.`,
      );
  }
}

function interfaceFilters({ network }: ShapeSources): FilterTable<Instance> {
  const dns = (instance: Instance): string => privateDnsName(instance.privateIpAddress, network.region);
  return {
    "addresses.primary": () => true,
    "addresses.private-ip-address": (instance) => instance.privateIpAddress,
    "attachment.attach-time": (instance) => new Date(instance.launchTime).toISOString(),
    "attachment.attachment-id": (instance) => instance.interfaceAttachmentId,
    "attachment.delete-on-termination": () => true,
    "attachment.device-index": () => 0,
    "attachment.instance-id": (instance) => instance.instanceId,
    "attachment.instance-owner-id": () => network.accountId,
    "attachment.status": () => "attached",
    "availability-zone": (instance) => instance.settings.subnet.zone.name,
    "availability-zone-id": (instance) => instance.settings.subnet.zone.id,
    description: () => "",
    "group-id": (instance) => instance.settings.groupIds,
    "interface-type": () => "interface",
    "mac-address": (instance) => instance.macAddress,
    "network-interface-id": (instance) => instance.interfaceId,
    "owner-id": () => network.accountId,
    "private-dns-name": dns,
    "private-ip-address": (instance) => instance.privateIpAddress,
    "requester-managed": () => false,
    "source-dest-check": () => true,
    status: () => "in-use",
    "subnet-id": (instance) => instance.settings.subnet.subnetId,
    "vpc-id": (instance) => instance.settings.subnet.vpcId,
    ...absent(
      "addresses.association.owner-id",
      "addresses.association.public-ip",
      "association.allocation-id",
      "association.association-id",
      "association.ip-owner-id",
      "association.public-dns-name",
      "association.public-ip",
      "ipv6-addresses.ipv6-address",
      "operator.managed",
      "operator.principal",
      "requester-id",
    ),
  };
}
