import * as apps from "@pulumi/kubernetes/apps/v1/deployment.js";
import type * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../../errors/faults.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import {
  annotationsOf,
  fleetSelector,
  labelValue,
  MAX_SIZE_ANNOTATION,
  MIN_SIZE_ANNOTATION,
  objectName,
  TARGET_ANNOTATION,
  VERSION_LABEL,
} from "../../plan/kubernetesNames.js";
import { rollingUpdate, rollingUpdateOfAny } from "../../plan/kubernetesRollout.js";
import { providerTimeout } from "../../plan/kubernetesTimes.js";
import { COMPONENT_TAG, releaseTags } from "../../plan/releaseTags.js";
import { graceSeconds, type KubernetesWish, podTemplate } from "./podTemplate.js";

/** Old ReplicaSets that are kept: for `kubectl rollout history`; going back is the program's. */
const HISTORY = 3;

/** The Deployment of a fleet. */
export function createDeployment(
  name: string,
  wish: KubernetesWish,
  faults: Faults,
  opts: pulumi.CustomResourceOptions,
): apps.Deployment {
  const { fleet, sizes, component } = wish;
  const selector = fleetSelector(component, name);
  const sized = sizes.desiredCapacity;
  return new apps.Deployment(
    objectName(name),
    {
      metadata: {
        namespace: fleet.place.namespace,
        labels: { ...fleet.args.labels, ...selector, [VERSION_LABEL]: labelValue(wish.release.version) },
        annotations: annotations(wish, faults),
      },
      spec: {
        ...(sized !== undefined ? { replicas: sized } : {}),
        selector: { matchLabels: selector },
        minReadySeconds: wish.warmupSeconds,
        // Of no use to gates, which have deadlines of their own; it tells others who watch that a rollout is stuck.
        progressDeadlineSeconds: whenKnown(
          { startup: wish.startupSeconds, warmup: wish.warmupSeconds },
          ({ startup, warmup }) => startup + warmup + 300,
        ),
        revisionHistoryLimit: HISTORY,
        strategy: {
          type: "RollingUpdate",
          rollingUpdate:
            sizes.autoscaled || sized === undefined
              ? rollingUpdateOfAny(fleet.batch)
              : rollingUpdate(sized, fleet.batch),
        },
        template: podTemplate(name, wish, faults),
      },
    },
    {
      ...opts,
      // An autoscaler owns the size: an `up` must not set it back to what the program once began with.
      ignoreChanges: [...(opts.ignoreChanges ?? []), ...(sizes.autoscaled ? ["spec.replicas"] : [])],
    },
  );
}

/** What is kept with the fleet: what gates find it by, and how the provider is to treat it. */
function annotations(wish: KubernetesWish, faults: Faults): pulumi.Input<Record<string, pulumi.Input<string>>> {
  const { sizes, release, component, target, awaits } = wish;
  const creation = wish.creationTimeoutSeconds ?? 0;
  return {
    ...annotationsOf({ ...releaseTags(release), [COMPONENT_TAG]: component }),
    [TARGET_ANNOTATION]: target.id,
    [MIN_SIZE_ANNOTATION]: String(sizes.minSize),
    [MAX_SIZE_ANNOTATION]: String(sizes.maxSize),
    // A gate makes the fleet larger, or rolls it out: the program's word on what it sets itself counts all the same.
    "pulumi.com/patchForce": "true",
    "pulumi.com/timeoutSeconds": whenKnown({ grace: graceSeconds(wish, faults), creation }, (known) =>
      String(providerTimeout(known.grace, known.creation)),
    ),
    // Pods behind a target that stands in no entrance yet do not get ready. `skipAwait` would also not await their leaving, so that what
    // they stand behind would be deleted under them; this awaits what is there at once.
    ...(awaits === "gate" ? { "pulumi.com/waitFor": "jsonpath={.metadata.uid}" } : {}),
  };
}
