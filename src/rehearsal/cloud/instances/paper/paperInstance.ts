import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Clock } from "../../clock.js";
import type { ConsoleRing } from "../consoleRing.js";
import type { InstanceProcesses, ProcessEnd } from "../launcher.js";
import type { InstanceEndpoint } from "../runtime.js";
import type { PaperRelease } from "./paperRelease.js";
import type { PaperApp, PaperServer } from "./paperServer.js";

export interface PaperInstanceOptions {
  readonly release: PaperRelease;
  readonly host: string;
  readonly clock: Clock;
  readonly console: ConsoleRing;
  readonly server: PaperServer;
}

/** One instance without a process: an address of its own, at which the shared server answers once it has booted. */
export class PaperInstance implements InstanceProcesses, PaperApp {
  readonly endpoint: InstanceEndpoint;
  readonly ended: Promise<ProcessEnd>;
  private end!: (end: ProcessEnd) => void;
  /** Connections, with how many requests each one is in the middle of (pipelining makes it several). */
  private readonly sockets = new Map<Socket, number>();
  private readonly cancelBoot: () => void;
  private healthyUntil = Number.POSITIVE_INFINITY;
  private state: "booting" | "serving" | "ending" | "ended" = "booting";

  static start(options: PaperInstanceOptions): Promise<PaperInstance> {
    const listener = createServer();
    return new Promise((resolve, reject) => {
      listener.once("error", (error) =>
        reject(new Error(`no port can be opened on ${options.host}: ${error.message}`)),
      );
      // Taken at once, not when it has booted: the port is told now and must still be free then.
      listener.listen(0, options.host, () => resolve(new PaperInstance(options, listener)));
    });
  }

  private constructor(
    private readonly options: PaperInstanceOptions,
    private readonly listener: Server,
  ) {
    const { host, clock, release } = options;
    this.endpoint = { host, port: (listener.address() as AddressInfo).port };
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    listener.on("connection", (socket) => this.connected(socket));
    this.cancelBoot = clock.after(release.health.kind === "crash" ? 0 : release.bootSeconds, () => this.booted());
  }

  get release(): PaperRelease {
    return this.options.release;
  }

  isHealthy(): boolean {
    return this.release.health.kind !== "never" && this.options.clock.now() < this.healthyUntil;
  }

  begun(socket: Socket): void {
    this.sockets.set(socket, (this.sockets.get(socket) ?? 0) + 1);
  }

  finished(socket: Socket): void {
    const left = (this.sockets.get(socket) ?? 1) - 1;
    if (this.sockets.has(socket)) this.sockets.set(socket, left);
    if (this.state === "ending" && left === 0) socket.end();
  }

  /** As a well-behaved server on SIGTERM: nobody new is let in, and what was begun is finished. */
  terminate(): void {
    if (this.state === "ending" || this.state === "ended") return;
    this.state = "ending";
    this.cancelBoot();
    for (const [socket, requests] of this.sockets) if (requests === 0) socket.destroy();
    this.listener.close(() => this.over({ exitCode: 0, signal: null }));
  }

  kill(): void {
    this.stopAtOnce({ exitCode: null, signal: "SIGKILL" });
  }

  private booted(): void {
    const { version, health } = this.release;
    const { clock, console } = this.options;
    if (health.kind === "crash") {
      console.write(Buffer.from(`${version} crashes at boot on purpose\n`));
      this.stopAtOnce({ exitCode: 1, signal: null });
      return;
    }
    if (health.kind === "for") this.healthyUntil = clock.now() + clock.toRealMs(health.seconds);
    this.state = "serving";
    console.write(Buffer.from(`${version} listens\n`));
  }

  private connected(socket: Socket): void {
    socket.on("error", () => undefined); // "close" follows, and says all that matters here
    if (this.state !== "serving") {
      socket.resetAndDestroy();
      return;
    }
    this.sockets.set(socket, 0);
    socket.once("close", () => this.sockets.delete(socket));
    this.options.server.accept(socket, this);
  }

  private stopAtOnce(end: ProcessEnd): void {
    if (this.state === "ended") return;
    this.cancelBoot();
    this.listener.close();
    for (const socket of this.sockets.keys()) socket.resetAndDestroy();
    this.over(end);
  }

  private over(end: ProcessEnd): void {
    this.state = "ended";
    this.end(end);
  }
}
