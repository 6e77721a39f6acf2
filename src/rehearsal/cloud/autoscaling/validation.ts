import type {
  CreateAutoScalingGroupCommandInput,
  UpdateAutoScalingGroupCommandInput,
} from "@aws-sdk/client-auto-scaling";
import type { Environment } from "./environment.js";
import { invalid, notServed } from "./faults.js";
import type { GroupSettings } from "./group.js";
import { TERMINATION_POLICIES } from "./termination.js";

type GroupInput = Partial<CreateAutoScalingGroupCommandInput> & Partial<UpdateAutoScalingGroupCommandInput>;

/** Inputs that AWS takes and this cloud cannot honour; each is refused by name. Values that mean "off" pass. */
export function refuseUnserved(input: GroupInput): void {
  const template = "Use LaunchTemplate.";
  const zones = "Name subnets in VPCZoneIdentifier.";
  const refusals: readonly (readonly [name: string, given: boolean, instead: string])[] = [
    ["LaunchConfigurationName", Boolean(input.LaunchConfigurationName), template],
    ["MixedInstancesPolicy", input.MixedInstancesPolicy !== undefined, template],
    ["InstanceId", Boolean(input.InstanceId), template],
    ["LoadBalancerNames (classic load balancers)", (input.LoadBalancerNames?.length ?? 0) > 0, "Use TargetGroupARNs."],
    ["AvailabilityZones", (input.AvailabilityZones?.length ?? 0) > 0 && !input.VPCZoneIdentifier, zones],
    ["AvailabilityZoneIds", (input.AvailabilityZoneIds?.length ?? 0) > 0, zones],
    ["PlacementGroup", Boolean(input.PlacementGroup), "Leave it out."],
    ["CapacityRebalance", input.CapacityRebalance === true, "There are no Spot Instances here; leave it out."],
    ["MaxInstanceLifetime", (input.MaxInstanceLifetime ?? 0) > 0, "Leave it out."],
    ["Context", Boolean(input.Context), "Leave it out."],
    ["DesiredCapacityType", (input.DesiredCapacityType ?? "units") !== "units", "Use units."],
    [
      "AvailabilityZoneDistribution",
      (input.AvailabilityZoneDistribution?.CapacityDistributionStrategy ?? "balanced-best-effort") !==
        "balanced-best-effort",
      "Use balanced-best-effort.",
    ],
    [
      "AvailabilityZoneImpairmentPolicy",
      input.AvailabilityZoneImpairmentPolicy?.ZonalShiftEnabled === true,
      "Leave it out.",
    ],
    ["SkipZonalShiftValidation", input.SkipZonalShiftValidation === true, "Leave it out."],
    [
      "CapacityReservationSpecification",
      (input.CapacityReservationSpecification?.CapacityReservationPreference ?? "default") !== "default" ||
        input.CapacityReservationSpecification?.CapacityReservationTarget !== undefined,
      "Leave it out.",
    ],
    [
      "InstanceLifecyclePolicy",
      (input.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon ?? "terminate") !== "terminate",
      "Use terminate.",
    ],
    ["Operator", input.Operator !== undefined, "Leave it out."],
  ];
  const refused = refusals.filter(([, given]) => given);
  const first = refused[0];
  if (first) throw notServed(refused.map(([name]) => name).join(", "), first[2]);
}

export function checkName(name: string | undefined): string {
  if (!name || name.length > 255 || name.includes(":")) {
    throw invalid(
      `1 validation error detected: Value '${name ?? ""}' at 'autoScalingGroupName' failed to satisfy constraint: 1 to 255 characters, without a colon`,
    );
  }
  return name;
}

/** min ≤ desired ≤ max, in AWS's sentences. */
export function checkCapacity(min: number, desired: number, max: number): void {
  for (const [name, value] of [
    ["Min size", min],
    ["Max size", max],
    ["Desired capacity", desired],
  ] as const) {
    if (!Number.isInteger(value) || value < 0)
      throw invalid(`${name} must be a non-negative whole number, not ${value}.`);
  }
  if (max < min) throw invalid(`Max bound, ${max}, must be greater than or equal to min bound, ${min}`);
  if (desired < min || desired > max) {
    throw invalid(`Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`);
  }
}

export function readSubnets(env: Environment, identifier: string | undefined): string[] {
  const ids = (identifier ?? "")
    .split(",")
    .map((id) => id.trim())
    .filter(Boolean);
  if (ids.length === 0) throw invalid("At least one Availability Zone or VPC Subnet is required.");
  const missing = ids.filter((id) => !env.compute.subnet(id));
  if (missing.length > 0) {
    const list = missing.map((id) => `'${id}'`).join(", ");
    throw invalid(`The subnet ID ${list} does not exist`);
  }
  if (new Set(ids.map((id) => env.compute.subnet(id)?.vpcId)).size > 1) {
    throw invalid("The subnets of an Auto Scaling group must belong to one VPC.");
  }
  return ids;
}

export function readHealthCheckTypes(given: string | undefined): string[] {
  const types = (given ?? "EC2")
    .split(",")
    .map((type) => type.trim())
    .filter(Boolean);
  const unserved = types.filter((type) => type === "EBS" || type === "VPC_LATTICE");
  if (unserved.length > 0) throw notServed(`Health check type ${unserved.join(", ")}`, "Use EC2 or ELB.");
  const unknown = types.find((type) => type !== "EC2" && type !== "ELB");
  if (unknown !== undefined || types.length === 0) {
    throw invalid(`Unsupported health check type '${unknown ?? ""}'. Valid values are EC2, EBS, ELB and VPC_LATTICE.`);
  }
  return [...new Set(types)];
}

export function readTerminationPolicies(given: readonly string[] | undefined): string[] {
  const policies = given?.length ? [...given] : ["Default"];
  for (const policy of policies) {
    if (policy.startsWith("arn:"))
      throw notServed("A termination policy that is a Lambda function", "Use a predefined policy.");
    if (!TERMINATION_POLICIES.some((known) => known === policy)) {
      throw invalid(`Unsupported termination policy '${policy}'. Valid values are ${TERMINATION_POLICIES.join(", ")}.`);
    }
  }
  return policies;
}

export function readSeconds(name: string, value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw invalid(`${name} is ${value}, expected a whole number of seconds from 0 to ${max}.`);
  }
  return value;
}

/** botocore model, InstanceMaintenancePolicy: min 0–100, max 100–200, both or neither, at most 100 apart; −1 clears. */
export function readMaintenancePolicy(
  given: CreateAutoScalingGroupCommandInput["InstanceMaintenancePolicy"],
): GroupSettings["maintenancePolicy"] {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = given ?? {};
  if (min === undefined && max === undefined) return undefined;
  if (min === undefined || max === undefined) {
    throw invalid("An instance maintenance policy needs both MinHealthyPercentage and MaxHealthyPercentage.");
  }
  if (min === -1 && max === -1) return undefined;
  if (min < 0 || min > 100 || max < 100 || max > 200 || max - min > 100) {
    throw invalid(
      `The instance maintenance policy MinHealthyPercentage ${min}, MaxHealthyPercentage ${max} must be 0 to 100 and 100 to 200, at most 100 apart.`,
    );
  }
  return { min, max };
}

export function readDeletionProtection(given: string | undefined): string {
  const value = given ?? "none";
  if (!["none", "prevent-force-deletion", "prevent-all-deletion"].includes(value)) {
    throw invalid(`DeletionProtection '${value}' must be none, prevent-force-deletion or prevent-all-deletion.`);
  }
  return value;
}
