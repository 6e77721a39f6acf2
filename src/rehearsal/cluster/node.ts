import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "./controlPlane.js";
import type { Credentials } from "./credentials.js";
import type { ClusterTools } from "./tools/tools.js";

/** The image of what holds a pod's network while its containers come and go. */
export const PAUSE_IMAGE = "hitless.local/pause:1";

/** Cluster DNS would be there; pods have no way to it, so that a lookup fails at once instead of waiting. */
const DNS_ADDRESS = "198.19.0.10";

export interface NodeOptions {
  readonly name: string;
  readonly address: string;
  /** Of the cluster. */
  readonly directory: string;
  /** Under which the pods' cgroups go. */
  readonly cgroup: string;
  readonly cniConfig: object;
}

/** One node: a container runtime and a kubelet of its own. Its files lie in the cluster's directory. */
export class ClusterNode {
  readonly #options: NodeOptions;
  readonly #tools: ClusterTools;
  readonly #home: string;

  constructor(options: NodeOptions, tools: ClusterTools, credentials: Credentials) {
    this.#options = options;
    this.#tools = tools;
    this.#home = path.join(options.directory, options.name);
    for (const directory of ["containerd", "kubelet", "cni", "logs", "volume-plugins"])
      mkdirSync(path.join(this.#home, directory), { recursive: true });
    this.#write("cni/10-hitless.conflist", JSON.stringify(options.cniConfig));
    this.#write("containerd.toml", this.#containerdConfig());
    this.#write("kubelet.json", JSON.stringify(this.#kubeletConfig(credentials), undefined, 2));
  }

  get name(): string {
    return this.#options.name;
  }

  /** Of containerd. */
  get socket(): string {
    return `${this.#state}/containerd.sock`;
  }

  containerd(): Command {
    return {
      name: `${this.name}-containerd`,
      line: [this.#tools.program("containerd"), "--config", path.join(this.#home, "containerd.toml")],
    };
  }

  kubelet(credentials: Credentials): Command {
    return {
      name: `${this.name}-kubelet`,
      line: [
        this.#tools.program("kubelet"),
        `--config=${path.join(this.#home, "kubelet.json")}`,
        `--kubeconfig=${credentials.file(`${this.name}.kubeconfig`)}`,
        `--hostname-override=${this.name}`,
        `--node-ip=${this.#options.address}`,
        `--root-dir=${path.join(this.#home, "kubelet")}`,
        `--cert-dir=${path.join(this.#home, "kubelet/pki")}`,
      ],
    };
  }

  /** A short path, as the names of sockets must be; `/run` is the cluster's own. */
  get #state(): string {
    return `/run/${this.name}`;
  }

  #write(file: string, content: string): void {
    writeFileSync(path.join(this.#home, file), content, { mode: 0o600 });
  }

  #containerdConfig(): string {
    const cri = 'plugins."io.containerd.grpc.v1.cri"';
    const text = JSON.stringify;
    return `
version = 2
root = ${text(path.join(this.#home, "containerd"))}
state = ${text(this.#state)}
[grpc]
  address = ${text(this.socket)}
[${cri}]
  sandbox_image = ${text(PAUSE_IMAGE)}
  disable_apparmor = true
  # Without CAP_SYS_RESOURCE (containers, sandboxes) no process may be made a less likely victim than ourselves.
  restrict_oom_score_adj = true
  [${cri}.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [${cri}.containerd.runtimes.runc.options]
      BinaryName = ${text(this.#tools.program("runc"))}
      SystemdCgroup = false
  [${cri}.cni]
    bin_dir = ${text(this.#tools.plugins)}
    conf_dir = ${text(path.join(this.#home, "cni"))}
`;
  }

  #kubeletConfig(credentials: Credentials): object {
    const { address, cgroup } = this.#options;
    return {
      apiVersion: "kubelet.config.k8s.io/v1beta1",
      kind: "KubeletConfiguration",
      address,
      healthzBindAddress: address,
      authentication: {
        anonymous: { enabled: false },
        webhook: { enabled: false },
        x509: { clientCAFile: credentials.file("ca.crt") },
      },
      // Whoever has a certificate of the cluster's authority: that is the API server alone.
      authorization: { mode: "AlwaysAllow" },
      containerRuntimeEndpoint: `unix://${this.socket}`,
      // What this machine is asked for must work in containers and sandboxes as well: plain cgroups, version 1 or 2, swap or not.
      cgroupDriver: "cgroupfs",
      cgroupRoot: `/${cgroup}`,
      cgroupsPerQOS: false,
      enforceNodeAllocatable: [],
      failCgroupV1: false,
      failSwapOn: false,
      localStorageCapacityIsolation: false,
      // The machine's disk and memory are not the cluster's to judge: no pod is evicted for them, no image is removed.
      evictionHard: {
        "memory.available": "0%",
        "nodefs.available": "0%",
        "nodefs.inodesFree": "0%",
        "imagefs.available": "0%",
        "imagefs.inodesFree": "0%",
      },
      imageGCHighThresholdPercent: 100,
      imageGCLowThresholdPercent: 99,
      imageMinimumGCAge: "24h",
      clusterDNS: [DNS_ADDRESS],
      clusterDomain: "cluster.local",
      resolvConf: "",
      podLogsDir: path.join(this.#home, "logs"),
      volumePluginDir: path.join(this.#home, "volume-plugins"),
      serializeImagePulls: false,
      maxPods: 250,
    };
  }
}
