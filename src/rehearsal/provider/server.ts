/** The provider's gRPC server on a loopback port of its own. */
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { ProviderConfig } from "./config/config.js";
import { providerService } from "./protocol/service.js";
import type { Provider } from "./provider.js";
import { Sessions } from "./sessions.js";
import { speedFrom } from "./wait.js";

/** The version of `@pulumi/aws` whose properties this provider follows. */
export const PROVIDER_VERSION = "7.48.0";

/** The engine's messages may be large (a state with long user data): as in Pulumi's own servers, 400 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

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

export interface ProviderServer {
  readonly port: number;
  /** Ends every wait and stops the server. */
  close(): Promise<void>;
}

/**
 * Starts the server; attach an engine to it with `PULUMI_DEBUG_PROVIDERS=aws:PORT`. It keeps nothing between engines, and several may
 * use it at once.
 */
export async function startProviderServer(options: ProviderServerOptions = {}): Promise<ProviderServer> {
  const environment = options.environment ?? process.env;
  const speed = options.speed ?? speedFrom(environment);
  const sessions = new Sessions(environment, speed, options.engineAddress, options.makeProvider);
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, providerService(sessions, PROVIDER_VERSION));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return {
    port,
    close: async () => {
      sessions.close();
      server.forceShutdown();
    },
  };
}
