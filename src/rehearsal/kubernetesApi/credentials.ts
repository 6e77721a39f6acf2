/** As whom a request is made, and which certificate the server must show. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { Json } from "./json.js";
import type { ClusterAccess } from "./kubeconfig.js";

/** TLS settings as `undici` takes them for its connections. */
export function tlsOf({ cluster, user }: ClusterAccess, extra: Json = {}): Json {
  const settings: Json = {
    ca: material(cluster, "certificate-authority"),
    cert: extra.clientCertificateData ?? material(user, "client-certificate"),
    key: extra.clientKeyData ?? material(user, "client-key"),
    servername: cluster["tls-server-name"],
    ...(cluster["insecure-skip-tls-verify"] === true ? { rejectUnauthorized: false } : {}),
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function material(from: Json, name: string): Buffer | undefined {
  const data = from[`${name}-data`];
  if (typeof data === "string" && data !== "") return Buffer.from(data, "base64");
  return typeof from[name] === "string" ? readFileSync(from[name]) : undefined;
}

/** What an `exec` plugin answered (`client.authentication.k8s.io`). */
export interface ExecCredential {
  readonly status: Json;
  readonly expires: number;
}

const EXEC_DEADLINE_MS = 30_000;
/** A token is renewed a little before it ends. */
const EARLY_MS = 10_000;

export class Credentials {
  private exec?: ExecCredential;

  constructor(
    private readonly access: ClusterAccess,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    const unserved = ["auth-provider"].filter((name) => access.user[name] !== undefined);
    if (unserved.length > 0) {
      throw new Error(
        `the user in ${access.origin} authenticates by \`${unserved[0]}\`, which the rehearsal provider does not implement ` +
          "(kubectl dropped it in 1.26). Fix: use `exec`, a token or a client certificate",
      );
    }
    if (access.cluster["proxy-url"] !== undefined) {
      throw new Error(`\`proxy-url\` in ${access.origin} is not implemented by the rehearsal provider`);
    }
  }

  /** Certificates that an exec plugin gives; empty without one. */
  async tls(): Promise<Json> {
    return tlsOf(this.access, await this.execStatus());
  }

  async headers(): Promise<Record<string, string>> {
    const { token, tokenFile, username, password } = this.access.user;
    // A file goes before a value: it is renewed by whoever writes it.
    if (typeof tokenFile === "string") return { authorization: `Bearer ${readFileSync(tokenFile, "utf8").trim()}` };
    if (typeof token === "string" && token !== "") return { authorization: `Bearer ${token}` };
    if (typeof username === "string") {
      return { authorization: `Basic ${Buffer.from(`${username}:${password ?? ""}`).toString("base64")}` };
    }
    const given = (await this.execStatus()).token;
    return given ? { authorization: `Bearer ${given}` } : {};
  }

  private async execStatus(): Promise<Json> {
    const { exec } = this.access.user;
    if (!exec) return {};
    if (this.exec && this.exec.expires > Date.now() + EARLY_MS) return this.exec.status;
    const own = (exec.env ?? []).map(({ name, value }: Json) => [name, value]);
    const info = { kind: "ExecCredential", apiVersion: exec.apiVersion, spec: { interactive: false } };
    const env = { ...this.environment, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    try {
      const { stdout } = await promisify(execFile)(exec.command, exec.args ?? [], { env, timeout: EXEC_DEADLINE_MS });
      const { status } = JSON.parse(stdout) as Json;
      if (!status) throw new Error("it answered no status");
      const expires = status.expirationTimestamp ? Date.parse(status.expirationTimestamp) : Number.POSITIVE_INFINITY;
      this.exec = { status, expires };
      return status;
    } catch (cause) {
      const why = (cause as Error).message.split("\n")[0];
      throw new Error(`the kubeconfig's credential command \`${exec.command}\` failed: ${why}`, { cause });
    }
  }
}
