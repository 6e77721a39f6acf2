/**
 * Fields whose change replaces the object, because Kubernetes would refuse it (immutable), or would not have the effect that is meant.
 * The list is the real provider's (pulumi-kubernetes, provider/pkg/provider/diff.go): a field that Kubernetes holds immutable and that
 * is not in it fails there too, in preview.
 */
import type { Values } from "../../protocol/values.js";
import { at, contains, parsePath, type Step } from "../model/tree.js";
import { apiVersionOf, type Kind } from "../model/types.js";

const POD = [
  ..."affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID hostname".split(
    " ",
  ),
  ..."imagePullSecrets nodeName nodeSelector overhead preemptionPolicy priority priorityClassName readinessGates restartPolicy".split(
    " ",
  ),
  ..."runtimeClassName schedulerName securityContext serviceAccount serviceAccountName shareProcessNamespace subdomain".split(
    " ",
  ),
  ..."terminationGracePeriodSeconds volumes".split(" "),
].map((name) => `spec.${name}`);

const CONTAINER = (
  "args command env image imagePullPolicy lifecycle livenessProbe ports readinessProbe resources securityContext stdin stdinOnce " +
  "terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir"
).split(" ");

const VOLUME_SOURCES = (
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath iscsi local " +
  "nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
).split(" ");

const SELECTOR = ["spec.selector"];
const STATEFUL_SET = "podManagementPolicy revisionHistoryLimit selector serviceName volumeClaimTemplates"
  .split(" ")
  .map((name) => `spec.${name}`);
const JOB = ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"];

const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "apps/v1/Deployment": SELECTOR,
  "apps/v1beta2/Deployment": SELECTOR,
  "apps/v1/DaemonSet": SELECTOR,
  "apps/v1beta2/DaemonSet": SELECTOR,
  "apps/v1/StatefulSet": STATEFUL_SET,
  "apps/v1beta1/StatefulSet": STATEFUL_SET,
  "apps/v1beta2/StatefulSet": STATEFUL_SET,
  "batch/v1/Job": JOB,
  "batch/v1beta1/Job": JOB,
  "batch/v2alpha1/Job": JOB,
  "policy/v1beta1/PodDisruptionBudget": ["spec"],
  "storage.k8s.io/v1/StorageClass": ["parameters", "provisioner"],
  "v1/PersistentVolume": VOLUME_SOURCES.map((name) => `spec.${name}`),
  "v1/PersistentVolumeClaim": ["accessModes", "selector", "storageClassName", "volumeName"].map(
    (name) => `spec.${name}`,
  ),
  "v1/Pod": [
    ...POD,
    ...["containers", "initContainers"].flatMap((list) => CONTAINER.map((name) => `spec.${list}[*].${name}`)),
  ],
  "v1/ResourceQuota": ["spec.scopes"],
  "v1/Secret": ["type"],
  "v1/Service": ["spec.clusterIP"],
};

export interface Mutability {
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
}

/** True if a change at this path replaces the object. */
export function isReplacing(
  kind: Kind,
  asked: Values,
  patch: boolean,
  mutability: Mutability,
): (path: readonly Step[]) => boolean {
  const patterns = ["metadata.name", "metadata.namespace", ...(patch ? [] : ofKind(kind, asked, mutability))].map(
    parsePath,
  );
  // A change above such a field (a whole `spec` that comes) changes the field too, where the new value holds it.
  return (path) =>
    patterns.some(
      (pattern) => contains(pattern, path) || (contains(path, pattern) && at(asked, pattern) !== undefined),
    );
}

function ofKind(kind: Kind, asked: Values, mutability: Mutability): readonly string[] {
  const key = `${apiVersionOf(kind)}/${kind.kind}`;
  const immutable = asked.immutable === true;
  if (key === "v1/Secret" && (!mutability.enableSecretMutable || immutable)) return ["type", "stringData", "data"];
  if (key === "v1/ConfigMap" && (!mutability.enableConfigMapMutable || immutable)) return ["binaryData", "data"];
  if (kind.group === "rbac.authorization.k8s.io" && /^(Cluster)?RoleBinding$/.test(kind.kind)) return ["roleRef"];
  return REPLACING[key] ?? [];
}
