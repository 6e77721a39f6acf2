/** An API server in memory: discovery, server-side apply with owners and conflicts, dry runs, deletion with finalizers. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { applied, conflicts, managedFields, type Owned } from "./fakeApply.js";

interface Kept {
  object: Values;
  owned: Owned;
}

interface Served {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const BUILT_IN: Readonly<Record<string, readonly Served[]>> = {
  "/api/v1": [
    { name: "configmaps", kind: "ConfigMap", namespaced: true },
    { name: "secrets", kind: "Secret", namespaced: true },
    { name: "services", kind: "Service", namespaced: true },
    { name: "pods", kind: "Pod", namespaced: true },
    { name: "pods/log", kind: "Pod", namespaced: true },
    { name: "events", kind: "Event", namespaced: true },
    { name: "namespaces", kind: "Namespace", namespaced: false },
  ],
  "/apis/apps/v1": [
    { name: "deployments", kind: "Deployment", namespaced: true },
    { name: "replicasets", kind: "ReplicaSet", namespaced: true },
  ],
  "/apis/batch/v1": [{ name: "jobs", kind: "Job", namespaced: true }],
  "/apis/discovery.k8s.io/v1": [{ name: "endpointslices", kind: "EndpointSlice", namespaced: true }],
  "/apis/apiextensions.k8s.io/v1": [
    { name: "customresourcedefinitions", kind: "CustomResourceDefinition", namespaced: false },
  ],
};

export class FakeApiServer {
  readonly kept = new Map<string, Kept>();
  /** `GET /version`, `PATCH /api/… dryRun` … in order. */
  readonly requests: string[] = [];
  readonly logs = new Map<string, string>();
  /** What the server makes of an object before it is kept: defaults, other spellings, status. */
  admit: (object: Values, before: Values | undefined) => void = () => undefined;
  /** A refusal for a request, asked before all else. */
  refuse: (method: string, path: string) => { code: number; reason: string; message: string } | undefined = () =>
    undefined;
  private readonly served = new Map(Object.entries(BUILT_IN));
  private versions = 0;
  private uids = 0;
  private readonly http = createServer((request, response) => {
    this.answer(request, response).catch((error) => send(response, 500, { message: String(error) }));
  });

  static async start(): Promise<FakeApiServer> {
    const server = new FakeApiServer();
    await new Promise<void>((resolve) => server.http.listen(0, "127.0.0.1", resolve));
    for (const name of ["default", "shop"]) server.put(`/api/v1/namespaces/${name}`, { metadata: { name } });
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  get kubeconfig(): string {
    return JSON.stringify({
      "current-context": "fake",
      clusters: [{ name: "fake", cluster: { server: this.url } }],
      contexts: [{ name: "fake", context: { cluster: "fake", user: "me" } }],
      users: [{ name: "me", user: { token: "t0ken" } }],
    });
  }

  object(path: string): Values {
    const found = this.kept.get(path);
    if (!found) throw new Error(`there is no ${path}; there is ${[...this.kept.keys()].join(", ")}`);
    return found.object;
  }

  /** Keeps an object as a controller or another program does. */
  put(path: string, object: Values, manager?: string): void {
    const before = this.kept.get(path);
    const owned: Owned = before?.owned ?? new Map();
    if (manager) owned.set(manager, object);
    this.keep(path, { ...before?.object, ...object }, owned);
  }

  close(): Promise<void> {
    this.http.closeAllConnections();
    return new Promise((resolve) => this.http.close(() => resolve()));
  }

  private keep(path: string, object: Values, owned: Owned): void {
    const uid = object.metadata.uid ?? `uid-${++this.uids}`;
    const metadata = { ...object.metadata, uid, resourceVersion: String(++this.versions) };
    this.kept.set(path, { object: { ...object, metadata }, owned });
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "GET" } = request;
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", this.url);
    const dryRun = query.get("dryRun") === "All";
    this.requests.push(`${method} ${path}${dryRun ? " dryRun" : ""}`);
    const body = await readBody(request);
    const refusal = this.refuse(method, path);
    if (refusal) return fail(response, refusal.code, refusal.reason, refusal.message);
    if (path === "/version") return send(response, 200, { gitVersion: "v1.36.3" });
    const group = this.served.get(path);
    if (group) return send(response, 200, { resources: group });
    if (path.endsWith("/log")) return send(response, 200, this.logs.get(path) ?? "");
    const collection = this.collectionOf(path);
    if (!collection) return fail(response, 404, "NotFound", "the server could not find the requested resource");
    if (collection === path && method === "GET") return send(response, 200, { items: this.list(path, query) });
    const kept = this.kept.get(path);
    if (method === "PATCH" && request.headers["content-type"]?.startsWith("application/apply")) {
      return this.apply(response, path, body, query, dryRun);
    }
    if (!kept)
      return fail(response, 404, "NotFound", `${collection.split("/").at(-1)} "${path.split("/").at(-1)}" not found`);
    if (method === "GET") return send(response, 200, this.told(kept));
    if (method === "PATCH") return this.takeOver(response, path, kept, body as unknown as Values[]);
    if (method === "PUT") {
      if (!dryRun)
        this.keep(path, { ...body, metadata: { ...body.metadata, uid: kept.object.metadata.uid } }, kept.owned);
      return send(response, 200, this.told(this.kept.get(path) as Kept));
    }
    if (kept.object.metadata.finalizers?.length > 0) kept.object.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    else this.kept.delete(path);
    return send(response, 200, { kind: "Status", status: "Success" });
  }

  private apply(response: ServerResponse, path: string, body: Values, query: URLSearchParams, dryRun: boolean): void {
    const manager = String(query.get("fieldManager"));
    const namespace = /\/namespaces\/([^/]+)\/[^/]+\//.exec(path)?.[1];
    if (namespace && !this.kept.has(`/api/v1/namespaces/${namespace}`)) {
      return fail(response, 404, "NotFound", `namespaces "${namespace}" not found`);
    }
    const kept = this.kept.get(path);
    const owned: Owned = kept?.owned ?? new Map();
    const found = query.get("force") === "true" ? [] : conflicts(owned, manager, body);
    if (found.length > 0) {
      const causes = found.map((conflict) => ({
        reason: "FieldManagerConflict",
        message: `conflict with "${conflict.manager}"`,
        field: conflict.path,
      }));
      return send(response, 409, { kind: "Status", reason: "Conflict", message: "Apply failed", details: { causes } });
    }
    const object = applied(kept?.object, owned, manager, body);
    const before = kept && structuredClone(kept.object);
    try {
      this.admit(object, before);
    } catch (error) {
      return fail(response, 422, "Invalid", (error as Error).message);
    }
    const owners: Owned = new Map(owned).set(manager, body);
    if (dryRun) return send(response, 200, this.told({ object, owned: owners }));
    // An apply that changes nothing makes no new version.
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(object);
    if (same) this.kept.set(path, { object, owned: owners });
    else {
      this.keep(path, object, owners);
      if (path.includes("/customresourcedefinitions/")) this.serve(object);
    }
    return send(response, 200, this.told(this.kept.get(path) as Kept));
  }

  private serve({ spec }: Values): void {
    for (const { name } of spec.versions) {
      const kind = { name: spec.names.plural, kind: spec.names.kind, namespaced: spec.scope === "Namespaced" };
      this.served.set(`/apis/${spec.group}/${name}`, [kind]);
    }
  }

  private takeOver(response: ServerResponse, path: string, kept: Kept, patch: readonly Values[]): void {
    const [fields] = patch;
    const names: string[] = fields?.value.map(
      ({ manager, operation }: Values) => manager + (operation === "Update" ? " (Update)" : ""),
    );
    const all = Object.assign({}, ...kept.owned.values());
    kept.owned = new Map(names.map((name) => [name, kept.owned.get(name) ?? all]));
    return send(response, 200, this.told(this.kept.get(path) as Kept));
  }

  private told({ object, owned }: Kept): Values {
    return { ...object, metadata: { ...object.metadata, managedFields: managedFields(owned) } };
  }

  private collectionOf(path: string): string | undefined {
    for (const [group, resources] of this.served) {
      for (const { name, namespaced } of resources) {
        const pattern = new RegExp(`^(${group}${namespaced ? "/namespaces/[^/]+" : ""}/${name})(/[^/]+)?$`);
        const match = pattern.exec(path);
        if (match) return match[1];
      }
    }
    return undefined;
  }

  private list(path: string, query: URLSearchParams): Values[] {
    const wanted = (query.get("labelSelector") ?? "").split(",").filter((pair) => pair !== "");
    return [...this.kept]
      .filter(([key]) => key.startsWith(`${path}/`))
      .map(([, { object }]) => object)
      .filter(({ metadata }) =>
        wanted.every((pair) => metadata.labels?.[pair.split("=")[0] as string] === pair.split("=")[1]),
      );
  }
}

async function readBody(request: IncomingMessage): Promise<Values> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : JSON.parse(text);
}

function send(response: ServerResponse, code: number, body: unknown): void {
  response.writeHead(code, { "content-type": "application/json" });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
}

function fail(response: ServerResponse, code: number, reason: string, message: string): void {
  send(response, code, { kind: "Status", status: "Failure", reason, message, code });
}
