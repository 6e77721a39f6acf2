import type * as pulumi from "@pulumi/pulumi";
import type { Finding } from "../../errors/faults.js";
import { connectKube } from "../../gates/kubernetes/connectKube.js";
import { KubeFleets } from "../../gates/kubernetes/kubeFleets.js";
import { kubeSettingsOf } from "../../gates/kubernetes/kubeSettings.js";
import { differenceOf } from "../../gates/kubernetes/rollout/difference.js";
import { rollOutDeployment } from "../../gates/kubernetes/rollout/rollOutDeployment.js";
import { settled } from "../../inputs/plain.js";
import type { Platform, PlatformLink } from "../platform.js";
import { createAutoscaler } from "./autoscaler.js";
import { checkFleet, type KubernetesPlan } from "./checkFleet.js";
import { checkRelease, type KubernetesRelease } from "./checkRelease.js";
import { checkTimes } from "./checkTimes.js";
import type { KubernetesFleetArgs } from "./fleetArgs.js";
import { createKubernetesFleet } from "./kubernetesFleet.js";
import { type KubernetesChange, workloadChange, workloadCreated } from "./workloadChange.js";

/** Kubernetes: a fleet is a Deployment. */
export const kubernetesPlatform: Platform<KubernetesPlan, KubernetesRelease> = {
  fleetNames: "deploymentNames",
  checkName,
  checkFleet: (args, faults, batch) => checkFleet(args as KubernetesFleetArgs, faults, batch),
  checkRelease,
  checkTimes,

  share(_name, plan, opts) {
    namespaces.set(opts.parent as pulumi.ComponentResource, settled(plan.place.namespace) as Promise<string>);
    return { nodes: {} };
  },

  createFleet(name, wish, opts, workloadOpts) {
    const fleet = createKubernetesFleet(name, wish, opts, workloadOpts);
    const { metadata } = fleet.deployment;
    return {
      workload: fleet.deployment,
      nodes: fleet,
      name: metadata.name,
      outputs: () => ({ namespace: metadata.namespace, deploymentName: metadata.name }),
      scaling(_wish, scalingName, scalingOpts) {
        const autoscaler = createAutoscaler(scalingName, wish, fleet.deployment, scalingOpts);
        return autoscaler ? { autoscaler } : {};
      },
    };
  },

  link,
};

/** The namespace of each component's fleets: gates look nowhere else. */
const namespaces = new WeakMap<pulumi.ComponentResource, Promise<string>>();

/** A Service's name is the strictest of the names that Kubernetes gets. */
function checkName(name: string): readonly Finding[] {
  if (/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name)) return [];
  return [
    {
      code: "HIT250",
      problem: `the component's name is ${JSON.stringify(name)}, expected lower-case letters, digits and hyphens, with a letter first.`,
      fix: "choose a name such as `web` or `checkout-api`",
    },
  ];
}

function link(component: pulumi.ComponentResource): PlatformLink<KubernetesChange> {
  const settings = kubeSettingsOf(component);
  const apiFor = async (subject: string) => connectKube(subject, await settings);
  return {
    async fleets(subject) {
      const namespace = await namespaces.get(component);
      if (namespace === undefined) throw new Error(`${subject} has no namespace`); // `share` has set it
      return new KubeFleets(await apiFor(subject), namespace);
    },
    change: workloadChange,
    created: workloadCreated,

    async difference(subject, change, stage) {
      if (!change.replaces) return "none";
      return differenceOf({ ...stage, api: await apiFor(subject), rollout: change.rollout }, subject);
    },

    async rollOut(order, change, stage) {
      if (!change.replaces) return;
      await rollOutDeployment({ ...stage, order, rollout: change.rollout, api: await apiFor(order.subject) });
    },
  };
}
