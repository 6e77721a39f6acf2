import * as lb from "@pulumi/aws/lb";
import type * as pulumi from "@pulumi/pulumi";
import { headerCondition, PREVIEW_TAG, type PreviewRoute, previewHeaders } from "../plan/previewRoutes.js";
import type { EntrancePlan } from "./checkEntrance.js";
import { conditionsOf, type Entrance } from "./entrance.js";

export interface PreviewRouteWish {
  readonly route: PreviewRoute;
  readonly plan: EntrancePlan;
  readonly entrance: Entrance;
  readonly targetGroupArn: pulumi.Input<string>;
  /** On top of `PREVIEW_TAG`. */
  readonly tags?: Record<string, string>;
}

/** The resources of a preview route. */
export interface PreviewNodes {
  /** With its own port. */
  readonly listener?: lb.Listener;
  /** With a header or a cookie, or where `sourceCidrs` restricts the port. */
  readonly rule?: lb.ListenerRule;
}

/**
 * A route that leads to one target group for ever. It is made after the entrance, and never changes when weights do. Where the entrance
 * is a rule, that rule's own conditions hold here too.
 */
export function createPreviewRoute(
  name: string,
  wish: PreviewRouteWish,
  opts: pulumi.CustomResourceOptions,
): PreviewNodes {
  const { route, plan, entrance, targetGroupArn } = wish;
  const tags = { [PREVIEW_TAG]: route.value, ...wish.tags };
  const forward = [{ type: "forward", targetGroupArn }];
  const sources = route.sourceCidrs ? [{ sourceIp: { values: [...route.sourceCidrs] } }] : [];
  if (route.kind !== "port") {
    const { priority } = route;
    const listenerArn = plan.kind === "rule" ? plan.listenerArn : entrance.id;
    const own = plan.kind === "rule" ? conditionsOf(plan.conditions) : [];
    const conditions = [...own, { httpHeader: headerCondition(route) }, ...sources];
    return { rule: new lb.ListenerRule(name, { listenerArn, priority, conditions, actions: forward, tags }, opts) };
  }
  if (plan.kind !== "listener") throw new Error("a port of its own needs the load balancer"); // checkPreview promises it
  const { loadBalancerArn, protocol, certificateArn } = plan;
  const closed = [{ type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "403" } }];
  const listener = new lb.Listener(
    name,
    {
      loadBalancerArn,
      port: route.port,
      protocol,
      ...(certificateArn !== undefined ? { certificateArn } : {}),
      defaultActions: sources.length > 0 ? closed : forward,
      tags,
    },
    opts,
  );
  if (sources.length === 0) return { listener };
  const rule = { listenerArn: listener.arn, priority: 1, conditions: sources, actions: forward, tags };
  return { listener, rule: new lb.ListenerRule(name, rule, opts) };
}

/** How a person or a pipeline uses a preview route. */
export interface PreviewAddress {
  /** Known where the program told the host name. */
  readonly url?: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function previewAddress(route: PreviewRoute, plan: EntrancePlan, url: string | undefined): PreviewAddress {
  const headers = previewHeaders(route);
  if (url === undefined) return { headers };
  if (route.kind !== "port" || plan.kind !== "listener") return { url, headers };
  const own = new URL(url);
  own.port = String(route.port);
  return { url: own.origin, headers };
}
