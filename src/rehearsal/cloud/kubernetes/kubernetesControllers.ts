import type { Logger } from "pino";
import type { DataPlane } from "../balancer/dataPlane.js";
import type { Clock } from "../clock.js";
import { Closers } from "../closers.js";
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
  /** One that fails must not keep the others: in a cluster that is gone nothing can be taken out, and a watch would go on for ever. */
  readonly #closers = new Closers("What acts in the cluster");
  #snapshots: (targetGroups: readonly TargetGroupSnapshot[]) => GroupSnapshot[] = () => [];

  /** @throws Error when the cluster cannot be reached or lacks the kinds; nothing is left behind then */
  static async start(options: ControllersOptions): Promise<KubernetesControllers> {
    const controllers = new KubernetesControllers();
    try {
      await controllers.#start(options);
      return controllers;
    } catch (error) {
      await controllers
        .close()
        .catch((left: unknown) => options.log.error({ err: left }, "the failed start was not cleaned up"));
      throw error;
    }
  }

  /** Deployments with their pods, as the cloud's picture tells of servers. */
  snapshots(targetGroups: readonly TargetGroupSnapshot[]): GroupSnapshot[] {
    return this.#snapshots(targetGroups);
  }

  close(): Promise<void> {
    return this.#closers.close();
  }

  async #start(options: ControllersOptions): Promise<void> {
    const { kubeconfig, cloudUrl, region, clock, authority, log, dataPlane, everyClass, addressPrefix } = options;
    const client = new KubeClient(kubeconfig);
    this.#closers.add("the client", () => client.close());
    const view = new ClusterView(client, log);
    this.#closers.add("the view of the cluster", () => view.close());
    await view.start();

    const groups = new TargetGroups(cloudUrl, region);
    this.#closers.add("target groups", async () => groups.close());
    const bindings = new BindingController(client, view, groups, clock, log);
    this.#closers.add("bindings", () => bindings.close());
    await bindings.start();
    const deployments = new Watched<Deployment>(client, "/apis/apps/v1/deployments", log);
    this.#closers.add("Deployments", () => deployments.close());
    await deployments.start();
    this.#snapshots = (targetGroups) => {
      const service = (key: string) => view.services.get(key);
      const all = bindings.bindings.all();
      return fleetSnapshots(deployments.all(), view.pods.all(), all, targetGroups, service, clock.speed);
    };
    const webhook = await GateWebhook.start({ client, view, bindings: bindings.bindings, authority, log });
    this.#closers.add("the webhook", () => webhook.close());

    const addresses = new AddressPool(addressPrefix, FIRST_ADDRESS);
    const gateways = new GatewayController({ client, view, dataPlane, authority, addresses, everyClass, log });
    this.#closers.add("Gateways", () => gateways.close());
    await gateways.start();
  }
}
