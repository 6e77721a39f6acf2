import { type Condition, conditionOf } from "../api/kubeObjects.js";
import type { AttachedRoute } from "./gatewayConfig.js";
import { isServed } from "./gatewayConfig.js";
import { CONTROLLER_NAME, type Gateway, type ParentStatus } from "./gatewayObjects.js";

type Said = Pick<Condition, "type" | "status" | "reason" | "message">;

/** Conditions with the time at which each became so: an unchanged one keeps its time. */
function dated(
  said: readonly Said[],
  before: readonly Condition[] | undefined,
  generation: number | undefined,
): Condition[] {
  return said.map((condition) => {
    const known = conditionOf({ status: { conditions: before ?? [] } }, condition.type);
    const lastTransitionTime =
      known?.status === condition.status ? known.lastTransitionTime : new Date().toISOString().replace(/\.\d+/, "");
    return { ...condition, lastTransitionTime, ...(generation !== undefined && { observedGeneration: generation }) };
  });
}

const yes = (type: string, reason = type): Said => ({ type, status: "True", reason, message: "" });
const no = (type: string, reason: string, message: string): Said => ({ type, status: "False", reason, message });

export function classConditions(before: readonly Condition[] | undefined, generation: number | undefined): Condition[] {
  return dated([yes("Accepted")], before, generation);
}

interface GatewayStatus {
  readonly conditions?: readonly Condition[];
  readonly listeners?: readonly { readonly name: string; readonly conditions?: readonly Condition[] }[];
}

/** @param trouble why the data plane could not take the Gateway as it is */
export function gatewayStatus(
  gateway: Gateway,
  address: string | undefined,
  routes: readonly AttachedRoute[],
  trouble?: string,
): object {
  const before = (gateway.status ?? {}) as GatewayStatus;
  const { generation } = gateway.metadata;
  const programmed = trouble === undefined ? yes("Programmed") : no("Programmed", "Invalid", trouble);
  return {
    ...(address !== undefined && { addresses: [{ type: "IPAddress", value: address }] }),
    conditions: dated([yes("Accepted"), programmed], before.conditions, generation),
    listeners: gateway.spec.listeners.map((listener) => {
      const served = isServed(listener);
      const said = served
        ? [yes("Accepted"), programmed, yes("ResolvedRefs")]
        : [no("Accepted", "UnsupportedProtocol", `${listener.protocol} is not served; HTTP and HTTPS are`)];
      const known = before.listeners?.find(({ name }) => name === listener.name);
      const attached = routes.filter(({ attachments }) =>
        attachments.some(({ listeners }) => listeners.some((taken) => taken.listener.name === listener.name)),
      );
      return {
        name: listener.name,
        attachedRoutes: attached.length,
        supportedKinds: served ? [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }] : [],
        conditions: dated(said, known?.conditions, generation),
      };
    }),
  };
}

/** What a route is told of each of its references to one Gateway. */
export function routeParents({ route, attachments, unsupported, unresolved }: AttachedRoute): ParentStatus[] {
  return attachments.map(({ parentRef, refused }) => {
    const known = route.status?.parents?.find(
      (parent) => parent.controllerName === CONTROLLER_NAME && sameParent(parent.parentRef, parentRef),
    );
    const accepted =
      unsupported !== undefined
        ? no("Accepted", "UnsupportedValue", unsupported)
        : refused !== undefined
          ? no("Accepted", refused.reason, refused.message)
          : yes("Accepted");
    const resolved =
      unresolved.length === 0 ? yes("ResolvedRefs") : no("ResolvedRefs", "BackendNotFound", unresolved.join("; "));
    const conditions = dated([accepted, resolved], known?.conditions, route.metadata.generation);
    return { parentRef, controllerName: CONTROLLER_NAME, conditions };
  });
}

export function sameParent(a: ParentStatus["parentRef"], b: ParentStatus["parentRef"]): boolean {
  return a.name === b.name && a.namespace === b.namespace && a.sectionName === b.sectionName && a.port === b.port;
}
