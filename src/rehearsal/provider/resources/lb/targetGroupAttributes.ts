/** The nested blocks of a target group, and those of them that AWS keeps as attributes. */
import type { TargetGroupAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Values } from "../../protocol/values.js";
import { flag, integer, object, type Properties, text } from "../../schema/property.js";
import { type AttributeKeys, changedAttributes, readAttributes } from "./attributes.js";

/** Health check defaults: the real provider's, which differ from AWS's own (5 and 2); without a block AWS's own apply. */
export const GROUP_BLOCKS: Properties = {
  healthCheck: object(
    {
      enabled: flag({ default: true }),
      healthyThreshold: integer({ default: 3, range: [2, 10] }),
      interval: integer({ default: 30, range: [5, 300] }),
      matcher: text({ computed: true, same: sameMatcher }),
      path: text({ computed: true, range: [1, 1024] }),
      port: text({ default: "traffic-port" }),
      protocol: text({ default: "HTTP", oneOf: ["HTTP", "HTTPS"] }),
      timeout: integer({ computed: true, range: [2, 120] }),
      unhealthyThreshold: integer({ default: 3, range: [2, 10] }),
    },
    { computed: true },
  ),
  deregistrationDelay: integer({ default: 300, range: [0, 3600] }),
  slowStart: integer({ default: 0, range: [0, 900] }),
  loadBalancingAlgorithmType: text({
    computed: true,
    oneOf: ["round_robin", "least_outstanding_requests", "weighted_random"],
  }),
  loadBalancingAnomalyMitigation: text({ computed: true, oneOf: ["on", "off"] }),
  loadBalancingCrossZoneEnabled: text({ computed: true, oneOf: ["true", "false", "use_load_balancer_configuration"] }),
  stickiness: object(
    {
      type: text({ required: true, oneOf: ["lb_cookie", "app_cookie"] }),
      enabled: flag({ default: true }),
      cookieDuration: integer({ default: 86400, range: [1, 604800] }),
      cookieName: text(),
    },
    { computed: true },
  ),
  targetGroupHealth: object(
    {
      dnsFailover: object(
        {
          minimumHealthyTargetsCount: text({ default: "off" }),
          minimumHealthyTargetsPercentage: text({ default: "off" }),
        },
        { computed: true },
      ),
      unhealthyStateRouting: object(
        {
          minimumHealthyTargetsCount: integer({ default: 1 }),
          minimumHealthyTargetsPercentage: text({ default: "off" }),
        },
        { computed: true },
      ),
    },
    { computed: true },
  ),
};

const FLAT: AttributeKeys = {
  deregistrationDelay: { key: "deregistration_delay.timeout_seconds", kind: "integer", default: 300 },
  slowStart: { key: "slow_start.duration_seconds", kind: "integer", default: 0 },
  loadBalancingAlgorithmType: { key: "load_balancing.algorithm.type", kind: "text", default: "round_robin" },
  loadBalancingAnomalyMitigation: {
    key: "load_balancing.algorithm.anomaly_mitigation",
    kind: "text",
    default: "off",
  },
  loadBalancingCrossZoneEnabled: {
    key: "load_balancing.cross_zone.enabled",
    kind: "text",
    default: "use_load_balancer_configuration",
  },
  stickinessEnabled: { key: "stickiness.enabled", kind: "flag", default: false },
  stickinessType: { key: "stickiness.type", kind: "text", default: "lb_cookie" },
  lbCookieDuration: { key: "stickiness.lb_cookie.duration_seconds", kind: "integer", default: 86400 },
  appCookieDuration: { key: "stickiness.app_cookie.duration_seconds", kind: "integer", default: 86400 },
  appCookieName: { key: "stickiness.app_cookie.cookie_name", kind: "text", default: "" },
  dnsCount: { key: "target_group_health.dns_failover.minimum_healthy_targets.count", kind: "text", default: "off" },
  dnsPercentage: {
    key: "target_group_health.dns_failover.minimum_healthy_targets.percentage",
    kind: "text",
    default: "off",
  },
  routingCount: {
    key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count",
    kind: "integer",
    default: 1,
  },
  routingPercentage: {
    key: "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage",
    kind: "text",
    default: "off",
  },
};

const PLAIN = [
  "deregistrationDelay",
  "slowStart",
  "loadBalancingAlgorithmType",
  "loadBalancingAnomalyMitigation",
  "loadBalancingCrossZoneEnabled",
];

export function readGroupAttributes(attributes: readonly TargetGroupAttribute[] = []): Values {
  const flat = readAttributes(FLAT, attributes);
  const byApp = flat.stickinessType === "app_cookie";
  return {
    ...Object.fromEntries(PLAIN.map((name) => [name, flat[name]])),
    stickiness: {
      enabled: flat.stickinessEnabled,
      type: flat.stickinessType,
      cookieDuration: byApp ? flat.appCookieDuration : flat.lbCookieDuration,
      cookieName: byApp ? flat.appCookieName : "",
    },
    targetGroupHealth: {
      dnsFailover: {
        minimumHealthyTargetsCount: flat.dnsCount,
        minimumHealthyTargetsPercentage: flat.dnsPercentage,
      },
      unhealthyStateRouting: {
        minimumHealthyTargetsCount: flat.routingCount,
        minimumHealthyTargetsPercentage: flat.routingPercentage,
      },
    },
  };
}

/** Those attributes that must be set to reach the plan. */
export function changedGroupAttributes(
  planned: Values,
  attributes: readonly TargetGroupAttribute[] = [],
): { Key: string; Value: string }[] {
  const flat: Values = Object.fromEntries(PLAIN.map((name) => [name, planned[name]]));
  const { stickiness, targetGroupHealth: health } = planned;
  if (stickiness) {
    flat.stickinessEnabled = stickiness.enabled;
    flat.stickinessType = stickiness.type;
    if (stickiness.type === "app_cookie") {
      flat.appCookieDuration = stickiness.cookieDuration;
      flat.appCookieName = stickiness.cookieName;
    } else flat.lbCookieDuration = stickiness.cookieDuration;
  }
  flat.dnsCount = health?.dnsFailover?.minimumHealthyTargetsCount;
  flat.dnsPercentage = health?.dnsFailover?.minimumHealthyTargetsPercentage;
  flat.routingCount = health?.unhealthyStateRouting?.minimumHealthyTargetsCount;
  flat.routingPercentage = health?.unhealthyStateRouting?.minimumHealthyTargetsPercentage;
  return changedAttributes(FLAT, flat, attributes);
}

/** `200,202` and `202, 200` are the same codes. */
function sameMatcher(left: unknown, right: unknown): boolean {
  const codes = (matcher: unknown): string =>
    String(matcher)
      .split(",")
      .map((code) => code.trim())
      .sort()
      .join();
  return codes(left) === codes(right);
}
