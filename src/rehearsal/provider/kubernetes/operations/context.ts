/** What one call of the engine works with. */
import type { Values } from "../../protocol/values.js";
import { Waiter } from "../../wait.js";
import type { Objects } from "../api/objects.js";
import type { Cluster } from "../config/cluster.js";
import type { KubernetesConfig } from "../config/config.js";
import { type Kind, kindOf, typeOf } from "../model/types.js";

/** What surrounds one call: cancellation, the user's timeout, and where it is told about. */
export interface Surroundings {
  readonly signal: AbortSignal;
  /** Progress, beside the resource. */
  readonly report: (progress: string) => void;
  /** A line that stays. */
  readonly warn: (message: string) => void;
  /** `customTimeouts`; 0 if the program gives none. */
  readonly timeoutSeconds: number;
}

export interface Context extends Surroundings {
  readonly config: KubernetesConfig;
  readonly cluster: Cluster;
  readonly speed: number;
}

/** The cluster's objects, or the error why there are none. */
export function objectsOf({ cluster, signal }: Context): Objects {
  if (cluster.objects) return cluster.objects.until(signal);
  throw new Error(`the configured Kubernetes cluster cannot be used: ${cluster.unreachable}`);
}

/** A cluster's time is real time: the rehearsal's speed does not shorten it. */
export function waiterOf({ signal, report }: Context): Waiter {
  return new Waiter(1, signal, report);
}

/** The kind of a resource, and whether it lives in namespaces, as far as that can be known. */
export async function placeOf(
  context: Context,
  urn: string,
  inputs: Values,
): Promise<{ kind: Kind; namespaced: boolean }> {
  const kind = kindOf(typeOf(urn), inputs);
  if (!context.cluster.objects) return { kind, namespaced: seemsNamespaced(kind) };
  const found = await objectsOf(context).discovery.find(kind, context.signal);
  // Not served (yet): a CustomResource before its definition is taken for namespaced, and corrected when it is created.
  return { kind, namespaced: found?.namespaced ?? seemsNamespaced(kind) };
}

/** A guess from the kind's name, where no server can be asked. */
function seemsNamespaced({ kind }: Kind): boolean {
  return !/^(Cluster|Namespace$|Node$|PersistentVolume$|CustomResourceDefinition$|APIService$|.*Class$|.*WebhookConfiguration$)/.test(
    kind,
  );
}
