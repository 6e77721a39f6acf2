/** The provider's own configuration: `kubernetes:context` and the arguments of `new kubernetes.Provider(…)`. */
import { existsSync } from "node:fs";
import { type ClusterAccess, readAccess, serversOf } from "../../../kubernetesApi/kubeconfig.js";
import { isUnknown, type Values } from "../../protocol/values.js";
import { type CheckFailure, coerceAll } from "../../schema/coerce.js";
import { flag, integer, number, object, type Properties, text } from "../../schema/property.js";

const PROPERTIES: Properties = {
  kubeconfig: text(),
  context: text(),
  cluster: text(),
  namespace: text(),
  clusterIdentifier: text(),
  deleteUnreachable: flag(),
  skipUpdateUnreachable: flag(),
  enableServerSideApply: flag(),
  enablePatchForce: flag(),
  enableConfigMapMutable: flag(),
  enableSecretMutable: flag(),
  upsertExistingObjects: flag(),
  // Both silence warnings that this provider never gives.
  suppressDeprecationWarnings: flag(),
  suppressHelmHookWarnings: flag(),
  // `burst` and `qps` hold the real provider's client back; this one asks less than either allows.
  kubeClientSettings: object({ burst: integer(), qps: number(), timeout: integer({ range: [1, 3600] }) }),
};

/** Set by the engine or the SDK, not by the program. */
const ENGINES_OWN = ["version", "pluginDownloadURL", "__internal"];

/** Flags that the real provider also takes from the environment. */
const VARIABLES: Readonly<Record<string, string>> = {
  deleteUnreachable: "PULUMI_K8S_DELETE_UNREACHABLE",
  skipUpdateUnreachable: "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
  enableServerSideApply: "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
  enablePatchForce: "PULUMI_K8S_ENABLE_PATCH_FORCE",
  enableConfigMapMutable: "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
  enableSecretMutable: "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
  upsertExistingObjects: "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
};

export interface KubernetesConfig {
  /** How to reach the cluster; where it could not even be read, why. */
  readonly access: ClusterAccess | undefined;
  readonly noAccess: string;
  /** Namespace of objects that name none. */
  readonly namespace: string;
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
  readonly enablePatchForce: boolean;
  readonly enableConfigMapMutable: boolean;
  readonly enableSecretMutable: boolean;
  readonly upsertExistingObjects: boolean;
  readonly timeoutSeconds?: number;
}

/** Inputs of the provider as they come: values other than text arrive as JSON text. */
export function checkConfig(given: Values): { inputs: Values; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const inputs = coerced(given, failures);
  if (inputs.enableServerSideApply === false) failures.push({ property: "enableServerSideApply", reason: CLIENT_SIDE });
  return { inputs: given, failures };
}

const CLIENT_SIDE =
  "the rehearsal provider implements `enableServerSideApply: true` only, the default since version 4: with client-side apply " +
  "other managers' changes are overwritten in another way. Fix: leave the input out, or rehearse with the real provider (`--provider real`)";

function coerced(given: Values, failures: CheckFailure[]): Values {
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !ENGINES_OWN.includes(name)));
  return coerceAll("the provider kubernetes", PROPERTIES, decodeTexts(own), "", failures);
}

function decodeTexts(given: Values): Values {
  const decoded: Values = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = PROPERTIES[name]?.kind;
    decoded[name] = typeof value === "string" && kind !== undefined && kind !== "text" ? parseJson(value) : value;
  }
  return decoded;
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON: the type check names the property and what it expected.
    return value;
  }
}

/** Completes checked inputs from the environment. A kubeconfig that cannot be read is no error yet: previews go without a cluster. */
export function resolveConfig(given: Values, environment: NodeJS.ProcessEnv): KubernetesConfig {
  const failures: CheckFailure[] = [];
  const inputs = coerced(given, failures);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  const isOn = (name: string, otherwise = false): boolean => {
    const variable = environment[VARIABLES[name] ?? ""];
    return inputs[name] ?? (variable === undefined ? otherwise : variable === "true");
  };
  if (!isOn("enableServerSideApply", true)) throw new Error(CLIENT_SIDE);
  const { access, noAccess } = accessFrom(inputs, environment);
  const timeoutSeconds = inputs.kubeClientSettings?.timeout;
  return {
    access,
    noAccess,
    namespace: inputs.namespace || access?.namespace || "default",
    deleteUnreachable: isOn("deleteUnreachable"),
    skipUpdateUnreachable: isOn("skipUpdateUnreachable"),
    enablePatchForce: isOn("enablePatchForce"),
    enableConfigMapMutable: isOn("enableConfigMapMutable"),
    enableSecretMutable: isOn("enableSecretMutable"),
    upsertExistingObjects: isOn("upsertExistingObjects"),
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
  };
}

function accessFrom(inputs: Values, environment: NodeJS.ProcessEnv): Pick<KubernetesConfig, "access" | "noAccess"> {
  const own = environment.HITLESS_KUBECONFIG ?? "";
  if (own !== "" && !existsSync(own) && !inputs.kubeconfig) return { access: undefined, noAccess: NO_CLUSTER };
  let access: ClusterAccess;
  try {
    // An empty text is an SDK's way to give nothing.
    const choice = { kubeconfig: inputs.kubeconfig, context: inputs.context, cluster: inputs.cluster };
    access = readAccess(Object.fromEntries(Object.entries(choice).filter(([, value]) => value)), environment);
  } catch (error) {
    return { access: undefined, noAccess: (error as Error).message };
  }
  refuseOtherClusters(access, own);
  return { access, noAccess: "" };
}

const NO_CLUSTER =
  "this rehearsal has no Kubernetes cluster. Fix: write `cluster: {}` into the scenario (rehearsal.yaml), or name a cluster with `--kubeconfig FILE`";

/**
 * In a rehearsal (`HITLESS_KUBECONFIG`) only the rehearsal's own cluster may be touched: a program may well carry the kubeconfig of a
 * real one, and must not change it by an oversight.
 */
function refuseOtherClusters(access: ClusterAccess, own: string): void {
  if (own === "") return;
  const allowed = existsSync(own) ? serversOf(own) : [];
  if (allowed.includes(access.server)) return;
  throw new Error(
    `the provider's kubeconfig (${access.origin}) names the API server ${access.server}, which is not the rehearsal's (${allowed.join(", ") || "it has none"}). ` +
      "Why: a rehearsal must not touch another cluster. " +
      "Fix: leave `kubeconfig` out of the provider while rehearsing (KUBECONFIG is set then), or name that cluster with `--kubeconfig FILE`",
  );
}

/** What a change of the provider's configuration means for the resources made with it. */
export function diffConfig(olds: Values, news: Values): { changed: string[]; replacing: string[] } {
  const names = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (name) => !ENGINES_OWN.includes(name),
  );
  const changed = names.filter((name) => JSON.stringify(olds[name]) !== JSON.stringify(news[name]));
  const [before, after] = [olds.clusterIdentifier, news.clusterIdentifier];
  // "the provider will only be replaced when clusterIdentifier changes" (its documentation).
  if (before !== undefined && after !== undefined) {
    return { changed, replacing: before === after ? [] : ["clusterIdentifier"] };
  }
  const choosing = changed.filter((name) => ["kubeconfig", "context", "cluster"].includes(name));
  const unknown = choosing.filter((name) => isUnknown(news[name]));
  if (unknown.length > 0) return { changed, replacing: unknown };
  const [oldServer, newServer] = [serverIn(olds), serverIn(news)];
  const moved = oldServer !== undefined && newServer !== undefined && oldServer !== newServer;
  return { changed, replacing: moved ? choosing : [] };
}

/** As the real provider: the active cluster is known only where the configuration itself holds a kubeconfig. */
function serverIn({ kubeconfig, context, cluster }: Values): string | undefined {
  if (typeof kubeconfig !== "string" || kubeconfig === "") return undefined;
  try {
    return readAccess({ kubeconfig, ...(context ? { context } : {}), ...(cluster ? { cluster } : {}) }, {}).server;
  } catch {
    // Not readable now: nothing can be said of its cluster, and using it will tell why.
    return undefined;
  }
}
