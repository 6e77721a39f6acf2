import type { IncomingMessage } from "node:http";
import { plainAddress, type RequestFacts } from "../rules/requestFacts.js";
import { traceId } from "./traceId.js";

/** How a listener and its balancer's attributes shape the headers that a target sees. */
export interface HeaderPolicy {
  readonly proto: "http" | "https";
  readonly port: number;
  /** `routing.http.xff_header_processing.mode` */
  readonly forwardedFor: "append" | "preserve" | "remove";
  /** `routing.http.xff_client_port.enabled` */
  readonly clientPort: boolean;
}

/** A request that ALB answers by itself before any rule is looked at. */
export class RefusedRequest extends Error {
  constructor(readonly status: 400 | 405 | 414 | 463 | 501) {
    super(`refused with ${status}`);
  }
}

// Request line 16 K, single header 16 K (ALB guide, limits); the whole head's 64 K is the parser's setting.
const LINE_LIMIT = 16 * 1024;
const FORWARDED_FOR_LIMIT = 30;

type HeaderKind = "end" | "hop" | "connection" | "host" | "coding" | "forwardedFor" | "ours" | "trace" | "trailer";

const KINDS: Readonly<Record<string, HeaderKind>> = {
  connection: "connection",
  "keep-alive": "hop",
  "proxy-connection": "hop",
  te: "hop",
  upgrade: "hop",
  "http2-settings": "hop",
  expect: "hop", // answered by the balancer itself
  "transfer-encoding": "coding",
  trailer: "trailer",
  host: "host",
  "x-forwarded-for": "forwardedFor",
  "x-forwarded-proto": "ours",
  "x-forwarded-port": "ours",
  "x-amzn-trace-id": "trace",
};

const kindByName = new Map<string, HeaderKind>();
const KIND_CACHE_LIMIT = 500;

function kindOf(name: string): HeaderKind {
  let kind = kindByName.get(name);
  if (kind === undefined) {
    kind = KINDS[name.toLowerCase()] ?? "end";
    if (kindByName.size < KIND_CACHE_LIMIT) kindByName.set(name, kind);
  }
  return kind;
}

/** Whether the request has a body, and how it is framed. */
export function bodyFraming(request: IncomingMessage): "none" | "length" | "chunked" {
  if (request.headers["transfer-encoding"] !== undefined) return "chunked";
  const length = request.headers["content-length"];
  return length === undefined || length === "0" ? "none" : "length";
}

/**
 * The head of the request as the target gets it. Headers keep their order and spelling; those that concern one connection only are
 * left out; X-Forwarded-For, -Proto, -Port and X-Amzn-Trace-Id are added as ALB does. Throws RefusedRequest.
 */
export function buildRequestHead(facts: RequestFacts, policy: HeaderPolicy, upgrade: boolean, nowMs: number): string {
  const { request, target } = facts;
  if (facts.method === "TRACE") throw new RefusedRequest(405); // "not supported by Application Load Balancers"
  if (target.length > LINE_LIMIT) throw new RefusedRequest(414);
  refuseDoubtful(request, upgrade);
  const raw = request.rawHeaders;
  let head = `${facts.method} ${target} HTTP/1.1\r\nHost: ${facts.authority}\r\n`;
  let hosts = 0;
  let forwardedFor: string | undefined;
  let trace: string | undefined;
  let named: string[] | undefined;
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] as string;
    const value = raw[at + 1] as string;
    if (value.length > LINE_LIMIT) throw new RefusedRequest(400);
    switch (kindOf(name)) {
      case "end":
        head += `${name}: ${value}\r\n`;
        break;
      case "host":
        hosts++;
        break;
      case "connection":
        named = namedOptions(value, named);
        break;
      case "coding":
        if (value.toLowerCase() !== "chunked") throw new RefusedRequest(501);
        head += "Transfer-Encoding: chunked\r\n";
        break;
      case "trailer":
        if (request.headers["transfer-encoding"] !== undefined) head += `${name}: ${value}\r\n`;
        break;
      case "forwardedFor":
        forwardedFor = forwardedFor === undefined ? value : `${forwardedFor}, ${value}`;
        break;
      case "trace":
        trace ??= value;
        break;
    }
  }
  if (hosts > 1 || (hosts === 0 && request.httpVersionMinor >= 1)) throw new RefusedRequest(400);
  if (named) head = withoutNamed(head, named);
  head += forwardedForLine(request, policy, forwardedFor);
  head += `X-Forwarded-Proto: ${policy.proto}\r\nX-Forwarded-Port: ${policy.port}\r\n`;
  head += `X-Amzn-Trace-Id: ${traceId(trace, nowMs)}\r\n`;
  return head + (upgrade ? "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
}

/** What Node's strict parser lets through, although two servers could read it in two ways. */
function refuseDoubtful(request: IncomingMessage, upgrade: boolean): void {
  const { httpVersionMajor, httpVersionMinor, headers } = request;
  const { host } = headers;
  const coded = headers["transfer-encoding"] !== undefined;
  const doubtful =
    httpVersionMajor !== 1 ||
    // "A server or client that receives an HTTP/1.0 message containing a Transfer-Encoding … MUST treat the message as if the framing is faulty" (RFC 9112, 6.1)
    (coded && httpVersionMinor < 1) ||
    // Behind a request to upgrade nobody could tell its body from the other protocol's first bytes.
    (upgrade && bodyFraming(request) !== "none") ||
    // "any request message that contains a Host header field … with an invalid field value" (RFC 9112, 3.2)
    (host !== undefined && /[\s/?#@\\]/.test(host));
  if (doubtful) throw new RefusedRequest(400);
}

function forwardedForLine(request: IncomingMessage, policy: HeaderPolicy, incoming: string | undefined): string {
  if (incoming !== undefined && incoming.split(",").length > FORWARDED_FOR_LIMIT) throw new RefusedRequest(463);
  if (policy.forwardedFor === "remove") return "";
  if (policy.forwardedFor === "preserve") return incoming === undefined ? "" : `X-Forwarded-For: ${incoming}\r\n`;
  const peer = plainAddress(request.socket.remoteAddress);
  const client = policy.clientPort ? `${peer}:${request.socket.remotePort}` : peer;
  return `X-Forwarded-For: ${incoming === undefined ? client : `${incoming}, ${client}`}\r\n`;
}

/** Names that a Connection header marks as concerning this connection only, beyond those that are so anyway. */
function namedOptions(value: string, before: string[] | undefined): string[] | undefined {
  let named = before;
  for (const part of value.toLowerCase().split(",")) {
    const option = part.trim();
    if (option === "" || option === "close" || kindOf(option) !== "end") continue;
    // A request may not have the headers removed that say where it ends or where it goes.
    if (option === "content-length") continue;
    named = named ?? [];
    named.push(option);
  }
  return named;
}

function withoutNamed(head: string, named: readonly string[]): string {
  const lines = head.split("\r\n");
  return lines
    .filter((line, at) => at < 2 || !named.includes(line.slice(0, Math.max(0, line.indexOf(":"))).toLowerCase()))
    .join("\r\n");
}
