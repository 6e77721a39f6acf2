import { VERSION_LABEL } from "../../../plan/kubernetesNames.js";
import { VERSION_TAG } from "../../../plan/releaseTags.js";
import type { Entrance } from "../entrances.js";
import { isInside, type Link, type Links } from "../links.js";
import { type StackResource, TYPES } from "../resource.js";
import { at, isKnown, type Maybe, number, text, UNKNOWN } from "../values.js";
import { mapAt, type Objects, selects, servicesOf, tagsOfObject } from "./objects.js";
import { imageOf, type PodSize, podSize } from "./pods.js";

/** What the model takes of a Deployment. */
export interface Workload {
  readonly resource: StackResource;
  readonly targets: readonly Link[];
  readonly servers: Maybe<number>;
  readonly maxServers: Maybe<number>;
  readonly version: Maybe<string>;
  readonly tags: Readonly<Record<string, Maybe<string>>>;
  readonly pods: PodSize;
}

/** The Deployments of a stack, with what stands before their pods: target groups that a TargetGroupBinding fills, and Services that a route names. */
export function readWorkloads(
  resources: readonly StackResource[],
  links: Links,
  objects: Objects,
  entrances: readonly Entrance[],
): Workload[] {
  const routed = new Set(
    entrances
      .filter(({ kind }) => kind === "route")
      .flatMap(({ forwards, candidates }): Link[] => [...forwards.map(({ target }) => target), ...candidates]),
  );
  const bindings = resources.filter(({ type }) => type === TYPES.targetGroupBinding);
  return resources
    .filter(({ type }) => type === TYPES.deployment)
    .map((resource): Workload => {
      const services = servicesOf(resource, resources);
      const unclear: Link[] = services.unclear.some((service) => routed.has(service)) ? [UNKNOWN] : [];
      const bound = bindings.flatMap((binding): Link[] => {
        const service = objects.follow(binding, text(binding.props, "spec", "serviceRef", "name"), TYPES.service);
        if (!isInside(service)) return service === UNKNOWN ? [UNKNOWN] : [];
        if (services.unclear.includes(service)) return [UNKNOWN];
        if (!services.found.includes(service)) return [];
        const arn = text(binding.props, "spec", "targetGroupARN");
        return [links.follow(binding, "spec", arn, TYPES.targetGroup)];
      });
      const tags = tagsOfObject(resource);
      return {
        resource,
        targets: [...bound, ...services.found.filter((service) => routed.has(service)), ...unclear],
        ...sizes(resource, resources, objects),
        version: versionOf(resource, tags),
        tags,
        pods: podSize(resource),
      };
    });
}

/** Ours says it in an annotation, Kubernetes' own habit in a label; else the image has to tell. */
function versionOf(deployment: StackResource, tags: Workload["tags"]): Maybe<string> {
  const label = mapAt(deployment.props, "metadata", "labels")[VERSION_LABEL];
  const onPods = mapAt(deployment.props, "spec", "template", "metadata", "labels")[VERSION_LABEL];
  return tags[VERSION_TAG] ?? label ?? onPods ?? imageOf(deployment);
}

function sizes(
  deployment: StackResource,
  resources: readonly StackResource[],
  objects: Objects,
): Pick<Workload, "servers" | "maxServers"> {
  const replicas = number(deployment.props, "spec", "replicas");
  const autoscaler = resources.find(
    (resource) =>
      resource.type === TYPES.podAutoscaler &&
      objects.follow(resource, text(resource.props, "spec", "scaleTargetRef", "name"), TYPES.deployment) === deployment,
  );
  if (!autoscaler) {
    const servers = replicas === undefined ? 1 : replicas; // Kubernetes' default
    return { servers, maxServers: servers };
  }
  const least = number(autoscaler.props, "spec", "minReplicas");
  const minimum = least === undefined ? 1 : least;
  const servers =
    replicas === undefined ? minimum : isKnown(replicas) && isKnown(minimum) ? Math.max(replicas, minimum) : UNKNOWN;
  return { servers, maxServers: number(autoscaler.props, "spec", "maxReplicas") };
}

/** The budget that keeps evictions from taking all pods of a Deployment at once, where this stack has one. */
export function hasDisruptionBudget(deployment: StackResource, resources: readonly StackResource[]): Maybe<boolean> {
  const found = resources
    .filter(({ type }) => type === TYPES.disruptionBudget)
    .map(({ props }) => selects(at(props, "spec", "selector", "matchLabels"), deployment));
  if (found.includes(true)) return true;
  return found.includes(UNKNOWN) ? UNKNOWN : false;
}
