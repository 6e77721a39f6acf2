import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { BalancerConfig, ListenerConfig, RuleConfig, TargetGroupConfig } from "../../balancer/dataPlane.js";
import type { Certificate } from "../../tls/x509.js";
import { keyOf } from "../api/kubeObjects.js";
import type { Attachment } from "./attachment.js";
import type { Backends } from "./backends.js";
import { conditionsOf, Unsupported } from "./conditions.js";
import type { Gateway, GatewayListener, HttpRoute, RouteFilter, RouteRule } from "./gatewayObjects.js";
import { byPrecedence, type Ranked } from "./precedence.js";

/** A route with what became of it at a Gateway. */
export interface AttachedRoute {
  readonly route: HttpRoute;
  readonly attachments: readonly Attachment[];
  /** What it asks for and the balancer cannot do; it is not served then. */
  readonly unsupported?: string;
  /** Why backends of it lead nowhere. */
  readonly unresolved: readonly string[];
}

interface Built {
  readonly config: BalancerConfig;
  readonly routes: readonly AttachedRoute[];
}

/** A Gateway whole, as the data plane takes a load balancer. */
export function gatewayConfig(
  gateway: Gateway,
  address: string,
  routes: readonly { readonly route: HttpRoute; readonly attachments: readonly Attachment[] }[],
  backends: Backends,
  certificate: (address: string) => Certificate,
): Built {
  const groups = new Map<string, TargetGroupConfig>();
  const judged = routes.map(({ route, attachments }) => judge(route, attachments, backends, groups));
  const arn = `gateway/${keyOf(gateway)}`;
  const listeners = gateway.spec.listeners.filter(isServed).map((listener): ListenerConfig => {
    const protocol = listener.protocol as "HTTP" | "HTTPS";
    return {
      arn: `${arn}/${listener.name}`,
      port: listener.port,
      protocol,
      ...(protocol === "HTTPS" && { certificate: certificate(address) }),
      rules: rulesOf(listener, judged, backends),
    };
  });
  const config = { arn, name: keyOf(gateway), address, attributes: {}, listeners, targetGroups: [...groups.values()] };
  return { config, routes: judged };
}

export function isServed({ protocol }: GatewayListener): boolean {
  return protocol === "HTTP" || protocol === "HTTPS";
}

/** Tries a route out: everything in it that cannot be served is found before any of it is. */
function judge(
  route: HttpRoute,
  attachments: readonly Attachment[],
  backends: Backends,
  groups: Map<string, TargetGroupConfig>,
): AttachedRoute {
  const unresolved: string[] = [];
  const own: TargetGroupConfig[] = [];
  try {
    for (const rule of route.spec.rules ?? []) {
      for (const match of rule.matches ?? [{}]) conditionsOf(match, []);
      redirectOf(rule.filters ?? []);
      for (const reference of rule.backendRefs ?? []) {
        if (reference.filters?.length) throw new Unsupported("filters of single backends are not served");
        const group = backends.group(reference, route.metadata.namespace as string);
        if (typeof group === "string") unresolved.push(group);
        else own.push(group);
      }
    }
  } catch (error) {
    if (!(error instanceof Unsupported)) throw error;
    return { route, attachments, unsupported: error.message, unresolved };
  }
  for (const group of own) groups.set(group.arn, group);
  return { route, attachments, unresolved };
}

function rulesOf(listener: GatewayListener, routes: readonly AttachedRoute[], backends: Backends): RuleConfig[] {
  const ranked = routes.flatMap(({ route, attachments, unsupported }): (Ranked & { rule: RouteRule })[] => {
    if (unsupported !== undefined) return [];
    return attachments
      .flatMap(({ listeners }) => listeners.filter((taken) => taken.listener.name === listener.name))
      .flatMap(({ hostnames }) =>
        (route.spec.rules ?? []).flatMap((rule, index) =>
          (rule.matches ?? [{}]).map((match) => ({ route, index, match, hostnames, rule })),
        ),
      );
  });
  const rules = ranked.sort(byPrecedence).map(({ route, index, match, hostnames, rule }, place) => ({
    arn: `${keyOf(route)}/${index}/${place}`,
    priority: place + 1,
    conditions: conditionsOf(match, hostnames),
    actions: [actionOf(rule, route.metadata.namespace as string, backends)],
  }));
  return [...rules, { arn: "none", priority: Number.POSITIVE_INFINITY, conditions: [], actions: [fixed(404)] }];
}

function actionOf(rule: RouteRule, namespace: string, backends: Backends): Action {
  const redirect = redirectOf(rule.filters ?? []);
  if (redirect) return redirect;
  const shares = (rule.backendRefs ?? []).flatMap((reference) => {
    const group = backends.group(reference, namespace);
    return typeof group === "string" ? [] : [{ TargetGroupArn: group.arn, Weight: reference.weight ?? 1 }];
  });
  // "If all entries are invalid, or weights add up to zero": 500 (Gateway API reference, HTTPRouteRule.backendRefs).
  if (!shares.some(({ Weight }) => Weight > 0)) return fixed(500);
  return { Type: "forward", ForwardConfig: { TargetGroups: shares } };
}

function redirectOf(filters: readonly RouteFilter[]): Action | undefined {
  const other = filters.find(({ type }) => type !== "RequestRedirect");
  if (other) throw new Unsupported(`the filter ${other.type} is not served; RequestRedirect is`);
  const redirect = filters[0]?.requestRedirect;
  if (redirect === undefined) return undefined;
  return {
    Type: "redirect",
    RedirectConfig: {
      StatusCode: redirect.statusCode === 301 ? "HTTP_301" : "HTTP_302",
      ...(redirect.scheme && { Protocol: redirect.scheme.toUpperCase() }),
      ...(redirect.hostname && { Host: redirect.hostname }),
      ...(redirect.port !== undefined && { Port: String(redirect.port) }),
    },
  };
}

function fixed(status: number): Action {
  return { Type: "fixed-response", FixedResponseConfig: { StatusCode: String(status), ContentType: "text/plain" } };
}
