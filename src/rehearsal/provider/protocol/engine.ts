/** The engine behind a provider: where progress is shown, and whose end is the provider's end. */
import { connectivityState, credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb.js";

/** How loudly the engine says a line: a warning is repeated at the end of its output. */
export type Importance = "info" | "warning";

export class Engine {
  private readonly client: EngineClient;
  private closed = false;

  /** @param address the engine's gRPC address, host:port */
  constructor(readonly address: string) {
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** Shows a line beside the resource. Progress is `ephemeral`: on a terminal the next line takes its place. */
  log(message: string, urn: string, ephemeral: boolean, importance: Importance = "info"): void {
    if (this.closed) return;
    const request = new LogRequest();
    request.setSeverity(importance === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
    request.setMessage(message);
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    this.client.log(request, (error) => {
      // A line that finds no engine any more is no loss; the watch below sees that the engine is gone.
      if (error && !this.closed) process.stderr.write(`${message}\n`);
    });
  }

  /** Calls back once, when the engine cannot be reached any more: also after `kill -9`, as its connections then break. */
  onGone(action: () => void): void {
    const channel = this.client.getChannel();
    const watch = (): void => {
      if (this.closed) return;
      const state = channel.getConnectivityState(true);
      if (state === connectivityState.TRANSIENT_FAILURE || state === connectivityState.SHUTDOWN) {
        action();
        return;
      }
      channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, (error) => {
        if (error) action();
        else watch();
      });
    };
    watch();
  }

  close(): void {
    this.closed = true;
    this.client.close();
  }
}
