import { type ClusterApi, ClusterApiError } from "./clusterApi.js";
import { until } from "./until.js";

/** Seconds on a quiet machine; a busy one takes its time. */
const DEADLINE_MS = 120_000;

export async function waitForApi(api: ClusterApi, halt: AbortSignal | undefined): Promise<void> {
  await until("the API server is ready", DEADLINE_MS, halt, async () => {
    try {
      return (await api.readiness()) === "ok";
    } catch (error) {
      if (error instanceof ClusterApiError) return error.message; // not yet: that is what we wait for
      throw error;
    }
  });
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly spec: { readonly taints?: readonly { readonly key: string; readonly effect: string }[] };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[];
    };
  }[];
}

/** Until pods can be scheduled onto all nodes, and get the account that each pod runs under. */
export async function waitForNodes(
  api: ClusterApi,
  names: readonly string[],
  halt: AbortSignal | undefined,
): Promise<void> {
  await until("all nodes are ready", DEADLINE_MS, halt, async () => {
    const { items } = await api.get<NodeList>("/api/v1/nodes");
    for (const name of names) {
      const node = items.find(({ metadata }) => metadata.name === name);
      const ready = node?.status.conditions?.find(({ type }) => type === "Ready");
      if (ready?.status !== "True") return `${name}: ${ready?.message ?? "it has not registered yet"}`;
      if (node?.spec.taints?.some(({ effect }) => effect !== "PreferNoSchedule")) return `${name} is still tainted`;
    }
    return true;
  });
  await until("the default service account is there", DEADLINE_MS, halt, async () => {
    try {
      await api.get("/api/v1/namespaces/default/serviceaccounts/default");
      return true;
    } catch (error) {
      if (error instanceof ClusterApiError && error.status === 404) return false;
      throw error;
    }
  });
}
