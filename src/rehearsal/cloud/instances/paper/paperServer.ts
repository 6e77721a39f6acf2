import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { Clock } from "../../clock.js";
import type { PaperRelease } from "./paperRelease.js";

/** What the shared server needs to know of the instance at which a connection arrived. */
export interface PaperApp {
  readonly release: PaperRelease;
  isHealthy(): boolean;
  /** Told around every request, so that an instance that ends finishes what it has begun. */
  begun(socket: Socket): void;
  finished(socket: Socket): void;
}

/** Longer than a balancer's idle time-out (60 s), so that the balancer is always the one who closes an idle connection. */
const KEEP_ALIVE_MS = 75_000;
const LONGEST_SLOW_SECONDS = 60;

/**
 * The one HTTP server that answers for all paper instances, as the example app does: health checks by the release's health, `/slow?seconds=N`
 * after so long, everything else at once, with the version in `x-version` and in the body.
 */
export class PaperServer {
  private readonly apps = new WeakMap<Socket, PaperApp>();
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => {
      const app = this.apps.get(request.socket);
      if (!app) {
        request.socket.destroy();
        return;
      }
      serve(app, request, response).catch((error: Error) => response.destroy(error));
    });
    this.server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.server.requestTimeout = 0;
  }

  /** Answers on a connection in the name of an instance. */
  accept(socket: Socket, app: PaperApp): void {
    this.apps.set(socket, app);
    this.server.emit("connection", socket);
  }
}

async function serve(app: PaperApp, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { socket } = request;
  app.begun(socket);
  response.once("close", () => app.finished(socket));
  let uploaded = 0;
  for await (const chunk of request) uploaded += (chunk as Buffer).length;
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://paper");
  const { version, latencyMs, errorPercent } = app.release;
  if (isHealthCheck(request, pathname)) {
    const healthy = app.isHealthy();
    return answer(response, healthy ? 200 : 503, version, { healthy });
  }
  if (Math.random() * 100 < errorPercent)
    return answer(response, 500, version, { error: "this release fails on purpose" });
  if (latencyMs > 0) await pause(latencyMs / 1000, response);
  const seconds = pathname === "/slow" ? Number(searchParams.get("seconds") ?? 1) : 0;
  if (seconds > 0) await pause(Math.min(LONGEST_SLOW_SECONDS, seconds), response);
  answer(response, 200, version, { path: pathname, uploaded });
}

/** The work of a target is real time at any speed (docs/decisions/0004). */
const realTime = new Clock();

/** Waits, but not for an asker who has gone. */
function pause(seconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const cancel = realTime.after(seconds, resolve);
    response.once("close", () => {
      cancel();
      resolve();
    });
  });
}

/** Whatever path the target group asks: the load balancer names itself (ALB user guide, health checks). */
function isHealthCheck(request: IncomingMessage, pathname: string): boolean {
  return request.headers["user-agent"]?.startsWith("ELB-HealthChecker/") || pathname === "/health";
}

function answer(response: ServerResponse, status: number, version: string, body: object): void {
  const text = JSON.stringify({ version, ...body });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-version": version,
  });
  response.end(text);
}
