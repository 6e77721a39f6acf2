/** The provider's gRPC server on a loopback port of its own. */
import type { ProviderConfig } from "./config/config.js";
import { type ProviderServer, startServer } from "./protocol/grpcServer.js";
import { providerService } from "./protocol/service.js";
import type { Provider } from "./provider.js";
import { awsSessions } from "./sessions.js";
import { speedFrom } from "./wait.js";

/** The version of `@pulumi/aws` whose properties this provider follows. */
export const PROVIDER_VERSION = "7.48.0";

export interface ProviderServerOptions {
  /** @default process.env */
  readonly environment?: NodeJS.ProcessEnv;
  /** The engine that started this process; without it engines attach by themselves. */
  readonly engineAddress?: string;
  /** How many AWS seconds pass in one real second. @default HITLESS_SPEED of the environment, else 1 */
  readonly speed?: number;
  /** Replaces the provider in tests. */
  readonly makeProvider?: (config: ProviderConfig) => Provider;
}

export type { ProviderServer };

/**
 * Starts the server; attach an engine to it with `PULUMI_DEBUG_PROVIDERS=aws:PORT`. It keeps nothing between engines, and several may
 * use it at once.
 */
export async function startProviderServer(options: ProviderServerOptions = {}): Promise<ProviderServer> {
  const environment = options.environment ?? process.env;
  const speed = options.speed ?? speedFrom(environment);
  const sessions = awsSessions(environment, speed, options.engineAddress, options.makeProvider);
  return await startServer(providerService(sessions, PROVIDER_VERSION), sessions);
}
