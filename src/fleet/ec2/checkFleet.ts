import type * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../../errors/known.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import { type BatchRule, batchOf } from "../../plan/batches.js";
import { refreshPercentages } from "../../plan/percentages.js";
import { checkOwned } from "../checkOwned.js";
import { checkSizes } from "../checkSizes.js";
import type { FleetPlan } from "../platform.js";
import type { FleetArgs, ScalingArgs } from "./fleetArgs.js";

/** Fleet arguments with defaults, whose known values have been checked. */
export interface Ec2Plan extends Omit<FleetArgs, "minSize" | "maxSize" | "port">, FleetPlan {
  readonly minSize: number;
  readonly desiredCapacity: number;
  readonly maxSize: number;
  readonly port: pulumi.Input<number>;
}

const KEYS = [
  "vpcId",
  "subnetIds",
  "desiredCapacity",
  "minSize",
  "maxSize",
  "port",
  "securityGroupIds",
  "loadBalancerSecurityGroupIds",
  "instanceProfileArn",
  "scaling",
  "tags",
  "launchTemplate",
  "group",
] as const satisfies readonly (keyof FleetArgs)[];

/** What the rollout relies on: an override would make it roll out something else than the diff shows. */
const OWNED_TEMPLATE = [
  "imageId",
  "instanceType",
  "userData",
  "iamInstanceProfile",
  "securityGroupNames",
  "vpcSecurityGroupIds",
  "tagSpecifications",
  "updateDefaultVersion",
  "defaultVersion",
];
const OWNED_GROUP = [
  "desiredCapacity",
  "minSize",
  "maxSize",
  "launchTemplate",
  "launchConfiguration",
  "mixedInstancesPolicy",
  "instanceRefresh",
  "targetGroupArns",
  "trafficSources",
  "vpcZoneIdentifiers",
  "healthCheckType",
  "healthCheckGracePeriod",
  "defaultInstanceWarmup",
  "tags",
];

const PATH = "fleet.";

/** @param batch how its servers are replaced: the maximum has to leave room for that */
export function checkFleet(args: FleetArgs, faults: Faults, batch: BatchRule): Ec2Plan {
  onlyKnown(faults, PATH, args, KEYS);
  required(faults, PATH, args, ["vpcId", "subnetIds", "desiredCapacity"]);
  checkSizes(args, faults);
  checkNetwork(args, faults);
  checkScaling(args.scaling, args, faults);
  checkOwned(faults, "launchTemplate", args.launchTemplate, OWNED_TEMPLATE);
  checkOwned(faults, "group", args.group, OWNED_GROUP);
  const scaling = args.scaling && checkMeasure(args.scaling, faults);
  const port = faults.input(args.port ?? 80, wholeNumber("fleet.port", "HIT143", 1, 65535));
  return {
    ...args,
    autoscaled: args.scaling !== undefined,
    place: { vpcId: args.vpcId, port, targetType: "instance" },
    minSize: args.minSize ?? args.desiredCapacity,
    maxSize: args.maxSize ?? args.desiredCapacity + headroom(args, batch),
    ...(scaling ? { scaling } : {}),
    port,
    subnetIds: faults.input(args.subnetIds, (ids) =>
      Array.isArray(ids) && ids.length === 0
        ? [
            {
              code: "HIT152",
              problem: "fleet.subnetIds is empty.",
              fix: "set at least one subnet, better one per zone",
            },
          ]
        : [],
    ),
  };
}

/** Servers above the desired capacity that a rollout may need: a batch, and the one that rounding may add. */
function headroom({ desiredCapacity: size, scaling }: FleetArgs, batch: BatchRule): number {
  const asked = batchOf(size, batch);
  if (!batch.surge || scaling || !Number.isInteger(size) || size < 1 || !Number.isInteger(asked)) return 0;
  const { maxHealthyPercentage } = refreshPercentages(size, asked, true);
  return Math.ceil((size * (maxHealthyPercentage - 100)) / 100);
}

function checkNetwork(args: FleetArgs, faults: Faults): void {
  const given = [args.securityGroupIds, args.loadBalancerSecurityGroupIds].filter(
    (groups) => groups !== undefined && (isDeferred(groups) || !Array.isArray(groups) || groups.length > 0),
  );
  const interfaces = args.launchTemplate?.networkInterfaces !== undefined;
  if (interfaces && given.length > 0) {
    faults.add({
      code: "HIT161",
      problem: "fleet.launchTemplate.networkInterfaces is set together with security groups of the fleet.",
      fix: "give each interface its securityGroups, and leave fleet.securityGroupIds and loadBalancerSecurityGroupIds out",
      why: "EC2 takes security groups either from the template or from its network interfaces.",
    });
  }
  if (interfaces || given.length > 0) return;
  faults.add({
    code: "HIT151",
    problem: "fleet has neither securityGroupIds nor loadBalancerSecurityGroupIds.",
    fix: "set fleet.loadBalancerSecurityGroupIds to the load balancer's security groups: a closed group for the servers is made for you",
  });
}

function checkScaling(scaling: ScalingArgs | undefined, args: FleetArgs, faults: Faults): void {
  if (!scaling) return;
  onlyKnown(faults, "fleet.scaling.", scaling, ["requestsPerServer", "cpuPercent"]);
  const measures = [scaling.requestsPerServer, scaling.cpuPercent].filter((measure) => measure !== undefined);
  if (measures.length !== 1) {
    faults.add({
      code: "HIT160",
      problem: `fleet.scaling has ${measures.length} measures, expected exactly one of requestsPerServer and cpuPercent.`,
      fix: "set one of them",
    });
  }
  if (args.maxSize === undefined) {
    faults.add({
      code: "HIT106",
      problem: "fleet.maxSize is missing, and fleet.scaling needs it.",
      fix: "set fleet.maxSize to what you are ready to pay for",
    });
  }
}

/** The scaling measure with its value checked. */
function checkMeasure(scaling: ScalingArgs, faults: Faults): ScalingArgs {
  const positive = (name: string, high: number) => (value: number) =>
    value > 0 && value <= high
      ? []
      : [
          {
            code: "HIT160" as const,
            problem: `fleet.scaling.${name} is ${value}, expected more than 0${Number.isFinite(high) ? ` and at most ${high}` : ""}.`,
            fix: `set fleet.scaling.${name} within that`,
          },
        ];
  const { requestsPerServer, cpuPercent } = scaling;
  return {
    ...(requestsPerServer !== undefined
      ? { requestsPerServer: faults.input(requestsPerServer, positive("requestsPerServer", Number.POSITIVE_INFINITY)) }
      : {}),
    ...(cpuPercent !== undefined ? { cpuPercent: faults.input(cpuPercent, positive("cpuPercent", 100)) } : {}),
  };
}
