import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as proto from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { unary } from "./messages.js";
import type { Sessions } from "./sessions.js";
import { fromStruct } from "./values.js";

/**
 * The calls with which an engine and a provider get to know each other; every provider here answers them alike.
 * @param acceptsSecrets whether the provider itself marks what is secret in the state. One whose outputs have the names of its inputs
 *   needs no marks: the engine keeps them on properties of the same name.
 */
export function greetings(
  sessions: Sessions<any>,
  { version, acceptsSecrets }: { readonly version: string; readonly acceptsSecrets: boolean },
): UntypedServiceImplementation {
  return {
    attach: unary(async (request: { getAddress(): string }, call) => {
      sessions.attach(call.getPeer(), request.getAddress());
      return new Empty();
    }),
    getPluginInfo: unary(async () => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    getSchema: unary(async () => {
      throw new Error(
        "the rehearsal provider brings no schema: YAML programs and the code that `pulumi import` writes need the real provider. " +
          "Fix: `pulumi import --generate-code=false`, or the `import` option in the program",
      );
    }),
    configure: unary(async (request: proto.ConfigureRequest, call) => {
      await sessions.configure(call.getPeer(), fromStruct(request.getArgs()));
      const response = new proto.ConfigureResponse();
      response.setAcceptsecrets(acceptsSecrets);
      response.setAcceptresources(false);
      response.setAcceptoutputs(false);
      response.setSupportspreview(true);
      response.setSupportsAutonamingConfiguration(true);
      return response;
    }),
  };
}
