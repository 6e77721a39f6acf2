import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { Attributes } from "./model.js";
import { invalid } from "./refusals.js";

/** What AWS takes for one attribute. */
interface Rule {
  readonly byDefault: string;
  /** Complains, or returns undefined. */
  readonly check?: (value: string) => string | undefined;
  /** Kept and read back, without effect in the local cloud. */
  readonly inert?: boolean;
}

export type AttributeTable = Readonly<Record<string, Rule>>;

const flag = (byDefault: boolean, inert = false): Rule => ({ ...choice(String(byDefault), "true", "false"), inert });
const text = (inert = true): Rule => ({ byDefault: "", inert });

function choice(byDefault: string, ...others: string[]): Rule {
  const allowed = [...new Set([byDefault, ...others])];
  return { byDefault, check: (value) => (allowed.includes(value) ? undefined : `one of ${allowed.join(", ")}`) };
}

function integer(byDefault: string, min: number, max: number, ...words: string[]): Rule {
  const inRange = (value: string): boolean => /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
  const described = `an integer from ${min} to ${max}${words.map((word) => `, or ${word}`).join("")}`;
  return { byDefault, check: (value) => (inRange(value) || words.includes(value) ? undefined : described) };
}

const cookieSeconds = integer("86400", 1, 604800);

/** Target group attributes of an Application Load Balancer: botocore model (TargetGroupAttribute), ALB guide. */
export const targetGroupAttributes: AttributeTable = {
  "deregistration_delay.timeout_seconds": integer("300", 0, 3600),
  "load_balancing.algorithm.anomaly_mitigation": { ...choice("off", "on"), inert: true },
  "load_balancing.algorithm.type": choice("round_robin", "least_outstanding_requests", "weighted_random"),
  "load_balancing.cross_zone.enabled": {
    ...choice("use_load_balancer_configuration", "true", "false"),
    inert: true,
  },
  // 0 switches slow start off, otherwise 30 to 900 seconds.
  "slow_start.duration_seconds": integer("0", 30, 900, "0"),
  // Names that begin with AWSALB are the load balancer's own (botocore model).
  "stickiness.app_cookie.cookie_name": {
    byDefault: "",
    check: (value) => (/^AWSALB/.test(value) ? "a name that does not begin with AWSALB" : undefined),
  },
  "stickiness.app_cookie.duration_seconds": cookieSeconds,
  "stickiness.enabled": flag(false),
  "stickiness.lb_cookie.duration_seconds": cookieSeconds,
  "stickiness.type": choice("lb_cookie", "app_cookie"),
  "target_group_health.dns_failover.minimum_healthy_targets.count": { ...integer("1", 1, 1000, "off"), inert: true },
  "target_group_health.dns_failover.minimum_healthy_targets.percentage": {
    ...integer("off", 1, 100, "off"),
    inert: true,
  },
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.count": integer("1", 1, 1000),
  "target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage": integer("off", 1, 100, "off"),
};

/** Load balancer attributes of an Application Load Balancer: botocore model (LoadBalancerAttribute). */
export const loadBalancerAttributes: AttributeTable = {
  "access_logs.s3.bucket": text(),
  "access_logs.s3.enabled": flag(false, true),
  "access_logs.s3.prefix": text(),
  "client_keep_alive.seconds": integer("3600", 60, 604800),
  "connection_logs.s3.bucket": text(),
  "connection_logs.s3.enabled": flag(false, true),
  "connection_logs.s3.prefix": text(),
  "deletion_protection.enabled": flag(false),
  "health_check_logs.s3.bucket": text(),
  "health_check_logs.s3.enabled": flag(false, true),
  "health_check_logs.s3.prefix": text(),
  "idle_timeout.timeout_seconds": integer("60", 1, 4000),
  "ipv6.deny_all_igw_traffic": flag(false, true),
  "load_balancing.cross_zone.enabled": choice("true"),
  "routing.http.desync_mitigation_mode": { ...choice("defensive", "monitor", "strictest"), inert: true },
  "routing.http.drop_invalid_header_fields.enabled": flag(false, true),
  "routing.http.preserve_host_header.enabled": flag(false, true),
  "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": flag(false, true),
  "routing.http.xff_client_port.enabled": flag(false),
  "routing.http.xff_header_processing.mode": choice("append", "preserve", "remove"),
  "routing.http2.enabled": flag(true, true),
  "waf.fail_open.enabled": flag(false, true),
  "zonal_shift.config.enabled": flag(false, true),
};

/** Listener attributes of an HTTP listener: botocore model (ListenerAttribute). */
export const listenerAttributes: AttributeTable = {
  "routing.http.response.access_control_allow_credentials.header_value": text(),
  "routing.http.response.access_control_allow_headers.header_value": text(),
  "routing.http.response.access_control_allow_methods.header_value": text(),
  "routing.http.response.access_control_allow_origin.header_value": text(),
  "routing.http.response.access_control_expose_headers.header_value": text(),
  "routing.http.response.access_control_max_age.header_value": text(),
  "routing.http.response.content_security_policy.header_value": text(),
  "routing.http.response.server.enabled": flag(true, true),
  "routing.http.response.strict_transport_security.header_value": text(),
  "routing.http.response.x_content_type_options.header_value": text(),
  "routing.http.response.x_frame_options.header_value": text(),
};

/** The attributes of a new resource. */
export function defaultAttributes(table: AttributeTable): Attributes {
  return Object.fromEntries(Object.entries(table).map(([key, rule]) => [key, rule.byDefault]));
}

/** The attributes with a caller's changes, each checked; a change without effect here is said in the log. */
export function changeAttributes(
  table: AttributeTable,
  current: Attributes,
  changes: readonly { Key?: string; Value?: string }[],
  log: Logger,
): Attributes {
  const next = { ...current };
  for (const { Key: key = "", Value: value = "" } of changes) {
    const rule = Object.hasOwn(table, key) ? table[key] : undefined;
    if (!rule) throw invalid(`Attribute key '${key}' is not recognized`);
    const expected = rule.check?.(value);
    if (expected !== undefined) {
      throw new AwsError("InvalidConfigurationRequest", `Attribute '${key}' is '${value}', expected ${expected}`);
    }
    if (rule.inert && value !== rule.byDefault) {
      log.warn({ attribute: key, value }, `${key} is kept, but the local cloud does not act on it`);
    }
    next[key] = value;
  }
  return next;
}

/** As the API lists them. */
export function listAttributes(attributes: Attributes): { Key: string; Value: string }[] {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}
