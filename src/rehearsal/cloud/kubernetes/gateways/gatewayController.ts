import { isDeepStrictEqual } from "node:util";
import type { Logger } from "pino";
import type { DataPlane } from "../../balancer/dataPlane.js";
import type { Authority } from "../../tls/authority.js";
import type { Certificate } from "../../tls/x509.js";
import type { ClusterView } from "../api/clusterView.js";
import { isNotFound, type KubeClient } from "../api/kubeClient.js";
import { keyOf } from "../api/kubeObjects.js";
import { Watched } from "../api/watched.js";
import { WorkQueue } from "../api/workQueue.js";
import { attachmentsOf, pointsAt } from "./attachment.js";
import { Backends } from "./backends.js";
import { type AttachedRoute, gatewayConfig } from "./gatewayConfig.js";
import {
  CLASSES_PATH,
  CONTROLLER_NAME,
  GATEWAYS_PATH,
  type Gateway,
  type GatewayClass,
  gatewayPath,
  type HttpRoute,
  type Namespace,
  ROUTES_PATH,
  routePath,
} from "./gatewayObjects.js";
import { classConditions, gatewayStatus, routeParents } from "./status.js";

export interface GatewayDeps {
  readonly client: KubeClient;
  readonly view: ClusterView;
  readonly dataPlane: DataPlane;
  readonly authority: Authority;
  /** Hands out the addresses of Gateways. */
  readonly addresses: { take(): string | undefined; giveBack(address: string): void };
  /** Whether Gateways of every class are ours, as in a cluster of our own; else those whose class names us. */
  readonly everyClass: boolean;
  readonly log: Logger;
}

/** A Gateway controller: each Gateway is a load balancer on a loopback address, which reaches pods at their own addresses. */
export class GatewayController {
  readonly #gateways: Watched<Gateway>;
  readonly #routes: Watched<HttpRoute>;
  readonly #classes: Watched<GatewayClass>;
  readonly #namespaces: Watched<Namespace>;
  readonly #backends: Backends;
  readonly #queue: WorkQueue;
  readonly #served = new Map<string, { readonly address: string; config?: object }>();
  readonly #certificates = new Map<string, Certificate>();

  constructor(private readonly deps: GatewayDeps) {
    const { client, log, view } = deps;
    this.#gateways = new Watched(client, GATEWAYS_PATH, log);
    this.#routes = new Watched(client, ROUTES_PATH, log);
    this.#classes = new Watched(client, CLASSES_PATH, log);
    this.#namespaces = new Watched(client, "/api/v1/namespaces", log);
    this.#backends = new Backends(view);
    this.#queue = new WorkQueue("Gateway", log, (key) => this.#reconcile(key));
  }

  async start(): Promise<void> {
    const { view } = this.deps;
    const all = (): void => {
      for (const gateway of this.#gateways.all()) this.#queue.add(keyOf(gateway));
    };
    this.#gateways.events.on("changed", (gateway) => this.#queue.add(keyOf(gateway)));
    for (const { events } of [
      this.#routes,
      this.#classes,
      this.#namespaces,
      view.services,
      view.slices,
    ] as Watched<any>[])
      events.on("changed", all);
    await Promise.all([this.#namespaces.start(), this.#classes.start(), this.#routes.start()]);
    await this.#gateways.start();
  }

  async close(): Promise<void> {
    await Promise.all(
      [this.#gateways, this.#routes, this.#classes, this.#namespaces].map((watched) => watched.close()),
    );
    await this.#queue.close();
    for (const key of [...this.#served.keys()]) await this.#remove(key);
  }

  async #reconcile(key: string): Promise<void> {
    const gateway = this.#gateways.get(key);
    if (gateway === undefined || !(await this.#isOurs(gateway))) return this.#remove(key);
    const served = this.#served.get(key) ?? { address: this.#addressFor(gateway) };
    this.#served.set(key, served);
    const namespace = (name: string): Namespace | undefined => this.#namespaces.get(name);
    const routes = this.#routes
      .all()
      .filter((route) => route.spec.parentRefs?.some((parent) => pointsAt(parent, route, gateway)))
      .map((route) => ({ route, attachments: attachmentsOf(route, gateway, namespace) }));
    const built = gatewayConfig(gateway, served.address, routes, this.#backends, (address) => this.#certify(address));
    let trouble: string | undefined;
    if (!isDeepStrictEqual(served.config, built.config)) {
      try {
        await this.deps.dataPlane.apply(built.config);
        served.config = built.config;
      } catch (error) {
        trouble = (error as Error).message;
      }
    }
    await this.#tell(gateway, served.address, built.routes, trouble);
    // Said in the status; it may be mended by time (a port that is given free), so it is tried again.
    if (trouble !== undefined) throw new Error(trouble);
  }

  async #isOurs({ spec }: Gateway): Promise<boolean> {
    const gatewayClass = this.#classes.get(spec.gatewayClassName);
    if (!this.deps.everyClass && gatewayClass?.spec.controllerName !== CONTROLLER_NAME) return false;
    if (gatewayClass !== undefined) {
      const { conditions } = gatewayClass.status ?? {};
      const status = { conditions: classConditions(conditions, gatewayClass.metadata.generation) };
      if (!isDeepStrictEqual(conditions, status.conditions))
        await this.deps.client.patch(`${CLASSES_PATH}/${gatewayClass.metadata.name}/status`, "merge-patch", { status });
    }
    return true;
  }

  #addressFor(gateway: Gateway): string {
    const asked = gateway.spec.addresses?.find(({ type = "IPAddress" }) => type === "IPAddress")?.value;
    const address = asked ?? this.deps.addresses.take();
    if (address === undefined) throw new Error("there are no more addresses for Gateways");
    return address;
  }

  #certify(address: string): Certificate {
    const known = this.#certificates.get(address) ?? this.deps.authority.issue(address);
    this.#certificates.set(address, known);
    return known;
  }

  async #remove(key: string): Promise<void> {
    const served = this.#served.get(key);
    if (served === undefined) return;
    this.#served.delete(key);
    if (served.config) await this.deps.dataPlane.remove(`gateway/${key}`);
    this.deps.addresses.giveBack(served.address);
  }

  async #tell(gateway: Gateway, address: string, routes: readonly AttachedRoute[], trouble?: string): Promise<void> {
    const status = gatewayStatus(gateway, address, routes, trouble);
    await this.#write(gatewayPath(gateway), gateway.status, status);
    for (const attached of routes) {
      const { route } = attached;
      const parents = route.status?.parents ?? [];
      const others = parents.filter(
        ({ controllerName, parentRef }) => controllerName !== CONTROLLER_NAME || !pointsAt(parentRef, route, gateway),
      );
      await this.#write(routePath(route), route.status, { parents: [...others, ...routeParents(attached)] });
    }
  }

  async #write(path: string, before: object | undefined, status: object): Promise<void> {
    if (isDeepStrictEqual(before, status)) return;
    try {
      await this.deps.client.patch(`${path}/status`, "merge-patch", { status });
    } catch (error) {
      // Deleted meanwhile: there is nobody left to tell.
      if (!isNotFound(error)) throw error;
    }
  }
}
