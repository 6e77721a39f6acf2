/** Why pods are not ready, in the words of Kubernetes: scheduling, image, start, crash with its last lines, probes. */
import type { Values } from "../../protocol/values.js";
import type { Objects } from "../api/objects.js";
import { conditionOf } from "./awaiter.js";

const EVENT = { group: "", version: "v1", kind: "Event" };
const LOG_LINES = 5;
/** Of a large fleet the first few tell enough. */
const MOST_PODS = 3;

export function isReady(pod: Values): boolean {
  return conditionOf(pod, "Ready")?.status === "True";
}

/** One sentence for each fault of the pods that are not ready. */
export async function podProblems(objects: Objects, pods: readonly Values[]): Promise<string[]> {
  const unready = pods.filter(
    (pod) => !isReady(pod) && pod.status?.phase !== "Succeeded" && !pod.metadata?.deletionTimestamp,
  );
  const told = await Promise.all(unready.slice(0, MOST_PODS).map((pod) => problemsOf(objects, pod)));
  const more = unready.length > MOST_PODS ? [`${unready.length - MOST_PODS} more Pods are not ready`] : [];
  return [...told.flat(), ...more];
}

async function problemsOf(objects: Objects, pod: Values): Promise<string[]> {
  const about = (text: string): string => `Pod ${pod.metadata?.name}: ${text}`;
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.status === "False") return [about(`${scheduled.reason}: ${scheduled.message}`)];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const found: string[] = [];
  for (const status of statuses) {
    const text = await containerProblem(objects, pod, status);
    if (text) found.push(about(text));
  }
  const gate = (pod.spec?.readinessGates ?? [])
    .map(({ conditionType }: Values) => conditionType)
    .find((type: string) => conditionOf(pod, type)?.status !== "True");
  if (gate) found.push(about(`the readiness gate ${gate} is not met${suffix(conditionOf(pod, gate)?.message)}`));
  if (found.length > 0) return found;
  const ready = conditionOf(pod, "Ready");
  return [about(ready?.message ?? `phase ${pod.status?.phase ?? "unknown"}${suffix(pod.status?.message)}`)];
}

async function containerProblem(objects: Objects, pod: Values, status: Values): Promise<string | undefined> {
  const { name, state = {}, lastState = {}, ready } = status;
  const { waiting, terminated, running } = state as Values;
  if (waiting?.reason === "CrashLoopBackOff" || (running && lastState.terminated && !ready)) {
    const last = ended(lastState.terminated);
    return `container ${name} crashed ${status.restartCount ?? "several"} times${suffix(last)}${await lastLines(objects, pod, name, true)}`;
  }
  if (waiting && !["ContainerCreating", "PodInitializing"].includes(waiting.reason)) {
    return `container ${name}: ${waiting.reason}${suffix(waiting.message)}`;
  }
  if (terminated && terminated.exitCode !== 0) {
    return `container ${name} ended${suffix(ended(terminated))}${await lastLines(objects, pod, name, false)}`;
  }
  if (running && !ready) return `container ${name} runs and is not ready${suffix(await probeMessage(objects, pod))}`;
  return undefined;
}

function ended(terminated: Values | undefined): string {
  if (!terminated) return "";
  const { reason, exitCode, message } = terminated;
  return [`exit code ${exitCode}`, reason, message].filter((part) => part !== undefined && part !== "").join(", ");
}

async function lastLines(objects: Objects, pod: Values, container: string, previous: boolean): Promise<string> {
  const { namespace, name } = pod.metadata;
  // Logs go with their container; that there are none any more must not hide the reason itself.
  const text = await objects.logs(namespace, name, container, LOG_LINES, previous).catch(() => "");
  const lines = text.trim();
  return lines === "" ? "" : `; its last lines: ${lines.split("\n").join(" | ")}`;
}

/** The kubelet tells failed probes in events only. */
async function probeMessage(objects: Objects, pod: Values): Promise<string> {
  const { namespace, uid } = pod.metadata;
  const events = await objects
    .list(EVENT, namespace, { fieldSelector: `involvedObject.uid=${uid},type=Warning` })
    .catch(() => []);
  const when = ({ lastTimestamp, eventTime }: Values): number => Date.parse(lastTimestamp ?? eventTime ?? 0);
  const latest = events.sort((left, right) => when(left) - when(right)).at(-1);
  return latest ? String(latest.message) : "";
}

function suffix(text: unknown): string {
  return typeof text === "string" && text !== "" ? ` (${text})` : "";
}
