import type { Connection } from "../kubernetesApi/connection.js";
import { ApiError, isNotFound, UnreachableError } from "../kubernetesApi/errors.js";
import { until } from "./until.js";

/** Seconds on a quiet machine; a busy one takes its time. */
const DEADLINE_MS = 120_000;

export async function waitForApi(api: Connection, halt: AbortSignal | undefined): Promise<void> {
  await until("the API server is ready", DEADLINE_MS, halt, async () => {
    try {
      return (await api.text({ method: "GET", path: "/readyz" })) === "ok";
    } catch (error) {
      if (error instanceof ApiError || error instanceof UnreachableError) return error.message; // not yet: that is what we wait for
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
  api: Connection,
  names: readonly string[],
  halt: AbortSignal | undefined,
): Promise<void> {
  await until("all nodes are ready", DEADLINE_MS, halt, async () => {
    const { items } = (await api.json({ method: "GET", path: "/api/v1/nodes" })) as NodeList;
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
      await api.json({ method: "GET", path: "/api/v1/namespaces/default/serviceaccounts/default" });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  });
}
