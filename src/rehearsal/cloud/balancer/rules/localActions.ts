import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ListenerConfig } from "../dataPlane.js";
import type { RequestFacts } from "./requestFacts.js";

/** A response that the balancer makes itself. */
export interface LocalResponse {
  readonly status: number;
  /** Raw headers without Content-Length. */
  readonly headers: readonly string[];
  readonly body: string;
}

/** `fixed-response`: a status, perhaps with a text. */
export class FixedResponseAction {
  readonly kind = "local";
  readonly #response: LocalResponse;

  constructor(action: Action) {
    const config = action.FixedResponseConfig;
    const status = Number(config?.StatusCode);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new Error(`A fixed-response action has StatusCode "${config?.StatusCode}", expected 2XX, 4XX or 5XX.`);
    }
    const body = config?.MessageBody ?? "";
    this.#response = { status, headers: ["Content-Type", config?.ContentType ?? "text/plain"], body };
  }

  respond(): LocalResponse {
    return this.#response;
  }
}

/** `redirect`: a Location made of parts of the request's URL. */
export class RedirectAction {
  readonly kind = "local";
  readonly #status: number;
  readonly #template: { protocol: string; host: string; port: string; path: string; query: string };

  constructor(
    action: Action,
    private readonly listener: Pick<ListenerConfig, "port" | "protocol">,
  ) {
    const config = action.RedirectConfig;
    const status = /^HTTP_(301|302)$/.exec(config?.StatusCode ?? "")?.[1];
    if (!status)
      throw new Error(`A redirect action has StatusCode "${config?.StatusCode}", expected HTTP_301 or HTTP_302.`);
    this.#status = Number(status);
    this.#template = {
      protocol: config?.Protocol ?? "#{protocol}",
      host: config?.Host ?? "#{host}",
      port: config?.Port ?? "#{port}",
      path: config?.Path ?? "/#{path}",
      query: config?.Query ?? "#{query}",
    };
  }

  respond(facts: RequestFacts): LocalResponse {
    const parts: Record<string, string> = {
      protocol: this.listener.protocol.toLowerCase(),
      host: facts.host,
      port: String(this.listener.port),
      path: facts.path.replace(/^\//, ""),
      query: facts.query,
    };
    const fill = (text: string): string =>
      text.replace(/#\{(protocol|host|port|path|query)\}/g, (_, key) => parts[key] ?? "");
    const { protocol, host, port, path, query } = this.#template;
    const filledQuery = fill(query);
    const location =
      `${fill(protocol).toLowerCase()}://${fill(host)}:${fill(port)}${fill(path)}` +
      (filledQuery ? `?${filledQuery}` : "");
    return { status: this.#status, headers: ["Location", location, "Content-Type", "text/html"], body: "" };
  }
}
