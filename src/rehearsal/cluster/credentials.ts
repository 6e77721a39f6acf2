import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { type Certificate, makeCertificate } from "../cloud/tls/x509.js";

/** Who calls the API server: its user name and groups are what Kubernetes' own rules for that component name. */
const callers = {
  admin: { user: "hitless-admin", groups: ["system:masters"] },
  controllerManager: { user: "system:kube-controller-manager", groups: [] },
  scheduler: { user: "system:kube-scheduler", groups: [] },
} as const;

/** Files with everything that proves who is who; they are readable by us alone, and gone with the cluster. */
export class Credentials {
  readonly #authority = makeCertificate({ commonName: "hitless cluster", hosts: [], isAuthority: true });
  readonly #directory: string;

  private constructor(
    directory: string,
    /** `https://10.…:6443` */
    readonly server: string,
  ) {
    this.#directory = path.join(directory, "credentials");
    mkdirSync(this.#directory, { mode: 0o700 });
  }

  /**
   * @param address of the API server
   * @param nodes names of the nodes
   */
  static create(directory: string, address: string, nodes: readonly string[]): Credentials {
    const credentials = new Credentials(directory, `https://${address}:6443`);
    credentials.#writeCertificates(address);
    credentials.#writeServiceAccountKey();
    credentials.#writeCallers(nodes);
    return credentials;
  }

  /** The authority's certificate, PEM. */
  get authority(): string {
    return this.#authority.cert;
  }

  /** A certificate that the API server trusts, for a server of ours that it calls. */
  issue(address: string): Certificate {
    return this.#issue(address, [address]);
  }

  /** Path of one of the files. */
  file(name: string): string {
    return path.join(this.#directory, name);
  }

  #issue(commonName: string, hosts: readonly string[]): Certificate {
    const signer = { commonName: "hitless cluster", key: this.#authority.key };
    return makeCertificate({ commonName, hosts, isAuthority: false, signer });
  }

  #writeCertificates(address: string): void {
    const server = this.#issue("kube-apiserver", [
      address,
      "127.0.0.1",
      "localhost",
      "kubernetes",
      "kubernetes.default",
      "kubernetes.default.svc",
    ]);
    const toKubelets = this.#issue("kube-apiserver-kubelet-client", []);
    this.#write("ca.crt", this.authority);
    this.#write("apiserver.crt", server.cert);
    this.#write("apiserver.key", server.key);
    this.#write("kubelet-client.crt", toKubelets.cert);
    this.#write("kubelet-client.key", toKubelets.key);
  }

  #writeServiceAccountKey(): void {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.#write("service-account.key", privateKey.export({ type: "pkcs8", format: "pem" }) as string);
    this.#write("service-account.pub", publicKey.export({ type: "spki", format: "pem" }) as string);
  }

  /** Tokens rather than client certificates: one file tells the API server of all. */
  #writeCallers(nodes: readonly string[]): void {
    const all: Record<string, { user: string; groups: readonly string[] }> = { ...callers };
    for (const node of nodes) all[node] = { user: `system:node:${node}`, groups: ["system:nodes"] };
    const lines = Object.entries(all).map(([name, { user, groups }]) => {
      const token = randomBytes(24).toString("hex");
      this.#write(`${name}.kubeconfig`, JSON.stringify(this.#kubeconfig(user, token), undefined, 2));
      return `${token},${user},${name},"${groups.join(",")}"`;
    });
    this.#write("tokens.csv", `${lines.join("\n")}\n`);
  }

  /** JSON is YAML, so this is a kubeconfig file as it stands. */
  #kubeconfig(user: string, token: string): object {
    const certificate = Buffer.from(this.authority).toString("base64");
    return {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "hitless", cluster: { server: this.server, "certificate-authority-data": certificate } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: "hitless", context: { cluster: "hitless", user } }],
      "current-context": "hitless",
    };
  }

  #write(name: string, content: string): void {
    writeFileSync(this.file(name), content, { mode: 0o600 });
  }
}
