/** The AWS provider as a plugin. */
import { runAsPlugin } from "./protocol/pluginProcess.js";
import { startProviderServer } from "./server.js";

runAsPlugin(startProviderServer);
