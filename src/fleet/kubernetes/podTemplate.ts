import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../../errors/faults.js";
import { APP_CONTAINER_NAME } from "../../gates/kubernetes/objects.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import { annotationsOf, fleetSelector, labelValue, VERSION_LABEL } from "../../plan/kubernetesNames.js";
import { podTimes, STARTUP_PERIOD_SECONDS, startupFailures } from "../../plan/kubernetesTimes.js";
import { releaseTags } from "../../plan/releaseTags.js";
import { POD_PORT } from "../../traffic/podService.js";
import type { FleetWish } from "../platform.js";
import type { KubernetesPlan } from "./checkFleet.js";
import type { KubernetesRelease } from "./checkRelease.js";
import { checkedGrace } from "./checkTimes.js";

type PodTemplate = k8s.types.input.core.v1.PodTemplateSpec;
type Container = k8s.types.input.core.v1.Container;
type Probe = k8s.types.input.core.v1.Probe;

export type KubernetesWish = FleetWish<KubernetesPlan, KubernetesRelease>;

/** What a fleet's pods are: everything in it that changes replaces them. */
export function podTemplate(name: string, wish: KubernetesWish, faults: Faults): PodTemplate {
  const { fleet, release, component } = wish;
  const { args } = fleet;
  const selector = fleetSelector(component, name);
  const volumes = fleet.writablePaths.map((_, index) => ({ name: `writable-${index}`, emptyDir: {} }));
  return {
    metadata: {
      labels: { ...args.labels, ...selector, [VERSION_LABEL]: labelValue(release.version) },
      annotations: annotationsOf(releaseTags(release)),
    },
    spec: {
      ...args.pod,
      containers: [appContainer(wish)],
      ...(volumes.length > 0 || args.pod?.volumes !== undefined
        ? { volumes: withOwn(args.pod?.volumes as OwnList, volumes) }
        : {}),
      terminationGracePeriodSeconds: graceSeconds(wish, faults),
      topologySpreadConstraints: spread(selector),
      // A token of the API server lies in no pod that has not asked for one.
      automountServiceAccountToken: args.serviceAccountName !== undefined,
      ...(args.serviceAccountName !== undefined ? { serviceAccountName: args.serviceAccountName } : {}),
      ...(args.imagePullSecrets !== undefined
        ? { imagePullSecrets: whenKnown(args.imagePullSecrets, (names) => names.map((secret) => ({ name: secret }))) }
        : {}),
      securityContext: {
        runAsNonRoot: true,
        ...(args.runAsUser !== undefined ? { runAsUser: args.runAsUser } : {}),
        seccompProfile: { type: "RuntimeDefault" },
      },
    },
  } as PodTemplate;
}

function appContainer(wish: KubernetesWish): Container {
  const { fleet, release } = wish;
  const { args } = fleet;
  const mounts = fleet.writablePaths.map((mountPath, index) => ({ name: `writable-${index}`, mountPath }));
  return {
    ...args.container,
    name: APP_CONTAINER_NAME,
    image: release.image,
    ...(release.command !== undefined ? { command: release.command } : {}),
    ...(release.args !== undefined ? { args: release.args } : {}),
    env: environment(fleet.env, release.env),
    ports: [{ name: POD_PORT, containerPort: fleet.place.port, protocol: "TCP" }],
    resources: { requests: amounts(fleet.resources.requests), limits: amounts(fleet.resources.limits) },
    ...(mounts.length > 0 || args.container?.volumeMounts !== undefined
      ? { volumeMounts: withOwn(args.container?.volumeMounts as OwnList, mounts) }
      : {}),
    ...probes(wish),
    // The kubelet's own wait: an image without a shell has no `sleep` to run (Kubernetes documentation, "Container Lifecycle Hooks";
    // on by default since 1.30).
    lifecycle: {
      preStop: { sleep: { seconds: whenKnown(wish.drainSeconds, (drain) => podTimes(drain, 0).preStopSeconds) } },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: args.readOnlyRootFilesystem ?? true,
      capabilities: { drop: ["ALL"] },
    },
  } as Container;
}

/** A release's variables over the fleet's, in the order of their names: a list that only changes its order would replace every pod. */
function environment(
  shared: KubernetesPlan["env"],
  own: KubernetesRelease["env"],
): pulumi.Input<{ name: string; value: pulumi.Input<string> }[]> {
  const join = (one: Record<string, pulumi.Input<string>>, other: Record<string, pulumi.Input<string>>) =>
    Object.entries({ ...one, ...other })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ({ name, value }));
  if (isNamed(shared) && isNamed(own)) return join(shared, own);
  return pulumi.all([pulumi.output(shared), pulumi.output(own)]).apply(([one, other]) => join(one, other));
}

function isNamed(env: KubernetesPlan["env"]): env is Record<string, pulumi.Input<string>> {
  return !pulumi.Output.isInstance(env) && typeof (env as { then?: unknown }).then !== "function";
}

type OwnList = pulumi.Input<pulumi.Input<object>[]> | undefined;

/** A program's own list, and then ours. */
function withOwn(own: OwnList, ours: readonly object[]): pulumi.Input<object[]> {
  return whenKnown(own ?? [], (known) => [...(known as readonly object[]), ...ours]);
}

function amounts(given: object): Record<string, pulumi.Input<string>> {
  return { ...given } as Record<string, pulumi.Input<string>>;
}

/**
 * The kubelet asks what the load balancer asks. While a pod starts it asks more often, and no other probe runs; later it is patient as
 * the health check says.
 */
function probes({ healthCheck, startupSeconds, fleet }: KubernetesWish): {
  readinessProbe: Probe;
  startupProbe: Probe;
} {
  const httpGet = { path: healthCheck.path, port: fleet.place.port, scheme: "HTTP" };
  const { times } = healthCheck;
  return {
    readinessProbe: {
      httpGet,
      periodSeconds: whenKnown(times, (known) => known.intervalSeconds),
      timeoutSeconds: whenKnown(times, (known) => known.timeoutSeconds),
      failureThreshold: whenKnown(times, (known) => known.unhealthyThreshold),
    },
    startupProbe: {
      httpGet,
      periodSeconds: STARTUP_PERIOD_SECONDS,
      timeoutSeconds: whenKnown(times, (known) => known.timeoutSeconds),
      failureThreshold: whenKnown(startupSeconds, startupFailures),
    },
  };
}

/** Over zones first, then over nodes; never so strictly that a pod finds no place. Each release is spread by itself. */
function spread(selector: Record<string, string>): object[] {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: selector },
    matchLabelKeys: ["pod-template-hash"],
  }));
}

/** How long a pod may take to leave, in all. */
export function graceSeconds({ fleet, drainSeconds }: KubernetesWish, faults: Faults): pulumi.Input<number> {
  if (fleet.terminationGracePeriodSeconds !== undefined) {
    return checkedGrace(faults, fleet.terminationGracePeriodSeconds, drainSeconds);
  }
  return whenKnown(
    { drain: drainSeconds, shutdown: fleet.shutdownSeconds },
    ({ drain, shutdown }) => podTimes(drain, shutdown).terminationGracePeriodSeconds,
  );
}
