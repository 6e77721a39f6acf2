import { quantity } from "../../../plan/kubernetesQuantity.js";
import type { StackResource } from "../resource.js";
import { at, isKnown, list, type Maybe, number, text, UNKNOWN, type Unknown } from "../values.js";

/** What a Deployment's pod takes of a node. */
export interface PodSize {
  /** Processors; `undefined` where no container says. */
  readonly vcpus: Maybe<number>;
  /** Gibibytes of memory. */
  readonly gib: Maybe<number>;
}

const POD = ["spec", "template", "spec"] as const;

/** The containers of a Deployment's pods, without those that only run before. */
export function containersOf(deployment: StackResource): unknown[] | Unknown {
  return list(deployment.props, ...POD, "containers");
}

export function podNumber(deployment: StackResource, key: string): Maybe<number> {
  return number(deployment.props, ...POD, key);
}

/** The image of a pod's first container. */
export function imageOf(deployment: StackResource): Maybe<string> {
  return text(deployment.props, ...POD, "containers", 0, "image");
}

/** What is set aside for a pod: the sum of its containers, or what the largest one needs that runs before them (Kubernetes, "Init Containers"). */
export function podSize(deployment: StackResource): PodSize {
  const initial = list(deployment.props, ...POD, "initContainers");
  const containers = containersOf(deployment);
  const size = (resource: "cpu" | "memory"): Maybe<number> => {
    if (initial === UNKNOWN || containers === UNKNOWN) return UNKNOWN;
    const staying = initial.filter((each) => text(each, "restartPolicy") === "Always");
    const sum = total([...containers, ...staying], resource);
    const before = initial.filter((each) => !staying.includes(each)).map((each) => requestOf(each, resource));
    if (sum === UNKNOWN || before.includes(UNKNOWN)) return UNKNOWN;
    const all = [sum, ...before].filter(isKnown);
    return all.length === 0 ? undefined : Math.max(...all);
  };
  const bytes = size("memory");
  return { vcpus: size("cpu"), gib: isKnown(bytes) ? bytes / 2 ** 30 : bytes };
}

function total(containers: readonly unknown[], resource: string): Maybe<number> {
  const requests = containers.map((each) => requestOf(each, resource));
  if (requests.includes(UNKNOWN)) return UNKNOWN;
  const known = requests.filter(isKnown);
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0);
}

/** A limit without a request is the request too (Kubernetes, "Resource Management"). */
function requestOf(container: unknown, resource: string): Maybe<number> {
  const asked = text(container, "resources", "requests", resource);
  const said = asked === undefined ? text(container, "resources", "limits", resource) : asked;
  return isKnown(said) ? quantity(said) : said;
}

/** Seconds that a pod goes on serving after it was told to go, where the program says it in a way that can be read. */
export function preStopSeconds(container: unknown): Maybe<number> | "other" {
  const hook = at(container, "lifecycle", "preStop");
  if (hook === UNKNOWN || hook === undefined) return hook;
  const seconds = number(hook, "sleep", "seconds");
  if (seconds !== undefined) return seconds;
  const command = list(hook, "exec", "command");
  if (command === UNKNOWN) return UNKNOWN;
  const slept = /\bsleep\s+(\d+)\b/.exec(
    command
      .map((_, index) => text(command, index))
      .filter(isKnown)
      .join(" "),
  );
  return slept ? Number(slept[1]) : "other";
}
