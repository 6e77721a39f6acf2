import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import * as path from "node:path";
import type { KubeSettings } from "./kubeSettings.js";

/** How an API server is reached. */
export interface KubeTransport {
  readonly server: URL;
  /** Certificates and credentials for a request; asked for again from time to time, as tokens expire. */
  options(): Promise<RequestOptions>;
}

/** Where pods find what they need to call their own cluster. */
const OWN_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** The API server of a provider. The client library is loaded here and nowhere else, and only when a gate runs. */
export async function transportFor(settings: KubeSettings): Promise<KubeTransport> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  const { kubeconfig, context, cluster } = settings;
  if (kubeconfig === undefined) {
    if (
      !isThere(process.env.KUBECONFIG) &&
      !existsSync(path.join(homedir(), ".kube", "config")) &&
      !existsSync(OWN_TOKEN)
    ) {
      throw new Error("no kubeconfig: neither the provider, nor KUBECONFIG, nor ~/.kube/config names a cluster");
    }
    config.loadFromDefault();
  } else if (isText(kubeconfig)) config.loadFromString(kubeconfig);
  else config.loadFromFile(kubeconfig.replace(/^~(?=\/)/, homedir()));
  if (context !== undefined) {
    if (!config.getContextObject(context)) throw new Error(`the kubeconfig has no context "${context}"`);
    config.setCurrentContext(context);
  }
  const found = cluster === undefined ? config.getCurrentCluster() : config.getCluster(cluster);
  if (!found) throw new Error(`the kubeconfig names no cluster${cluster === undefined ? "" : ` "${cluster}"`}`);
  const current = config.getContextObject(config.getCurrentContext());
  if (cluster !== undefined && current) {
    const name = `${current.name} at ${cluster}`;
    config.addContext({ ...current, name, cluster });
    config.setCurrentContext(name);
  }
  return {
    server: new URL(found.server),
    async options() {
      const options: RequestOptions = {};
      await config.applyToHTTPSOptions(options);
      return options;
    },
  };
}

function isThere(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

/** The provider takes either a kubeconfig or its path. */
function isText(kubeconfig: string): boolean {
  return kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{");
}
