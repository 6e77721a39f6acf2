import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { type BalancerContext, realSeconds } from "../balancerContext.js";

export interface ProbeOptions {
  readonly protocol: "HTTP" | "HTTPS";
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly timeoutSeconds: number;
}

export type ProbeResult =
  | { readonly kind: "status"; readonly status: number }
  | { readonly kind: "timeout" }
  | { readonly kind: "failed"; readonly message: string };

/**
 * One health check: GET with `User-Agent: ELB-HealthChecker/2.0` and `Host: ip:port`, its connection closed afterwards (ALB guide,
 * health checks). Calls `done` exactly once, unless the returned function cancelled it before.
 */
export function probe(
  context: BalancerContext,
  options: ProbeOptions,
  done: (result: ProbeResult) => void,
): () => void {
  let settled = false;
  const settle = (result: ProbeResult): void => {
    if (settled) return;
    settled = true;
    done(result);
  };
  const send = options.protocol === "HTTPS" ? requestHttps : requestHttp;
  const request = send({
    agent: false,
    host: options.host,
    port: options.port,
    path: options.path,
    rejectUnauthorized: false,
    headers: {
      Host: `${options.host}:${options.port}`,
      Connection: "close",
      "User-Agent": "ELB-HealthChecker/2.0",
      "Accept-Encoding": "gzip, compressed",
    },
  });
  // Real seconds at any speed: it guards the work of the target (docs/decisions/0004-what-speed-divides.md).
  const cancelTimeout = context.clock.after(realSeconds(context, options.timeoutSeconds), () => {
    settle({ kind: "timeout" });
    request.destroy();
  });
  request.on("response", (response) => {
    settle({ kind: "status", status: response.statusCode ?? 0 });
    response.resume();
    // What becomes of the body does not matter: the status has been counted.
    response.on("error", () => undefined);
  });
  request.on("error", (error: NodeJS.ErrnoException) =>
    settle({ kind: "failed", message: error.code ?? error.message }),
  );
  request.on("close", () => {
    cancelTimeout();
    settle({ kind: "failed", message: "connection closed without a response" });
  });
  request.end();
  return () => {
    settled = true;
    cancelTimeout();
    request.destroy();
  };
}
