/** What the balancer's tests share: a data plane on loopback, targets made of real HTTP servers, and clients. */
import { once } from "node:events";
import * as http from "node:http";
import * as net from "node:net";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import pino from "pino";
import { BalancerDataPlane } from "../../../../src/rehearsal/cloud/balancer/balancerDataPlane.js";
import type {
  BalancerConfig,
  BalancerCounts,
  HealthCheckConfig,
  RuleConfig,
  TargetConfig,
  TargetGroupConfig,
  TargetHealthChange,
} from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";

// The machine may be busy with other work; nothing here measures time.
jest.setTimeout(30_000);

export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly rawHeaders: string[];
  readonly body: Buffer;
  readonly trailers: NodeJS.Dict<string>;
}

/** Everything a test opened is closed by `close`. */
export class Bench {
  readonly clock: Clock;
  readonly plane: BalancerDataPlane;
  readonly health: TargetHealthChange[] = [];
  readonly counts: BalancerCounts[] = [];
  readonly listened: number[] = [];
  readonly #closers: (() => unknown)[] = [];

  constructor(speed = 20) {
    this.clock = new Clock(speed);
    this.plane = new BalancerDataPlane({
      clock: this.clock,
      log: pino({ level: "silent" }),
      listen: (address, port) => this.listen(address, port),
    });
    this.plane.events.on("health", (change) => this.health.push(change));
    this.plane.events.on("counts", (counts) => this.counts.push(...counts));
    this.#closers.push(() => this.plane.close());
  }

  async listen(address: string, port: number): Promise<net.Server> {
    this.listened.push(port);
    const server = net.createServer().listen(port, address);
    await once(server, "listening");
    return server;
  }

  /** An HTTP server that is a target; `/health` answers 200 unless the handler takes it. */
  async target(
    handler: http.RequestListener,
    options: http.ServerOptions & { health?: () => number } = {},
  ): Promise<HttpTarget> {
    const target = new HttpTarget(handler, options);
    await target.start();
    this.#closers.push(() => target.stop());
    return target;
  }

  /** A raw TCP server that is a target. */
  async rawTarget(onConnection: (socket: net.Socket) => void): Promise<number> {
    const sockets = new Set<net.Socket>();
    const server = net.createServer((socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
      onConnection(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    this.#closers.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as net.AddressInfo).port;
  }

  /** Resolves when the last reported state of a target is `state`. */
  async untilHealth(targetId: string, state: TargetHealthChange["state"]): Promise<TargetHealthChange> {
    for (;;) {
      const last = this.health.filter((change) => change.targetId === targetId).at(-1);
      if (last?.state === state) return last;
      await once(this.plane.events, "health");
    }
  }

  onClose(closer: () => unknown): void {
    this.#closers.push(closer);
  }

  async close(): Promise<void> {
    for (const close of this.#closers.reverse()) await close();
  }
}

export class HttpTarget {
  readonly server: http.Server;
  readonly sockets = new Set<net.Socket>();
  /** Health checks seen. */
  readonly checks: http.IncomingMessage[] = [];
  port = 0;

  constructor(handler: http.RequestListener, options: http.ServerOptions & { health?: () => number }) {
    const { health = () => 200, ...server } = options;
    this.server = http.createServer({ keepAliveTimeout: 100_000, ...server }, (request, response) => {
      if (request.url !== "/health") return handler(request, response);
      this.checks.push(request);
      response.writeHead(health()).end();
    });
    this.server.on("connection", (socket) => {
      this.sockets.add(socket);
      socket.on("close", () => this.sockets.delete(socket));
    });
  }

  async start(): Promise<void> {
    this.server.listen(this.port, "127.0.0.1");
    await once(this.server, "listening");
    this.port = (this.server.address() as net.AddressInfo).port;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

export const HEALTH: HealthCheckConfig = {
  enabled: true,
  protocol: "HTTP",
  path: "/health",
  intervalSeconds: 5,
  timeoutSeconds: 2,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: "200",
};

export function targetConfig(id: string, port: number, more: Partial<TargetConfig> = {}): TargetConfig {
  return { id, port, host: "127.0.0.1", connectPort: port, draining: false, registeredAt: 1, ...more };
}

export function group(name: string, targets: TargetConfig[], more: Partial<TargetGroupConfig> = {}): TargetGroupConfig {
  return { arn: `arn:${name}`, name, protocol: "HTTP", healthCheck: HEALTH, attributes: {}, targets, ...more };
}

export function forwardTo(...shares: [name: string, weight: number][]) {
  return {
    Type: "forward" as const,
    ForwardConfig: { TargetGroups: shares.map(([name, Weight]) => ({ TargetGroupArn: `arn:${name}`, Weight })) },
  };
}

export function rule(
  priority: number,
  conditions: RuleCondition[],
  ...actions: RuleConfig["actions"][number][]
): RuleConfig {
  return { arn: `arn:rule-${priority}`, priority, conditions, actions };
}

/** A balancer with one listener whose default rule forwards to the only group (or as `rules` say). */
export function balancer(
  port: number,
  targetGroups: TargetGroupConfig[],
  more: { rules?: RuleConfig[]; attributes?: Record<string, string> } = {},
): BalancerConfig {
  const rules = more.rules ?? [rule(Infinity, [], forwardTo([targetGroups[0]?.name ?? "", 1]))];
  return {
    arn: "arn:balancer",
    name: "web",
    address: "127.0.0.1",
    attributes: more.attributes ?? {},
    listeners: [{ arn: `arn:listener-${port}`, port, protocol: "HTTP", rules }],
    targetGroups,
  };
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: Buffer | string;
  readonly agent?: http.Agent;
  readonly localAddress?: string;
}

export function ask(port: number, options: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body, path = "/", agent, ...more } = options;
    const request = http.request({ host: "127.0.0.1", port, path, agent: agent ?? false, ...more }, (response) => {
      readAnswer(response).then(resolve, reject);
    });
    request.on("error", reject);
    request.end(body);
  });
}

export function readAnswer(response: http.IncomingMessage): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    response.on("data", (chunk: Buffer) => chunks.push(chunk));
    response.on("error", reject);
    response.on("end", () =>
      resolve({
        status: response.statusCode ?? 0,
        headers: response.headers,
        rawHeaders: response.rawHeaders,
        body: Buffer.concat(chunks),
        trailers: response.trailers,
      }),
    );
  });
}

/** Sends bytes as they are and resolves with everything that comes back until the other side closes. */
export async function sendRaw(port: number, bytes: string | Buffer): Promise<string> {
  const socket = net.connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
  });
  socket.on("error", () => undefined);
  socket.write(bytes);
  await once(socket, "close");
  return text;
}
