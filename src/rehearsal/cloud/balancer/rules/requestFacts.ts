import type { IncomingMessage } from "node:http";

/** What rules may ask of a request; each part is worked out when first asked for, as most requests meet the default rule only. */
export class RequestFacts {
  #target?: string;
  #authority?: string;

  constructor(readonly request: IncomingMessage) {}

  get method(): string {
    return this.request.method ?? "GET";
  }

  /** The request target in origin form: a target in absolute form (RFC 9112, 3.2.2) is stripped of its scheme and authority. */
  get target(): string {
    if (this.#target === undefined) this.#readTarget();
    return this.#target as string;
  }

  /** The Host header, or the authority of a target in absolute form, which outranks it (RFC 9112, 3.2.2). */
  get authority(): string {
    if (this.#authority === undefined) this.#readTarget();
    return this.#authority as string;
  }

  /** The authority without its port, in lower case. */
  get host(): string {
    return this.authority.replace(/:\d*$/, "").toLowerCase();
  }

  get path(): string {
    const mark = this.target.indexOf("?");
    return mark < 0 ? this.target : this.target.slice(0, mark);
  }

  /** Without the question mark; empty when there is none. */
  get query(): string {
    const mark = this.target.indexOf("?");
    return mark < 0 ? "" : this.target.slice(mark + 1);
  }

  /** The peer of the connection; ALB's source-ip never looks at X-Forwarded-For (ALB guide, listeners). */
  get sourceAddress(): string {
    return plainAddress(this.request.socket.remoteAddress);
  }

  /** Every value of a header, in the order sent. */
  headerValues(lowerCaseName: string): string[] {
    const raw = this.request.rawHeaders;
    const values: string[] = [];
    for (let at = 0; at < raw.length; at += 2) {
      if (raw[at]?.toLowerCase() === lowerCaseName) values.push(raw[at + 1] as string);
    }
    return values;
  }

  #readTarget(): void {
    const url = this.request.url ?? "/";
    this.#target = url;
    // Only HTTP/1.0 may leave Host out; the address it reached is then what names the server.
    this.#authority = this.request.headers.host ?? plainAddress(this.request.socket.localAddress);
    if (url.startsWith("/") || url === "*") return;
    const absolute = /^https?:\/\/([^/?#]*)([^#]*)/i.exec(url);
    if (!absolute) return;
    this.#authority = absolute[1] as string;
    const rest = absolute[2] as string;
    this.#target = rest.startsWith("/") ? rest : `/${rest}`;
  }
}

/** An IPv4 address that arrived over a dual-stack socket is shown as IPv4. */
export function plainAddress(address: string | undefined): string {
  if (address === undefined) return "";
  return address.startsWith("::ffff:") ? address.slice(7) : address;
}
