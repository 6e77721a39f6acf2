import { keyOf } from "../api/kubeObjects.js";
import type { Gateway, GatewayListener, HttpRoute, Namespace, ParentRef } from "./gatewayObjects.js";

/** Where a route is to be served, or why not. */
export interface Attachment {
  readonly parentRef: ParentRef;
  /** The listeners that take it, with the hosts under which they do (none: every host). */
  readonly listeners: readonly { readonly listener: GatewayListener; readonly hostnames: readonly string[] }[];
  /** Set when no listener takes it: reason and message of its condition. */
  readonly refused?: { readonly reason: string; readonly message: string };
}

/** What a route asks of a Gateway, one for each of its references to it. */
export function attachmentsOf(
  route: HttpRoute,
  gateway: Gateway,
  namespace: (name: string) => Namespace | undefined,
): Attachment[] {
  const references = (route.spec.parentRefs ?? []).filter((parent) => pointsAt(parent, route, gateway));
  return references.map((parentRef) => {
    const named = gateway.spec.listeners.filter(
      ({ name, port }) =>
        (parentRef.sectionName === undefined || parentRef.sectionName === name) &&
        (parentRef.port === undefined || parentRef.port === port),
    );
    if (named.length === 0)
      return refusal(parentRef, "NoMatchingParent", "the Gateway has no listener of that name or port");
    const allowed = named.filter((listener) => allows(listener, route, gateway, namespace));
    if (allowed.length === 0)
      return refusal(
        parentRef,
        "NotAllowedByListeners",
        "the Gateway's listeners do not allow routes from this namespace",
      );
    const listeners = allowed.flatMap((listener) => {
      const hostnames = commonHosts(listener.hostname, route.spec.hostnames ?? []);
      return hostnames === undefined ? [] : [{ listener, hostnames }];
    });
    if (listeners.length === 0)
      return refusal(parentRef, "NoMatchingListenerHostname", "none of the route's hosts is one of the listeners'");
    return { parentRef, listeners };
  });
}

function refusal(parentRef: ParentRef, reason: string, message: string): Attachment {
  return { parentRef, listeners: [], refused: { reason, message } };
}

export function pointsAt(parent: ParentRef, route: HttpRoute, gateway: Gateway): boolean {
  const { group = "gateway.networking.k8s.io", kind = "Gateway", name, namespace = route.metadata.namespace } = parent;
  return group === "gateway.networking.k8s.io" && kind === "Gateway" && `${namespace}/${name}` === keyOf(gateway);
}

function allows(
  { allowedRoutes }: GatewayListener,
  route: HttpRoute,
  gateway: Gateway,
  namespace: (name: string) => Namespace | undefined,
): boolean {
  const { from = "Same", selector } = allowedRoutes?.namespaces ?? {};
  if (from === "All") return true;
  if (from === "Same") return route.metadata.namespace === gateway.metadata.namespace;
  const labels = namespace(route.metadata.namespace ?? "")?.metadata.labels ?? {};
  return Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
}

/** The hosts that both have in common; empty for every host, undefined for none (Gateway API reference, HTTPRouteSpec.hostnames). */
function commonHosts(listener: string | undefined, route: readonly string[]): readonly string[] | undefined {
  if (listener === undefined) return route;
  if (route.length === 0) return [listener];
  const common = route.flatMap((name) => (covers(listener, name) ? [name] : covers(name, listener) ? [listener] : []));
  return common.length > 0 ? common : undefined;
}

/** `*.example.com` covers `shop.example.com` and `a.shop.example.com`, and not `example.com`. */
function covers(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith("*.") && name.endsWith(pattern.slice(1)));
}
