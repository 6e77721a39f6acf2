import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Certificate } from "../cloud/tls/x509.js";
import { Connection } from "../kubernetesApi/connection.js";
import { readAccess } from "../kubernetesApi/kubeconfig.js";
import { ClusterNamespaces } from "./clusterNamespaces.js";
import { bridge, ClusterNetwork } from "./clusterNetwork.js";
import { Component } from "./component.js";
import {
  apiServerCommand,
  type Command,
  controllerManagerCommand,
  etcdCommand,
  schedulerCommand,
} from "./controlPlane.js";
import { installKinds } from "./crds/install.js";
import { Credentials } from "./credentials.js";
import type { LocalImage } from "./images/image.js";
import { importImage } from "./images/importImage.js";
import { pauseImage } from "./images/pauseImage.js";
import { DIRECTORY_PREFIX, removeLeftovers } from "./leftovers.js";
import { ClusterNode } from "./node.js";
import { describePodNetwork } from "./podNetwork.js";
import { type ClusterTools, clusterObstacle, foundTools } from "./tools/tools.js";
import { until } from "./until.js";
import { waitForApi, waitForNodes } from "./waits.js";

const KUBECONFIG = "admin.kubeconfig";

export interface ClusterOptions {
  /** 1 to 4. @default 2: a node can be drained, and its pods have somewhere to go */
  readonly nodes?: number;
  /** Images that pods are started from. */
  readonly images?: readonly LocalImage[];
  /** Keeps the directory with logs and state when the cluster has gone. @default false */
  readonly keep?: boolean;
  /** Told what is going on, a line each. */
  readonly progress?: (line: string) => void;
  /** Ends the start. */
  readonly halt?: AbortSignal;
}

/**
 * A whole Kubernetes cluster of our own: API server, controllers, scheduler, and nodes that run real containers. It lives in network,
 * process and mount namespaces, and nothing of it outlives this process.
 */
export class Cluster {
  readonly #components: Component[] = [];
  #closing: Promise<void> | undefined;

  private constructor(
    private readonly tools: ClusterTools,
    /** Temporary: logs, state, credentials. */
    readonly directory: string,
    private readonly namespaces: ClusterNamespaces,
    private readonly network: ClusterNetwork,
    private readonly credentials: Credentials,
    private readonly nodes: readonly ClusterNode[],
  ) {}

  /** @throws Error in a sentence with the reason, and the last lines of the component that failed; nothing is left behind */
  static async start(options: ClusterOptions = {}): Promise<Cluster> {
    const { nodes: count = 2, keep = false, halt } = options;
    if (!Number.isInteger(count) || count < 1 || count > 4) throw new Error(`a cluster has 1 to 4 nodes, not ${count}`);
    const obstacle = clusterObstacle();
    if (obstacle !== undefined) throw new Error(obstacle);
    const tools = foundTools();

    await removeLeftovers();

    const directory = mkdtempSync(path.join(os.tmpdir(), DIRECTORY_PREFIX));
    if (keep) writeFileSync(path.join(directory, "keep"), "");
    mkdirSync(path.join(directory, "logs"));
    const cgroup = path.basename(directory);
    const namespaces = await ClusterNamespaces.open(directory, cgroup);
    try {
      const network = await ClusterNetwork.create(namespaces);
      const names = Array.from({ length: count }, (_, index) => `node-${index + 1}`);
      const credentials = Credentials.create(directory, network.apiServer, names);
      const cniConfig = network.cniConfig();
      const nodes = names.map(
        (name, index) =>
          new ClusterNode({ name, address: network.node(index), directory, cgroup, cniConfig }, tools, credentials),
      );
      describePodNetwork(credentials.file(KUBECONFIG), { pid: namespaces.pid, bridge, addresses: network.joining() });
      const cluster = new Cluster(tools, directory, namespaces, network, credentials, nodes);
      await cluster.#boot(options);
      return cluster;
    } catch (error) {
      await namespaces.close();
      halt?.throwIfAborted();
      throw error;
    }
  }

  /** Path of the kubeconfig file of its administrator. */
  get kubeconfig(): string {
    return this.credentials.file(KUBECONFIG);
  }

  /** `https://10.…:6443`; it answers this machine and pods only. */
  get server(): string {
    return this.credentials.server;
  }

  /** Names of the nodes. */
  get nodeNames(): readonly string[] {
    return this.nodes.map(({ name }) => name);
  }

  /** Addresses of API server, nodes and pods. */
  get cidr(): string {
    return this.network.cidr;
  }

  /** The address under which the API server and pods reach this machine. */
  get machineAddress(): string {
    return this.network.machine;
  }

  /** Path of a kubectl of the cluster's version. */
  get kubectl(): string {
    return this.tools.program("kubectl");
  }

  /** A certificate for a server of ours that the API server calls, such as an admission webhook. */
  certificateFor(address: string): Certificate {
    return this.credentials.issue(address);
  }

  /** PEM, of whoever signed the API server's certificate and those of `certificateFor`. */
  get authority(): string {
    return this.credentials.authority;
  }

  /** Gives every node an image; resolves when pods can be started from it. */
  importImage(image: LocalImage): Promise<void> {
    const { namespaces, tools, directory } = this;
    const sockets = this.nodes.map(({ socket }) => socket);
    return importImage(image, { namespaces, tools, directory, sockets });
  }

  /** Runs a command in the cluster's namespaces, where pods' processes and files can be seen. */
  run(command: readonly string[], options?: { input?: string; timeoutMs?: number }): Promise<string> {
    return this.namespaces.run(command, options);
  }

  /** Why it does not work any more, with the last lines of what has ended; undefined while everything runs. */
  ended(): string | undefined {
    const failed = this.#components.find(({ end }) => end !== undefined);
    return failed && `${failed.name} has ended (${failed.end}); it printed last:\n${failed.tail()}`;
  }

  /** The last lines of every component. */
  tails(): string {
    return this.#components.map((component) => `--- ${component.name}\n${component.tail()}`).join("\n");
  }

  /** Ends everything; resolves when no process, mount, interface, cgroup or file is left. */
  close(): Promise<void> {
    this.#closing ??= this.namespaces.close();
    return this.#closing;
  }

  async #boot({ images = [], progress = () => {}, halt: asked }: ClusterOptions): Promise<void> {
    const { tools, credentials, network } = this;
    // Whatever still waits when something has failed has nothing to wait for.
    const failed = new AbortController();
    const halt = asked === undefined ? failed.signal : AbortSignal.any([asked, failed.signal]);
    this.#run(etcdCommand(tools, this.directory));
    for (const node of this.nodes) this.#run(node.containerd());
    // It asks for etcd again and again, as all of them do for what they need: no order has to be kept.
    this.#run(apiServerCommand(tools, credentials, network.apiServer));
    const access = readAccess({ kubeconfig: this.kubeconfig }, process.env);
    const api = new Connection(access, { environment: process.env });
    try {
      await this.#watched(waitForApi(api, halt));
      this.#run(controllerManagerCommand(tools, credentials));
      this.#run(schedulerCommand(tools, credentials));
      progress("the API server answers; starting nodes");
      await this.#watched(this.importImage(pauseImage));
      for (const node of this.nodes) this.#run(node.kubelet(credentials));
      await this.#watched(
        Promise.all([
          installKinds(api, halt),
          waitForNodes(api, this.nodeNames, halt),
          ...images.map((image) => this.importImage(image)),
        ]),
      );
    } finally {
      failed.abort();
      await api.close();
    }
  }

  #run({ name, line }: Command): void {
    const environment = { PATH: this.tools.searchPath, LC_ALL: "C", HOME: this.directory };
    this.#components.push(new Component(name, this.namespaces, this.directory, line, environment));
  }

  /** Fails as soon as a component has ended, with its last lines; also when `work` fails for another reason. */
  async #watched<T>(work: Promise<T>): Promise<T> {
    const watch = new AbortController();
    const broken = until("a component ends", Number.POSITIVE_INFINITY, watch.signal, async () => {
      const how = this.ended();
      if (how !== undefined) throw new Error(how);
      return false;
    });
    try {
      return (await Promise.race([work, broken])) as T;
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`the cluster does not start: ${message}${this.ended() === undefined ? `\n${this.tails()}` : ""}`);
    } finally {
      watch.abort();
      // Its only news now is that nobody waits for it any more.
      broken.catch(() => undefined);
    }
  }
}
