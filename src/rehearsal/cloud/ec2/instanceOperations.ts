import type {
  DescribeInstancesCommandInput,
  DescribeInstancesCommandOutput,
  RequestLaunchTemplateData,
  Reservation,
  RunInstancesCommandInput,
  RunInstancesCommandOutput,
  TerminateInstancesCommandInput,
  TerminateInstancesCommandOutput,
} from "@aws-sdk/client-ec2";
import { AwsError } from "../awsError.js";
import type { Operation, Out } from "../service.js";
import type { ClientTokens } from "./clientTokens.js";
import { applyFilters } from "./filters.js";
import { newId } from "./ids.js";
import { type Instance, stateCodes } from "./instance.js";
import { instanceFilters } from "./instanceFilters.js";
import { instanceShape, type ShapeSources } from "./instanceShape.js";
import type { Instances } from "./instances.js";
import { type SettingsSources, settle } from "./launchSettings.js";
import { type LaunchTemplates, templateTags } from "./launchTemplates.js";
import { invalidParameter, required, serve } from "./operation.js";
import { pageOf } from "./pages.js";
import { specifiedTags } from "./tags.js";

/** Members of RunInstances that a launch template's data has as well, under the same name. */
const sharedMembers = [
  "BlockDeviceMappings",
  "CapacityReservationSpecification",
  "CpuOptions",
  "CreditSpecification",
  "DisableApiStop",
  "DisableApiTermination",
  "EbsOptimized",
  "EnclaveOptions",
  "HibernationOptions",
  "IamInstanceProfile",
  "ImageId",
  "InstanceInitiatedShutdownBehavior",
  "InstanceMarketOptions",
  "InstanceType",
  "KernelId",
  "KeyName",
  "LicenseSpecifications",
  "MaintenanceOptions",
  "MetadataOptions",
  "Monitoring",
  "NetworkInterfaces",
  "NetworkPerformanceOptions",
  "Placement",
  "PrivateDnsNameOptions",
  "SecurityGroupIds",
  "SecurityGroups",
  "UserData",
] as const;

export interface InstanceOperationsOptions {
  readonly instances: Instances;
  readonly templates: LaunchTemplates;
  readonly sources: SettingsSources & ShapeSources;
  readonly tokens: ClientTokens;
}

/** Running, describing and terminating instances. */
export function instanceOperations(options: InstanceOperationsOptions): Record<string, Operation> {
  const { instances, sources, tokens } = options;
  const { network, tags } = sources;
  const reservation = (reservationId: string, members: readonly Instance[]): Reservation => ({
    ReservationId: reservationId,
    OwnerId: network.accountId,
    Groups: [],
    Instances: members.map((instance) => instanceShape(instance, sources)),
  });
  const run = serve<RunInstancesCommandInput, Out<RunInstancesCommandOutput>>(
    "RunInstances",
    [
      ...sharedMembers,
      "MinCount",
      "MaxCount",
      "SubnetId",
      "PrivateIpAddress",
      "LaunchTemplate",
      "TagSpecifications",
      "ClientToken",
    ],
    (input) => {
      const reservationId = newId("r");
      return reservation(reservationId, runInstances(input, reservationId, options));
    },
  );
  return {
    RunInstances: tokens.once("RunInstances", run),
    DescribeInstances: serve<DescribeInstancesCommandInput, Out<DescribeInstancesCommandOutput>>(
      "DescribeInstances",
      ["InstanceIds", "Filters", "MaxResults", "NextToken"],
      (input) => {
        if (input.InstanceIds?.length && input.MaxResults !== undefined) {
          throw new AwsError(
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
          );
        }
        const chosen = input.InstanceIds?.length ? input.InstanceIds.map((id) => instances.get(id)) : instances.list();
        const found = applyFilters(chosen, input.Filters, instanceFilters(sources), (i) => tags.of(i.instanceId));
        const page = pageOf(found, input);
        const byReservation = new Map<string, Instance[]>();
        for (const instance of page.items) {
          byReservation.set(instance.reservationId, [...(byReservation.get(instance.reservationId) ?? []), instance]);
        }
        return {
          Reservations: [...byReservation].map(([id, members]) => reservation(id, members)),
          NextToken: page.nextToken,
        };
      },
    ),
    TerminateInstances: serve<TerminateInstancesCommandInput, Out<TerminateInstancesCommandOutput>>(
      "TerminateInstances",
      ["InstanceIds"],
      (input) => {
        const ids = required(input.InstanceIds?.length ? input.InstanceIds : undefined, "InstanceId");
        const chosen = ids.map((id) => instances.get(id));
        const guarded = chosen.find(({ terminationProtected, isLive }) => terminationProtected && isLive);
        if (guarded) {
          throw new AwsError(
            "OperationNotPermitted",
            `The instance '${guarded.instanceId}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.`,
          );
        }
        return {
          TerminatingInstances: chosen.map((instance) => {
            const before = instance.state;
            void instances.terminate(instance);
            return {
              InstanceId: instance.instanceId,
              PreviousState: { Name: before, Code: stateCodes[before] },
              CurrentState: { Name: instance.state, Code: stateCodes[instance.state] },
            };
          }),
        };
      },
    ),
  };
}

function runInstances(
  input: RunInstancesCommandInput,
  reservationId: string,
  { instances, templates, sources }: InstanceOperationsOptions,
): Instance[] {
  const [least, most] = [required(input.MinCount, "MinCount"), required(input.MaxCount, "MaxCount")];
  if (least < 1 || most < least) {
    throw invalidParameter(`MinCount (${least}) must be at least 1 and at most MaxCount (${most}).`);
  }
  if (input.PrivateIpAddress !== undefined && most > 1) {
    throw new AwsError("InvalidParameterCombination", "A private IP address can be given to one instance only.");
  }
  // A launch makes volumes and interfaces as well; their tags are accepted and have no resource here to hang on.
  const ownTags = specifiedTags(input.TagSpecifications, "instance", [
    "volume",
    "network-interface",
    "spot-instances-request",
  ]);
  const { data, serviceTags } = mergedData(input, templates);
  const settings = settle(data, input.SubnetId, sources);
  const free = settings.subnet.addresses.available;
  if (free < least) {
    throw new AwsError(
      "InsufficientFreeAddressesInSubnet",
      `There are not enough free addresses in subnet '${settings.subnet.subnetId}' to satisfy the requested number of instances.`,
    );
  }
  const own =
    input.PrivateIpAddress === undefined ? settings : { ...settings, privateIpAddress: input.PrivateIpAddress };
  const count = Math.min(most, free);
  return Array.from({ length: count }, (_, index) =>
    instances.launch(own, { ...ownTags, ...serviceTags }, reservationId, index),
  );
}

/** The template's data, if one is named, with the call's parameters over it ("any parameters that you specify override"). */
function mergedData(
  input: RunInstancesCommandInput,
  templates: LaunchTemplates,
): { data: RequestLaunchTemplateData; serviceTags: Record<string, string> } {
  const own = Object.fromEntries(
    sharedMembers.map((member) => [member, input[member]] as const).filter(([, value]) => value !== undefined),
  ) as RequestLaunchTemplateData;
  if (!input.LaunchTemplate) return { data: own, serviceTags: {} };
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version } = input.LaunchTemplate;
  const template = templates.find({ id, name });
  const version = templates.version(template, Version);
  return { data: { ...version.data, ...own }, serviceTags: templateTags(template, version) };
}
