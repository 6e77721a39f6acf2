/** The Kubernetes provider's gRPC server on a loopback port of its own. */
import { type ProviderServer, startServer } from "../protocol/grpcServer.js";
import { Sessions } from "../protocol/sessions.js";
import { speedFrom } from "../wait.js";
import { connect } from "./config/cluster.js";
import { resolveConfig } from "./config/config.js";
import { KubernetesProvider } from "./provider.js";
import { kubernetesService } from "./service.js";

/** The version of `@pulumi/kubernetes` whose behaviour this provider follows. */
export const KUBERNETES_PROVIDER_VERSION = "4.34.2";

export interface KubernetesServerOptions {
  /** Where KUBECONFIG comes from. @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** The engine that started this process; without it engines attach by themselves. */
  readonly engineAddress?: string;
  /**
   * How much shorter than in reality the provider waits for stragglers (ten seconds after a Service's last change). A cluster's own time
   * stays real. @default HITLESS_SPEED of the environment, else 1
   */
  readonly speed?: number;
}

/** Starts the server; attach an engine to it with `PULUMI_DEBUG_PROVIDERS=kubernetes:PORT`. */
export async function startKubernetesProvider(options: KubernetesServerOptions = {}): Promise<ProviderServer> {
  const environment = options.environment ?? process.env;
  const speed = options.speed ?? speedFrom(environment);
  const sessions = new Sessions(async (inputs) => {
    const config = resolveConfig(inputs, environment);
    return new KubernetesProvider(config, await connect(config, environment), speed);
  }, options.engineAddress);
  return await startServer(kubernetesService(sessions, KUBERNETES_PROVIDER_VERSION), sessions);
}
