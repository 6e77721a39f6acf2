/** A part of Kubernetes that is built from the Go module of the same version. */
export interface KubernetesPart {
  /** Folder of `toolchain/kubernetes` with the module that names the commands, and of the cache. */
  readonly name: "control" | "node";
  /** Version of `k8s.io/kubernetes`. */
  readonly version: string;
  readonly commands: readonly string[];
}

/**
 * The kubelet is two minor versions older than the API server, which Kubernetes supports (version skew policy: three): it is the last
 * one that takes Debian's containerd 1.6 and machines with cgroup v1.
 */
export const kubernetesParts: readonly KubernetesPart[] = [
  {
    name: "control",
    version: "1.36.3",
    commands: ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"],
  },
  { name: "node", version: "1.34.4", commands: ["kubelet"] },
];

/** What comes as ready programs: on PATH, or in Debian's packages. */
export const debianPackages: Readonly<Record<string, readonly string[]>> = {
  "etcd-server": ["etcd"],
  containerd: ["containerd", "containerd-shim-runc-v2", "ctr"],
  runc: ["runc"],
  "containernetworking-plugins": ["bridge", "host-local", "loopback"],
};

/** The commands that make namespaces, and the package that each comes with. */
export const systemCommands: readonly (readonly [command: string, from: string])[] = [
  ["unshare", "util-linux"],
  ["nsenter", "util-linux"],
  ["mount", "util-linux"],
  ["ip", "iproute2"],
  ["tar", "tar"],
];
