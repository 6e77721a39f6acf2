/** Stands for the engine in tests of the plugin's process: a gRPC server that starts the plugin and passes its output on. */
const { spawn } = require("node:child_process");
const path = require("node:path");
const { Server, ServerCredentials } = require("@grpc/grpc-js");

const server = new Server();
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  const main = path.resolve(__dirname, "../../../src/rehearsal/provider/main.ts");
  const hook = path.resolve(__dirname, "typescriptHook.cjs");
  const plugin = spawn(process.execPath, ["-r", hook, main, `127.0.0.1:${port}`], {
    stdio: ["ignore", "inherit", "ignore"],
  });
  process.on("message", (word) => {
    if (word === "stop") plugin.kill("SIGINT");
    if (word === "close server") server.forceShutdown();
  });
  plugin.on("exit", (code, signal) => process.send?.({ code, signal }));
});
