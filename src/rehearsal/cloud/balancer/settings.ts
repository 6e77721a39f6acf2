import type { Clock } from "../clock.js";
import { numberAttribute } from "./balancerContext.js";
import type { ListenerConfig } from "./dataPlane.js";
import type { HeaderPolicy } from "./forward/requestHead.js";

/**
 * What a balancer's attributes say, read once. Host is passed on as it came, and a request that breaks HTTP is refused, whatever
 * `routing.http.preserve_host_header.enabled` and `routing.http.desync_mitigation_mode` say; attributes that concern logs, WAF,
 * zones and TLS header fields have no effect here.
 */
export interface BalancerSettings {
  /** Real milliseconds: it guards the work of servers and clients (docs/decisions/0004-what-speed-divides.md). */
  readonly idleTimeoutMs: number;
  /** How long a client's connection lives at most; AWS's own wait, so speed divides it. */
  readonly clientKeepAliveMs: number;
}

export function readSettings(attributes: Readonly<Record<string, string>>, clock: Clock): BalancerSettings {
  return {
    idleTimeoutMs: numberAttribute(attributes, "idle_timeout.timeout_seconds", 60) * 1000,
    clientKeepAliveMs: clock.toRealMs(numberAttribute(attributes, "client_keep_alive.seconds", 3600)),
  };
}

export function readHeaderPolicy(
  attributes: Readonly<Record<string, string>>,
  listener: Pick<ListenerConfig, "port" | "protocol">,
): HeaderPolicy {
  const mode = attributes["routing.http.xff_header_processing.mode"];
  return {
    proto: listener.protocol === "HTTPS" ? "https" : "http",
    port: listener.port,
    forwardedFor: mode === "preserve" || mode === "remove" ? mode : "append",
    clientPort: attributes["routing.http.xff_client_port.enabled"] === "true",
  };
}
