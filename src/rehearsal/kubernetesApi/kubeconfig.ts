/**
 * Reading a kubeconfig (https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/): which API server, and
 * as whom. `@kubernetes/client-node` reads them too, but takes a second to load, which each start of the provider and of the cloud would wait for.
 */
import { existsSync, readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { isObject, type Json } from "./json.js";

/** The entries of one context, with the paths of their files made absolute. */
export interface ClusterAccess {
  readonly server: string;
  readonly cluster: Json;
  readonly user: Json;
  /** The context's own namespace. */
  readonly namespace?: string;
  /** Where it was read, for messages. */
  readonly origin: string;
}

export interface Choice {
  /** Contents of a kubeconfig, or its path; absent: `KUBECONFIG`, then `~/.kube/config`. */
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly cluster?: string;
}

/** @throws Error what is missing or wrong, with a remedy */
export function readAccess(choice: Choice, environment: NodeJS.ProcessEnv): ClusterAccess {
  const { config, origin } = load(choice.kubeconfig, environment);
  const name = choice.context ?? config["current-context"];
  if (!name) {
    throw new Error(
      `${origin} has no current-context. Fix: \`kubectl config use-context NAME\`, or give \`context\` to the provider`,
    );
  }
  const context = entry(config, "contexts", name, origin).context as Json;
  const clusterName = choice.cluster ?? context.cluster;
  const cluster = entry(config, "clusters", clusterName, origin).cluster as Json;
  const user: Json = context.user ? (entry(config, "users", context.user, origin).user as Json) : {};
  if (typeof cluster.server !== "string") throw new Error(`the cluster "${clusterName}" in ${origin} has no server`);
  return {
    server: cluster.server.replace(/\/+$/, ""),
    cluster,
    user,
    origin,
    ...(typeof context.namespace === "string" ? { namespace: context.namespace } : {}),
  };
}

/** The addresses of all clusters in a kubeconfig. */
export function serversOf(kubeconfig: string): string[] {
  const { config } = load(kubeconfig, {});
  return (config.clusters ?? []).map(({ cluster }: Json) => String(cluster?.server).replace(/\/+$/, ""));
}

function load(given: string | undefined, environment: NodeJS.ProcessEnv): { config: Json; origin: string } {
  if (given !== undefined && /[\n{]/.test(given)) {
    return { config: parsed(given, "the provider's kubeconfig"), origin: "the provider's kubeconfig" };
  }
  const listed = given ?? environment.KUBECONFIG ?? "";
  const files = listed.split(given === undefined ? path.delimiter : "\0").filter((file) => file !== "");
  const standard = path.join(environment.HOME ?? os.homedir(), ".kube", "config");
  const candidates = (files.length > 0 ? files : [standard]).map((file) =>
    file.startsWith("~/") ? path.join(environment.HOME ?? os.homedir(), file.slice(2)) : file,
  );
  // `KUBECONFIG` may list files that do not exist; some other has to.
  const present = candidates.filter((file) => existsSync(file));
  const own = given === undefined && files.length === 0 ? ownCluster(environment) : undefined;
  if (present.length === 0 && own) return { config: own, origin: "the pod's own service account" };
  if (present.length === 0) {
    throw new Error(
      `there is no kubeconfig at ${candidates.join(" or ")}. Fix: set KUBECONFIG, or give \`kubeconfig\` (its contents or its path) to the provider`,
    );
  }
  return {
    config: present.map(readOne).reduceRight((later, earlier) => merged(earlier, later)),
    origin: present.join(" and "),
  };
}

const ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount";

/** A process in a pod reaches its own cluster as its service account (https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/). */
function ownCluster({
  KUBERNETES_SERVICE_HOST: host,
  KUBERNETES_SERVICE_PORT: port,
}: NodeJS.ProcessEnv): Json | undefined {
  if (!host || !port || !existsSync(`${ACCOUNT}/token`)) return undefined;
  const server = `https://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const namespace = readFileSync(`${ACCOUNT}/namespace`, "utf8").trim();
  return {
    "current-context": "own",
    clusters: [{ name: "own", cluster: { server, "certificate-authority": `${ACCOUNT}/ca.crt` } }],
    contexts: [{ name: "own", context: { cluster: "own", user: "own", namespace } }],
    users: [{ name: "own", user: { tokenFile: `${ACCOUNT}/token` } }],
  };
}

/** The first file to name a thing wins ("merging kubeconfig files"). */
function merged(first: Json, second: Json): Json {
  const lists = ["clusters", "contexts", "users"].map((kind) => [
    kind,
    [...(first[kind] ?? []), ...(second[kind] ?? [])],
  ]);
  return { ...second, ...first, ...Object.fromEntries(lists) };
}

const PATHS = ["certificate-authority", "client-certificate", "client-key", "tokenFile"];

/** Paths in a kubeconfig are relative to its own directory. */
function readOne(file: string): Json {
  const config = parsed(readFileSync(file, "utf8"), file);
  const directory = path.dirname(path.resolve(file));
  for (const part of [...(config.clusters ?? []), ...(config.users ?? [])]) {
    const body: Json = part?.cluster ?? part?.user ?? {};
    for (const name of PATHS) {
      if (typeof body[name] === "string") body[name] = path.resolve(directory, body[name]);
    }
  }
  return config;
}

function parsed(text: string, origin: string): Json {
  let config: unknown;
  try {
    config = parse(text);
  } catch (cause) {
    throw new Error(`${origin} is no YAML (${(cause as Error).message.split("\n")[0]})`, { cause });
  }
  if (!isObject(config)) throw new Error(`${origin} is no kubeconfig: it is empty or no object`);
  return config;
}

function entry(config: Json, kind: "contexts" | "clusters" | "users", name: string, origin: string): Json {
  const all: Json[] = Array.isArray(config[kind]) ? config[kind] : [];
  const found = all.find((candidate) => candidate?.name === name);
  const single = kind.slice(0, -1);
  if (isObject(found?.[single])) return found as Json;
  const names = all.map((candidate) => candidate?.name).join(", ") || "none";
  throw new Error(`${origin} has no ${single} "${name}"; it has ${names}`);
}
