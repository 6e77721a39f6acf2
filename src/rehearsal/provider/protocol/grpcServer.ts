/** A gRPC server for one provider, on a loopback port of its own. */
import { Server, ServerCredentials, type UntypedServiceImplementation } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type { Sessions } from "./sessions.js";

/** The engine's messages may be large (a state with long user data): as in Pulumi's own servers, 400 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export interface ProviderServer {
  readonly port: number;
  /** Ends every wait and stops the server. */
  close(): Promise<void>;
}

export async function startServer(
  service: UntypedServiceImplementation,
  sessions: Sessions<any>,
): Promise<ProviderServer> {
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, service);
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
