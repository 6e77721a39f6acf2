import { writeFileSync } from "node:fs";
import * as path from "node:path";
import type { ScenarioCluster } from "../scenario/clusterSchema.js";
import type { RehearsalCluster } from "./rehearsalCluster.js";

const API = "gateway.networking.k8s.io/v1";
/** The class that the local cloud's own controller serves. */
const CLASS = "hitless";

/**
 * Makes the Gateways that the platform would have, and waits until they serve.
 *
 * @returns configuration of the program: the address of each Gateway under the key that asks for it
 */
export async function openGateways(
  cluster: Pick<RehearsalCluster, "kubectl">,
  gateways: ScenarioCluster["gateways"],
  workDirectory: string,
): Promise<Record<string, string>> {
  const file = path.join(workDirectory, "gateways.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: objectsOf(gateways) }));
  // In a cluster that is used again, one that is left from before still tells an address where nobody listens any more.
  for (const { name, namespace } of gateways)
    await cluster.kubectl(["delete", "--ignore-not-found", "--namespace", namespace, `gateway/${name}`]);
  await cluster.kubectl(["apply", "--filename", file]);
  const urls: Record<string, string> = {};
  for (const { name, namespace, port, urlConfig } of gateways) {
    const which = ["--namespace", namespace, `gateway/${name}`];
    await cluster.kubectl(["wait", "--for=condition=Programmed", "--timeout=30s", ...which]);
    const address = await cluster.kubectl(["get", ...which, "--output", "jsonpath={.status.addresses[0].value}"]);
    if (urlConfig !== undefined) urls[urlConfig] = `http://${address.trim()}:${port}`;
  }
  return urls;
}

function objectsOf(gateways: ScenarioCluster["gateways"]): object[] {
  const gatewayClass = {
    apiVersion: API,
    kind: "GatewayClass",
    metadata: { name: CLASS },
    spec: { controllerName: "hitless.dev/gateway-controller" },
  };
  const namespaces = [...new Set(gateways.map(({ namespace }) => namespace))].map((name) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const all = gateways.map(({ name, namespace, port }) => ({
    apiVersion: API,
    kind: "Gateway",
    metadata: { name, namespace },
    spec: {
      gatewayClassName: CLASS,
      listeners: [{ name: "http", protocol: "HTTP", port, allowedRoutes: { namespaces: { from: "All" } } }],
    },
  }));
  return [gatewayClass, ...namespaces, ...all];
}
