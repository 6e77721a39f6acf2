/** The Kubernetes provider as a plugin. */
import { runAsPlugin } from "../protocol/pluginProcess.js";
import { startKubernetesProvider } from "./server.js";

runAsPlugin(startKubernetesProvider);
