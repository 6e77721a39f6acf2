import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { InstanceSpec } from "../runtime.js";
import { lookUp, type MetadataNode, metadataTree } from "./metadataTree.js";

/** The link-local address of the instance metadata service (EC2 guide). */
export const metadataAddress = "169.254.169.254";

interface Entry {
  readonly tree: MetadataNode;
  readonly tokensRequired: boolean;
  /** Token to the wall clock time at which it ends. */
  readonly tokens: Map<string, number>;
}

/**
 * The instance metadata service, version 2 (and 1 where the instance allows it), for any number of instances: who asks is
 * told by the address that the question comes from.
 */
export class MetadataServer {
  private readonly entries = new Map<string, Entry>();
  private readonly server: Server;

  /** @param clientKey what an instance is known by in `add`: its source address, unless each has a server of its own */
  constructor(private readonly clientKey: (request: IncomingMessage) => string = remoteAddress) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  /** Listens; resolves with the port. */
  listen(address: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once("error", (error) =>
        reject(new Error(`the metadata service cannot listen on ${address}:${port}: ${error.message}`)),
      );
      this.server.listen(port, address, () => resolve((this.server.address() as AddressInfo).port));
    });
  }

  /** Makes an instance known under its client key. */
  add(key: string, spec: InstanceSpec): void {
    this.entries.set(key, {
      tree: metadataTree(spec, { launchedAt: new Date() }),
      tokensRequired: spec.metadata.httpTokens === "required",
      tokens: new Map(),
    });
  }

  /** Forgets an instance and its tokens. */
  remove(key: string): void {
    this.entries.delete(key);
  }

  /** Stops listening and cuts what is connected. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const reply = (status: number, body: string | Buffer, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { "content-type": "text/plain", server: "EC2ws", ...headers }).end(body);
    };
    const entry = this.entries.get(this.clientKey(request));
    if (!entry) return reply(404, "no instance has this address\n");
    const path = (request.url ?? "/").split("?")[0] as string;
    if (path === "/latest/api/token") return issueToken(entry, request, reply);
    if (request.method !== "GET" && request.method !== "HEAD") return reply(405, "Method Not Allowed\n");
    const refusal = refuse(entry, request);
    if (refusal !== undefined) return reply(401, refusal);
    if (path === "/") return reply(200, "latest");
    // Dated versions answer as well, so that clients which pin one find what they know.
    const versioned = /^\/(?:latest|\d{4}-\d{2}-\d{2}|1\.0)(?<rest>\/.*)?$/.exec(path);
    const found = versioned ? lookUp(entry.tree, decodePath(versioned.groups?.rest ?? "")) : undefined;
    if (found === undefined) return reply(404, "Not Found\n");
    reply(200, found);
  }
}

type Reply = (status: number, body: string, headers?: Record<string, string>) => void;

/** EC2 guide, "How Instance Metadata Service Version 2 works": a PUT with a lifetime of 1 to 21600 s, never through a proxy. */
function issueToken(entry: Entry, request: IncomingMessage, reply: Reply): void {
  if (request.method !== "PUT") return reply(405, "Method Not Allowed\n");
  if (request.headers["x-forwarded-for"] !== undefined) return reply(403, "Forbidden\n");
  const header = String(request.headers["x-aws-ec2-metadata-token-ttl-seconds"] ?? "");
  const seconds = Number(header);
  if (!/^\d+$/.test(header) || seconds < 1 || seconds > 21_600) return reply(400, "Bad Request\n");
  const now = Date.now();
  for (const [token, end] of entry.tokens) if (end <= now) entry.tokens.delete(token);
  const token = `${randomBytes(40).toString("base64url")}==`;
  entry.tokens.set(token, now + seconds * 1000);
  reply(200, token, { "x-aws-ec2-metadata-token-ttl-seconds": header });
}

function refuse(entry: Entry, request: IncomingMessage): string | undefined {
  const token = request.headers["x-aws-ec2-metadata-token"];
  if (token === undefined) return entry.tokensRequired ? "Unauthorized: a token is required\n" : undefined;
  const end = entry.tokens.get(String(token));
  return end !== undefined && end > Date.now() ? undefined : "Unauthorized: the token is not valid\n";
}

/** A malformed escape names nothing that exists: it is looked up as it stands. */
function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function remoteAddress(request: IncomingMessage): string {
  return (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
}
