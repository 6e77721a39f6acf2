import type { Connection } from "../../kubernetesApi/connection.js";
import { until } from "../until.js";
import { customResourceDefinition } from "./definition.js";
import { gateway, gatewayClass } from "./gateway.js";
import { httpRoute } from "./httpRoute.js";
import { targetGroupBinding } from "./targetGroupBinding.js";

const PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const DEADLINE_MS = 30_000;
const kinds = [targetGroupBinding, gatewayClass, gateway, httpRoute];

/** Teaches the API server the kinds that rehearsals use beside its own; resolves when it serves them. */
export async function installKinds(api: Connection, halt: AbortSignal | undefined): Promise<void> {
  await Promise.all(
    kinds.map(async (kind) => {
      const definition = customResourceDefinition(kind);
      const path = `${PATH}/${definition.metadata.name}`;
      await api.json({
        method: "PATCH",
        path,
        query: { fieldManager: "hitless-cluster", force: "true" },
        body: definition,
        contentType: "application/apply-patch+yaml",
      });
      await until(`the API server serves ${definition.metadata.name}`, DEADLINE_MS, halt, async () => {
        const { status } = (await api.json({ method: "GET", path })) as {
          status?: { conditions?: { type: string; status: string; message: string }[] };
        };
        const refused = status?.conditions?.find(
          ({ type, status }) => type === "NonStructuralSchema" && status === "True",
        );
        if (refused) throw new Error(`${definition.metadata.name} is refused: ${refused.message}`);
        return status?.conditions?.some(({ type, status }) => type === "Established" && status === "True") ?? false;
      });
    }),
  );
}
