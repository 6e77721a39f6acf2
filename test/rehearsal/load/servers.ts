import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import type { LoadOptions, RequestSpec } from "../../../src/rehearsal/load/model.js";

const opened: { close: () => Promise<void> }[] = [];

/** Closes every server of this file's tests, with its connections. */
export async function closeServers(): Promise<void> {
  await Promise.all(opened.splice(0).map((server) => server.close()));
}

async function listening(server: net.Server, sockets: Set<net.Socket>): Promise<string> {
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A real HTTP server. */
export function httpServer(answer: http.RequestListener): Promise<string> {
  return listening(http.createServer(answer), new Set());
}

/** A real HTTPS server. */
export async function httpsServer(
  certificate: { cert: string; key: string },
  answer: http.RequestListener,
): Promise<string> {
  const url = await listening(https.createServer(certificate, answer), new Set());
  return url.replace("http:", "https:");
}

/** A server that answers each request with raw bytes, or does to its connection what it likes. */
export function rawServer(onRequest: (socket: net.Socket, requestOnConnection: number) => void): Promise<string> {
  const server = net.createServer((socket) => {
    let received = "";
    let requests = 0;
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      while (received.includes("\r\n\r\n")) {
        received = received.slice(received.indexOf("\r\n\r\n") + 4);
        onRequest(socket, ++requests);
      }
    });
  });
  return listening(server, new Set());
}

/** A port on which nothing listens. */
export async function deadUrl(): Promise<string> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function request(more: Partial<RequestSpec> = {}): RequestSpec {
  return {
    path: "/",
    method: "GET",
    share: 1,
    timeoutSeconds: 10,
    headers: {},
    bodyBytes: 0,
    bodySeconds: 0,
    ...more,
  };
}

export function options(url: string, more: Partial<LoadOptions> = {}): LoadOptions {
  return {
    url,
    rate: 200,
    requests: [request()],
    versionHeader: "x-version",
    maxConnections: 100,
    idleConnectionMs: 10_000,
    ...more,
  };
}

/** Waits for something to become true, with a deadline that only a broken test meets. */
export async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`never held: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
