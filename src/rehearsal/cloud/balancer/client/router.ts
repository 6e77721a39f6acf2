import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { BalancerContext } from "../balancerContext.js";
import type { CauseLog } from "../causeLog.js";
import type { Counts } from "../counts.js";
import { Exchange, type ExchangeHost } from "../forward/exchange.js";
import { buildRequestHead, type HeaderPolicy, RefusedRequest } from "../forward/requestHead.js";
import type { ForwardAction } from "../rules/groupChoice.js";
import { RequestFacts } from "../rules/requestFacts.js";
import type { RuleMatcher } from "../rules/ruleMatcher.js";
import type { BalancerSettings } from "../settings.js";
import { type BalancerResponse, ClientConnection } from "./clientConnection.js";
import type { ElbStatus } from "./errorResponses.js";
import type { RequestTaker } from "./listenerServer.js";
import { respond, respondWithError } from "./respond.js";

/** Decides what becomes of each request of one listener. */
export class Router implements RequestTaker, ExchangeHost {
  /** Set by the listener's end. */
  closing = false;

  constructor(
    private readonly context: BalancerContext,
    readonly counts: Counts,
    readonly causes: CauseLog,
    public settings: BalancerSettings,
    public matcher: RuleMatcher,
    public headerPolicy: HeaderPolicy,
  ) {}

  get idleTimeoutMs(): number {
    return this.settings.idleTimeoutMs;
  }

  now(): number {
    return this.context.clock.now();
  }

  /** "Keep-alive duration elapsed": ALB serves one more request and closes the connection with its response. */
  keepsClient(response: BalancerResponse): boolean {
    if (this.closing || !response.shouldKeepAlive) return false;
    const client = ClientConnection.of(response.req.socket);
    if (client === undefined) return true;
    return !client.retired && this.now() - client.openedAt < this.settings.clientKeepAliveMs;
  }

  take(request: IncomingMessage, response: BalancerResponse, upgrade?: { socket: Socket; head: Buffer }): void {
    const now = this.now();
    const facts = new RequestFacts(request);
    let head: string;
    try {
      head = buildRequestHead(facts, this.headerPolicy, upgrade !== undefined, now);
    } catch (error) {
      if (!(error instanceof RefusedRequest)) throw error;
      this.#refuse(response, error.status);
      return;
    }
    const action = this.matcher.find(facts);
    if (action === undefined) {
      this.#refuse(response, 503);
      return;
    }
    if (action.kind === "local") {
      respond(response, action.respond(facts), this.keepsClient(response));
      return;
    }
    this.#forward(action, request, response, head, now, upgrade);
  }

  #forward(
    action: ForwardAction,
    request: IncomingMessage,
    response: BalancerResponse,
    head: string,
    now: number,
    upgrade?: { socket: Socket; head: Buffer },
  ): void {
    const { cookie } = request.headers;
    const group = action.choose(cookie, now);
    const pick = group?.pick(cookie, now, action.weighted);
    if (group === undefined || pick === undefined) {
      group?.counts.balancerAnswered(503);
      this.causes.warn(
        group?.arn ?? "no group",
        { targetGroup: group?.arn },
        group ? "503: the target group has no registered targets" : "503: all weights of the forward action are 0",
      );
      this.#refuse(response, 503);
      return;
    }
    new Exchange(this, request, response, { action, group, pick }, upgrade).start(head);
  }

  #refuse(response: BalancerResponse, status: ElbStatus): void {
    this.counts.balancerAnswered(status);
    const keep = status >= 502 && this.keepsClient(response);
    // Behind a request that was refused for its form the next one's beginning would be a guess.
    const client = ClientConnection.of(response.req.socket);
    if (client && status < 502) client.refused = true;
    respondWithError(response, status, keep);
  }
}
