import * as path from "node:path";
import type { Credentials } from "./credentials.js";
import type { ClusterTools } from "./tools/tools.js";

/** Addresses of Services: they lead nowhere here, as nothing plays kube-proxy; the range is one that no network uses (RFC 2544). */
const SERVICE_RANGE = "198.19.0.0/16";

/** A program of the cluster and its arguments. */
export interface Command {
  readonly name: string;
  readonly line: readonly string[];
}

/** Keeps the cluster's state, out of reach of everything but the API server: its loopback is the namespace's own. */
export function etcdCommand(tools: ClusterTools, directory: string): Command {
  const [clients, peers] = ["http://127.0.0.1:2379", "http://127.0.0.1:2380"];
  return {
    name: "etcd",
    line: [
      tools.program("etcd"),
      `--data-dir=${path.join(directory, "etcd")}`,
      `--listen-client-urls=${clients}`,
      `--advertise-client-urls=${clients}`,
      `--listen-peer-urls=${peers}`,
      `--initial-advertise-peer-urls=${peers}`,
      `--initial-cluster=default=${peers}`,
      "--log-level=warn",
    ],
  };
}

export function apiServerCommand(tools: ClusterTools, credentials: Credentials, address: string): Command {
  return {
    name: "kube-apiserver",
    line: [
      tools.program("kube-apiserver"),
      "--etcd-servers=http://127.0.0.1:2379",
      `--bind-address=${address}`,
      `--advertise-address=${address}`,
      "--secure-port=6443",
      `--tls-cert-file=${credentials.file("apiserver.crt")}`,
      `--tls-private-key-file=${credentials.file("apiserver.key")}`,
      `--client-ca-file=${credentials.file("ca.crt")}`,
      `--token-auth-file=${credentials.file("tokens.csv")}`,
      "--authorization-mode=Node,RBAC",
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${credentials.file("service-account.pub")}`,
      `--service-account-signing-key-file=${credentials.file("service-account.key")}`,
      `--service-cluster-ip-range=${SERVICE_RANGE}`,
      `--kubelet-client-certificate=${credentials.file("kubelet-client.crt")}`,
      `--kubelet-client-key=${credentials.file("kubelet-client.key")}`,
      "--kubelet-preferred-address-types=InternalIP",
      "--profiling=false",
    ],
  };
}

export function controllerManagerCommand(tools: ClusterTools, credentials: Credentials): Command {
  return {
    name: "kube-controller-manager",
    line: [
      tools.program("kube-controller-manager"),
      `--kubeconfig=${credentials.file("controllerManager.kubeconfig")}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      `--service-account-private-key-file=${credentials.file("service-account.key")}`,
      `--root-ca-file=${credentials.file("ca.crt")}`,
      // Each controller acts under an account of its own: the rules that Kubernetes makes by itself name those.
      "--use-service-account-credentials=true",
      "--profiling=false",
    ],
  };
}

export function schedulerCommand(tools: ClusterTools, credentials: Credentials): Command {
  return {
    name: "kube-scheduler",
    line: [
      tools.program("kube-scheduler"),
      `--kubeconfig=${credentials.file("scheduler.kubeconfig")}`,
      "--leader-elect=false",
      "--bind-address=127.0.0.1",
      "--profiling=false",
    ],
  };
}
