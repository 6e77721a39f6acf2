/** The configured cluster, or why there is none: asked once, when the provider is configured. */
import { Connection } from "../../../kubernetesApi/connection.js";
import { explain, isForbidden } from "../../../kubernetesApi/errors.js";
import { Objects } from "../api/objects.js";
import type { KubernetesConfig } from "./config.js";

export type Cluster =
  | { readonly objects: Objects; readonly unreachable?: undefined }
  | { readonly objects?: undefined; readonly unreachable: string };

/** Previews, and programs that only use functions, go without a cluster: the error waits until it is needed (as the real provider). */
export async function connect(config: KubernetesConfig, environment: NodeJS.ProcessEnv): Promise<Cluster> {
  if (!config.access) return { unreachable: config.noAccess };
  try {
    const { timeoutSeconds } = config;
    const options = { environment, ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }) };
    const objects = new Objects(new Connection(config.access, options));
    // Who may not even ask for the version may still do what the program needs: the server answers, that is enough.
    await objects.version().catch((error: unknown) => {
      if (!isForbidden(error)) throw error;
    });
    return { objects };
  } catch (error) {
    return { unreachable: explain(error) };
  }
}
