import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import type { Service } from "@pulumi/kubernetes/core/v1/service.js";
import type { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget.js";
import type * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../errors/faults.js";
import { selectorHooks, subjectOf } from "../../gates/kubernetes/selectorHooks.js";
import { createPodService } from "../../traffic/podService.js";
import type { WorkloadOpts } from "../platform.js";
import { createDeployment } from "./deployment.js";
import { createDisruptionBudget } from "./disruptionBudget.js";
import { clusterHooks, joinHooks, raiseHooks } from "./fleetHooks.js";
import type { KubernetesWish } from "./podTemplate.js";
import { createTargetGroupBinding } from "./targetGroupBinding.js";

/** A fleet of pods. */
export interface KubernetesFleet {
  readonly deployment: Deployment;
  readonly disruptionBudget: PodDisruptionBudget;
  /** Behind an Application Load Balancer; a Gateway's target is a Service itself. */
  readonly service?: Service;
  readonly targetGroupBinding?: CustomResource;
}

/**
 * Service → TargetGroupBinding → Deployment: pods get their readiness gates when they are made, and only for a binding that is there. It is
 * also the order in which they go, the other way round: the pods leave while they are still known.
 */
export function createKubernetesFleet(
  name: string,
  wish: KubernetesWish,
  opts: pulumi.CustomResourceOptions,
  workloadOpts: WorkloadOpts,
): KubernetesFleet {
  const component = opts.parent as pulumi.ComponentResource;
  const faults = new Faults(subjectOf(component));
  const behindTargetGroup = wish.target.kind === "targetGroup";
  const needs = clusterHooks(component, name, { behind: wish.target.kind });
  const same = selectorHooks(component, name, "budget");
  const service = behindTargetGroup
    ? createPodService(name, { ...wish.fleet.place, component: wish.component }, { ...opts, hooks: needs })
    : undefined;
  const binding = service && createTargetGroupBinding(name, wish, service, opts);
  const disruptionBudget = createDisruptionBudget(name, wish, {
    ...opts,
    hooks: behindTargetGroup ? same : joinHooks(needs, same),
  });
  const hooks =
    wish.sizes.desiredCapacity === undefined
      ? joinHooks(raiseHooks(component, name), workloadOpts.hooks)
      : workloadOpts.hooks;
  const deployment = createDeployment(name, wish, faults, {
    ...opts,
    ...workloadOpts,
    ...(hooks ? { hooks } : {}),
    dependsOn: [
      ...dependencies(workloadOpts.dependsOn),
      disruptionBudget,
      ...(binding ? [binding] : [wish.target.resource]),
    ],
  });
  return {
    deployment,
    disruptionBudget,
    ...(service ? { service } : {}),
    ...(binding ? { targetGroupBinding: binding } : {}),
  };
}

function dependencies(given: WorkloadOpts["dependsOn"]): pulumi.Input<pulumi.Resource>[] {
  if (given === undefined) return [];
  return Array.isArray(given) ? given : [given as pulumi.Input<pulumi.Resource>];
}
