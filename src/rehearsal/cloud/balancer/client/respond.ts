import type { LocalResponse } from "../rules/localActions.js";
import type { BalancerResponse } from "./clientConnection.js";
import { errorPage, phraseOf, SERVER_NAME } from "./errorResponses.js";

/** Answers with a status of the balancer's own and ALB's small page for it. */
export function respondWithError(response: BalancerResponse, status: number, keepAlive: boolean): void {
  respond(response, { status, headers: ["Content-Type", "text/html"], body: errorPage(status) }, keepAlive);
}

/** Sends a response that the balancer made. */
export function respond(response: BalancerResponse, local: LocalResponse, keepAlive: boolean): void {
  const { status, headers, body } = local;
  response.writeHead(status, phraseOf(status), [
    "Server",
    SERVER_NAME,
    ...headers,
    "Content-Length",
    String(Buffer.byteLength(body)),
    "Connection",
    keepAlive ? "keep-alive" : "close",
  ]);
  response.end(body);
}
