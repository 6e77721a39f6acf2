import type { KubeApi } from "./kubeApi.js";
import { APP_CONTAINER_NAME, type ContainerStatus, condition, isReady, type KubeEvent, type Pod } from "./objects.js";
import { unmetGates } from "./readinessGates.js";

/** What hinders a pod. */
export interface PodTrouble {
  readonly pod: string;
  /** One line. */
  readonly what: string;
  /**
   * `failed`: it does not get better by waiting, as far as can be told (an image that is not there, a crash loop). `waiting`: it may (no
   * room on any node, a probe that does not pass yet).
   */
  readonly kind: "failed" | "waiting";
  /** How long it has to last before it counts as failed: a registry may have a moment of its own. */
  readonly patienceSeconds: number;
  /** Whether the container has run and ended, so that its last words say why. */
  readonly crashed: boolean;
}

/** Reasons of a container that waits and will not start as it is (kubelet: images, container configuration, runtime). */
const HOPELESS: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CrashLoopBackOff",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Of these, what another attempt of the kubelet may mend. */
const PULLS: ReadonlySet<string> = new Set(["ErrImagePull", "ImagePullBackOff"]);
/** The kubelet tries again after 10 and after 20 seconds (its back-off of images). */
const PULL_SECONDS = 30;

/** Starts that count as a crash loop, also while the kubelet does not wait yet: the first restart comes at once. */
const RESTARTS = 2;

/** Why a pod does not serve, from its own status; undefined when it does, or is just starting. */
export function troubleOf(pod: Pod): PodTrouble | undefined {
  const name = pod.metadata.name;
  const { status } = pod;
  const say = (what: string, kind: PodTrouble["kind"], crashed = false, patienceSeconds = 0): PodTrouble => ({
    pod: name,
    what,
    kind,
    crashed,
    patienceSeconds,
  });
  if (pod.metadata.deletionTimestamp !== undefined) return undefined;
  if (status?.phase === "Failed") {
    return say(
      `failed: ${[status.reason, status.message].filter(Boolean).join(": ") || endOf(containers(pod))}`,
      "failed",
      true,
    );
  }
  for (const container of containers(pod)) {
    const trouble = containerTrouble(container);
    if (trouble) return say(trouble.what, trouble.kind, trouble.crashed, trouble.patienceSeconds);
  }
  if (isReady(pod)) return undefined;
  const scheduled = condition(status?.conditions, "PodScheduled");
  if (scheduled?.status === "False")
    return say(`no node takes it: ${scheduled.message ?? scheduled.reason ?? ""}`, "waiting");
  const unready = condition(status?.conditions, "ContainersReady");
  const running = containers(pod).some((container) => container.state?.running !== undefined);
  if (running && unready?.status === "False") return say("runs, but its probe does not pass", "waiting");
  const gates = unmetGates(status?.conditions);
  if (gates.length > 0) {
    const words = gates.map(({ message, reason }) => message || reason || "not told yet").join("; ");
    return say(`runs, but the load balancer does not find it healthy: ${words}`, "waiting");
  }
  if (pod.spec?.nodeName !== undefined && !running) return say("is being started", "waiting");
  return undefined;
}

function containerTrouble(
  container: ContainerStatus,
): (Omit<PodTrouble, "pod" | "patienceSeconds"> & { readonly patienceSeconds?: number }) | undefined {
  const { state, lastState, restartCount = 0, name } = container;
  const which = name === APP_CONTAINER_NAME ? "" : `container ${name} `;
  const waiting = state?.waiting;
  if (waiting?.reason !== undefined && HOPELESS.has(waiting.reason)) {
    const ended = waiting.reason === "CrashLoopBackOff" ? `; ${endOf([container])}, ${restartCount} restarts` : "";
    const message = waiting.message && ended === "" ? `: ${waiting.message}` : ended;
    return {
      what: `${which}${waiting.reason}${message}`,
      kind: "failed",
      crashed: lastState?.terminated !== undefined,
      ...(PULLS.has(waiting.reason) ? { patienceSeconds: PULL_SECONDS } : {}),
    };
  }
  if (restartCount >= RESTARTS) {
    return { what: `${which}restarts: ${endOf([container])}, ${restartCount} restarts`, kind: "failed", crashed: true };
  }
  if (restartCount > 0 || state?.terminated?.exitCode) {
    return { what: `${which}was restarted: ${endOf([container])}`, kind: "waiting", crashed: true };
  }
  return undefined;
}

function containers({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

/** How a container ended last. */
function endOf(all: readonly ContainerStatus[]): string {
  for (const { lastState, state } of all) {
    const ended = state?.terminated ?? lastState?.terminated;
    if (!ended) continue;
    const how = ended.signal ? `signal ${ended.signal}` : `exit code ${ended.exitCode ?? "unknown"}`;
    // OOMKilled and the like say more than the code; Error says nothing.
    return `it ended with ${how}${ended.reason && !/^(Error|Completed)$/.test(ended.reason) ? ` (${ended.reason})` : ""}`;
  }
  return "it ended";
}

/** Warnings that only repeat what the status says. */
const TOLD = /^(Back-off|Error: (ImagePullBackOff|ErrImagePull|CrashLoopBackOff)$)/;
const EVENTS_SHOWN = 2;
const LOG_LINES = 15;

/** The pod's last warnings: what a probe got, what a registry answered. Events are kept for an hour, and may not be readable. */
export async function warningsOf(api: KubeApi, pod: Pod): Promise<string[]> {
  const { namespace = "default", name, uid } = pod.metadata;
  const query = { fieldSelector: `involvedObject.name=${name},type=Warning${uid ? `,involvedObject.uid=${uid}` : ""}` };
  const answer = await api.attempt({ path: `/api/v1/namespaces/${namespace}/events`, query });
  if ("status" in answer) return [`(its events cannot be read: ${answer.status.message})`];
  const { items = [] } = answer.object as { readonly items?: readonly KubeEvent[] };
  const lines = items
    .slice()
    .sort((one, other) => timeOf(one) - timeOf(other))
    .map(({ reason, message }) => `${reason}: ${(message ?? "").trim()}`)
    .filter((line) => !TOLD.test(line.replace(/^\w+: /, "")));
  return [...new Set(lines)].slice(-EVENTS_SHOWN);
}

function timeOf({ lastTimestamp, eventTime, metadata }: KubeEvent): number {
  return Date.parse(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? "") || 0;
}

/** The last lines that the app has written; those before its restart, where it has none since. */
export async function logTail(api: KubeApi, pod: Pod): Promise<string | undefined> {
  const { namespace = "default", name } = pod.metadata;
  const app = pod.status?.containerStatuses?.find((container) => container.name === APP_CONTAINER_NAME);
  const previous = app?.state?.running === undefined && app?.lastState?.terminated !== undefined;
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/log`;
  const query = { container: APP_CONTAINER_NAME, tailLines: String(LOG_LINES) };
  const text = await api.text(path, previous ? { ...query, previous: "true" } : query);
  if (text === undefined || text.trim() === "") return undefined;
  // The kubelet's own words where the log has been rotated away.
  return /^unable to retrieve container logs/.test(text) ? undefined : text.trimEnd();
}

/** Pods whose last words are shown: one is enough to see what is wrong, two to see that it is always the same. */
const LOGS_SHOWN = 2;
const PODS_SHOWN = 5;

/** The troubles of pods, a line each, with warnings and the last words of the first that crashed. */
export async function describeTroubles(api: KubeApi, pods: readonly Pod[]): Promise<string[]> {
  const found = pods.flatMap((pod) => {
    const trouble = troubleOf(pod);
    return trouble ? [{ pod, trouble }] : [];
  });
  const ordered = [
    ...found.filter((each) => each.trouble.kind === "failed"),
    ...found.filter((each) => each.trouble.kind !== "failed"),
  ];
  const lines: string[] = [];
  let logs = 0;
  for (const { pod, trouble } of ordered.slice(0, PODS_SHOWN)) {
    lines.push(`pod ${trouble.pod}: ${trouble.what}`);
    for (const warning of await warningsOf(api, pod)) lines.push(`  ${warning}`);
    if (logs >= LOGS_SHOWN || !(trouble.crashed || pod.status?.containerStatuses?.some(({ state }) => state?.running)))
      continue;
    const tail = await logTail(api, pod);
    if (tail === undefined) continue;
    logs += 1;
    lines.push(`last lines of ${trouble.pod}:`, ...tail.split("\n").map((line) => `| ${line}`));
  }
  if (ordered.length > PODS_SHOWN) lines.push(`… and ${ordered.length - PODS_SHOWN} more pods`);
  return lines;
}
