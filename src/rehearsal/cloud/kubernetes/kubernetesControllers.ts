import type { Logger } from "pino";
import type { DataPlane } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";
import { AddressPool } from "../elbv2/naming.js";
import type { GroupSnapshot, TargetGroupSnapshot } from "../snapshot.js";
import type { Authority } from "../tls/authority.js";
import { ClusterView } from "./api/clusterView.js";
import { KubeClient } from "./api/kubeClient.js";
import { Watched } from "./api/watched.js";
import { BindingController } from "./bindings/bindingController.js";
import { GateWebhook } from "./bindings/gateWebhook.js";
import { TargetGroups } from "./bindings/targetGroups.js";
import { type Deployment, fleetSnapshots } from "./fleetSnapshots.js";
import { GatewayController } from "./gateways/gatewayController.js";

/** Load balancers take the lower addresses; no cloud has so many of them. */
const FIRST_ADDRESS = 201;

export interface ControllersOptions {
  /** Path of the kubeconfig file of the cluster. */
  readonly kubeconfig: string;
  /** The cloud's own API. */
  readonly cloudUrl: string;
  readonly region: string;
  readonly clock: Clock;
  readonly authority: Authority;
  readonly dataPlane: DataPlane;
  /** First three parts of the addresses that balancers have. */
  readonly addressPrefix: string;
  /** Whether the cluster is ours alone: then Gateways of every class are. */
  readonly everyClass: boolean;
  readonly log: Logger;
}

/** What controllers of AWS, and of a Gateway's maker, do in a real cluster: the local cloud does it in one that is named to it. */
export class KubernetesControllers {
  readonly #closers: (() => unknown)[] = [];
  #snapshots: (targetGroups: readonly TargetGroupSnapshot[]) => GroupSnapshot[] = () => [];

  /** @throws Error when the cluster cannot be reached or lacks the kinds; nothing is left behind then */
  static async start(options: ControllersOptions): Promise<KubernetesControllers> {
    const controllers = new KubernetesControllers();
    try {
      await controllers.#start(options);
      return controllers;
    } catch (error) {
      await controllers.close();
      throw error;
    }
  }

  /** Deployments with their pods, as the cloud's picture tells of servers. */
  snapshots(targetGroups: readonly TargetGroupSnapshot[]): GroupSnapshot[] {
    return this.#snapshots(targetGroups);
  }

  /** Ends the newest first. */
  async close(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #start(options: ControllersOptions): Promise<void> {
    const { kubeconfig, cloudUrl, region, clock, authority, log, dataPlane, everyClass, addressPrefix } = options;
    const client = new KubeClient(kubeconfig);
    this.#closers.push(() => client.close());
    const view = new ClusterView(client, log);
    this.#closers.push(() => view.close());
    await view.start();

    const groups = new TargetGroups(cloudUrl, region);
    this.#closers.push(() => groups.close());
    const bindings = new BindingController(client, view, groups, clock, log);
    this.#closers.push(() => bindings.close());
    await bindings.start();
    const deployments = new Watched<Deployment>(client, "/apis/apps/v1/deployments", log);
    this.#closers.push(() => deployments.close());
    await deployments.start();
    this.#snapshots = (targetGroups) => {
      const service = (key: string) => view.services.get(key);
      const all = bindings.bindings.all();
      return fleetSnapshots(deployments.all(), view.pods.all(), all, targetGroups, service, clock.speed);
    };
    const webhook = await GateWebhook.start({ client, view, bindings: bindings.bindings, authority, log });
    this.#closers.push(() => webhook.close());

    const addresses = new AddressPool(addressPrefix, FIRST_ADDRESS);
    const gateways = new GatewayController({ client, view, dataPlane, authority, addresses, everyClass, log });
    this.#closers.push(() => gateways.close());
    await gateways.start();
  }
}
