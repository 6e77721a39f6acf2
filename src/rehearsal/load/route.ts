import type { Dispatcher } from "undici";
import { Connections } from "./connections.js";
import type { LoadOptions, RequestSpec } from "./model.js";
import { opener } from "./opener.js";
import { ownHeaders } from "./ownHeaders.js";

/** Where a kind of request goes and how it is written, prepared once. */
export interface Route {
  readonly spec: RequestSpec;
  readonly connections: Connections;
  readonly options: Dispatcher.DispatchOptions;
  readonly body: Buffer | undefined;
  /** In small letters. */
  readonly versionHeader: string | undefined;
  readonly versionField: string | undefined;
}

/**
 * The routes of all kinds of request. They share connections, except that over TLS each name that a `Host` header asks for has its
 * own, since a server chooses its certificate by it.
 *
 * @throws Error that names a header which cannot be given
 */
export function routesOf(options: LoadOptions): Route[] {
  const url = new URL(options.url);
  const byHost = new Map<string, Connections>();
  return options.requests.map((spec) => {
    const headers = headersOf(spec);
    const host = (url.protocol === "https:" ? headers.get("host") : undefined) ?? url.host;
    const connections = byHost.get(host) ?? connectionsTo(url, host, options);
    byHost.set(host, connections);
    const body = spec.bodyBytes > 0 ? Buffer.alloc(spec.bodyBytes, "hitless ") : undefined;
    return {
      spec,
      connections,
      body,
      versionHeader: options.versionHeader?.toLowerCase(),
      versionField: options.versionField,
      options: {
        path: url.pathname.replace(/\/$/, "") + spec.path,
        method: spec.method,
        headers: [...headers].flat(),
        body: body ?? null,
        // undici would close the connection after a HEAD, and after a body that it does not expect with the method.
        reset: false,
      },
    };
  });
}

function headersOf({ headers }: RequestSpec): Map<string, string> {
  const own = ownHeaders(headers);
  if (own.length > 0) {
    throw new Error(`a request's headers name ${own.join(", ")}, which the load generator itself decides about`);
  }
  const small = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return new Map([["user-agent", "hitless-load"], ...small]);
}

function connectionsTo(url: URL, host: string, { trust, maxConnections, idleConnectionMs }: LoadOptions): Connections {
  const asked = URL.canParse(`https://${host}`) ? new URL(`https://${host}`).hostname : url.hostname;
  return new Connections({
    origin: url.origin,
    open: opener(url, asked, trust),
    most: maxConnections,
    idleMs: idleConnectionMs,
  });
}
