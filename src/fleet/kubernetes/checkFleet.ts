import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../../errors/known.js";
import type { BatchRule } from "../../plan/batches.js";
import { DEFAULT_SHUTDOWN_SECONDS } from "../../plan/kubernetesTimes.js";
import type { TargetPlace } from "../../traffic/front.js";
import { checkSizes } from "../checkSizes.js";
import type { FleetPlan } from "../platform.js";
import { checkEnv, checkLabels, checkOverrides, checkPaths } from "./checkPods.js";
import type { KubernetesFleetArgs, PodScalingArgs } from "./fleetArgs.js";
import { checkResources, type Resources } from "./resources.js";

/** Fleet arguments with defaults, whose known values have been checked. */
export interface KubernetesPlan extends FleetPlan {
  readonly args: KubernetesFleetArgs;
  readonly place: TargetPlace & { readonly namespace: pulumi.Input<string> };
  readonly batch: BatchRule;
  readonly resources: Resources;
  readonly scaling?: PodScalingArgs;
  readonly env: pulumi.Input<Record<string, pulumi.Input<string>>>;
  readonly shutdownSeconds: pulumi.Input<number>;
  readonly terminationGracePeriodSeconds?: pulumi.Input<number>;
  readonly writablePaths: readonly string[];
}

const KEYS = [
  "namespace",
  "desiredCapacity",
  "minSize",
  "maxSize",
  "resources",
  "port",
  "vpcId",
  "loadBalancerSecurityGroupIds",
  "scaling",
  "env",
  "serviceAccountName",
  "imagePullSecrets",
  "runAsUser",
  "readOnlyRootFilesystem",
  "writablePaths",
  "shutdownSeconds",
  "terminationGracePeriodSeconds",
  "labels",
  "pod",
  "container",
] as const satisfies readonly (keyof KubernetesFleetArgs)[];

const PATH = "fleet.";

export function checkFleet(args: KubernetesFleetArgs, faults: Faults, batch: BatchRule): KubernetesPlan {
  onlyKnown(faults, PATH, args, KEYS);
  required(faults, PATH, args, ["namespace", "desiredCapacity", "resources"]);
  checkSizes(args, faults, "An autoscaler and the gates keep the number of pods between the two.");
  const resources = checkResources(args.resources, faults);
  const scaling = args.scaling ? checkScaling(args.scaling, args, faults) : undefined;
  checkOverrides(args, faults);
  checkLabels(args.labels, faults);
  const graceSeconds = args.terminationGracePeriodSeconds;
  if (graceSeconds !== undefined && args.shutdownSeconds !== undefined) {
    faults.add({
      code: "HIT255",
      problem: "fleet.shutdownSeconds and fleet.terminationGracePeriodSeconds are both set.",
      fix: "leave one of them out: the grace period follows from the drain and shutdownSeconds",
      why: "Only one of the two can decide.",
    });
  }
  return {
    args,
    batch,
    resources,
    ...(scaling ? { scaling } : {}),
    minSize: args.minSize ?? args.desiredCapacity,
    desiredCapacity: args.desiredCapacity,
    maxSize: args.maxSize ?? args.desiredCapacity,
    autoscaled: scaling !== undefined,
    place: {
      namespace: faults.input(args.namespace ?? "", checkNamespace),
      port: faults.input(args.port ?? DEFAULT_PORT, wholeNumber("fleet.port", "HIT143", 1, 65535)),
      targetType: "ip",
      ...(args.vpcId !== undefined ? { vpcId: args.vpcId } : {}),
    },
    env: checkEnv("fleet.env", args.env, faults),
    shutdownSeconds: faults.input(
      args.shutdownSeconds ?? DEFAULT_SHUTDOWN_SECONDS,
      wholeNumber("fleet.shutdownSeconds", "HIT131", 1, 3600),
    ),
    ...(graceSeconds !== undefined
      ? {
          terminationGracePeriodSeconds: faults.input(
            graceSeconds,
            wholeNumber("fleet.terminationGracePeriodSeconds", "HIT255", 1, Number.POSITIVE_INFINITY),
          ),
        }
      : {}),
    writablePaths: checkPaths(args.writablePaths, faults),
  };
}

/** A port that no app needs to be root for. */
const DEFAULT_PORT = 8080;

function checkNamespace(namespace: string): Finding[] {
  if (namespace === "") return []; // already reported as missing
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(String(namespace))) return [];
  const problem = `fleet.namespace is ${JSON.stringify(namespace)}, expected a name such as "shop".`;
  return [{ code: "HIT251", problem, fix: "set it to the name of a namespace" }];
}

function checkScaling(scaling: PodScalingArgs, args: KubernetesFleetArgs, faults: Faults): PodScalingArgs {
  onlyKnown(faults, "fleet.scaling.", scaling, ["cpuPercent", "memoryPercent"]);
  const given = (["cpuPercent", "memoryPercent"] as const).filter((name) => scaling[name] !== undefined);
  if (given.length !== 1) {
    faults.add({
      code: "HIT160",
      problem: `fleet.scaling has ${given.length} measures, expected exactly one of cpuPercent and memoryPercent.`,
      fix: "set one of them",
      why: "Of several measures the largest decides, so what the program says of the others would mislead.",
    });
  }
  if (args.maxSize === undefined) {
    faults.add({
      code: "HIT106",
      problem: "fleet.maxSize is missing, and fleet.scaling needs it.",
      fix: "set fleet.maxSize to what you are ready to pay for",
    });
  }
  if (args.minSize === 0) {
    faults.add({
      code: "HIT116",
      problem: "fleet.minSize is 0, and fleet.scaling needs at least one pod.",
      fix: "set fleet.minSize to 1 or more",
      why: "A HorizontalPodAutoscaler measures pods, so it cannot begin with none.",
    });
  }
  const checked: Record<string, pulumi.Input<number>> = {};
  for (const name of given) {
    const request = name === "cpuPercent" ? "cpu" : "memory";
    if (args.resources?.requests?.[request] === undefined) {
      faults.add({
        code: "HIT254",
        problem: `fleet.scaling.${name} is set, and fleet.resources.requests.${request} is not.`,
        fix: `set fleet.resources.requests.${request}`,
      });
    }
    checked[name] = faults.input(scaling[name] as pulumi.Input<number>, (value) =>
      value > 0 && Number.isInteger(value)
        ? []
        : [
            {
              code: "HIT160" as const,
              problem: `fleet.scaling.${name} is ${value}, expected a whole number above 0.`,
              fix: `set fleet.scaling.${name} to a share of what pods request, such as 60`,
            },
          ],
    );
  }
  return checked;
}
