import { Faults } from "../../errors/faults.js";
import type { KubeApi } from "./kubeApi.js";
import type { ObjectMeta } from "./objects.js";
import { INJECT_LABEL } from "./readinessGates.js";

/** What a cluster has to have before pods are made. */
export interface ClusterNeeds {
  readonly namespace: string;
  /** What pods stand behind: a target group needs the AWS Load Balancer Controller, a Service the Gateway API. */
  readonly behind: "targetGroup" | "service";
  /** In a preview the namespace may be about to be made by the same program; nothing can be said of it then. */
  readonly preview: boolean;
}

/** What a controller brings, and how to have it. */
const CONTROLLERS = {
  targetGroup: {
    path: "/apis/elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    fix: "install the AWS Load Balancer Controller (`helm install aws-load-balancer-controller eks/aws-load-balancer-controller`), which brings it",
  },
  service: {
    path: "/apis/gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    fix: "install a Gateway controller with the kinds of the Gateway API (https://gateway-api.sigs.k8s.io/guides)",
  },
} as const;

/** Refuses a cluster in which a fleet's pods would not come up, or not in the way that loses no request. All faults at once. */
export async function assertCluster(api: KubeApi, needs: ClusterNeeds): Promise<void> {
  const faults = new Faults(api.subject);
  const { namespace, behind, preview } = needs;
  const found = await api.get<{ readonly metadata: ObjectMeta }>(`/api/v1/namespaces/${namespace}`);
  if (!found && !preview) {
    faults.add({
      code: "HIT380",
      problem: `the cluster has no namespace "${namespace}".`,
      fix: `make it (\`kubectl create namespace ${namespace}\`, or a kubernetes.core.v1.Namespace in the program), or name another one in fleet.namespace`,
    });
  }
  if (behind === "targetGroup" && found && found.metadata.labels?.[INJECT_LABEL] !== "enabled") {
    faults.add({
      code: "HIT381",
      problem: `namespace "${namespace}" lacks the label ${INJECT_LABEL}=enabled.`,
      fix: `kubectl label namespace ${namespace} ${INJECT_LABEL}=enabled`,
    });
  }
  const { path, kind, fix } = CONTROLLERS[behind];
  const kinds = await api.get<{ readonly resources?: readonly { readonly kind: string }[] }>(path);
  if (!kinds?.resources?.some((each) => each.kind === kind)) {
    faults.add({
      code: "HIT382",
      problem: `the cluster knows no ${kind} (${path.replace("/apis/", "")}).`,
      fix,
    });
  }
  faults.throwIfAny();
}
