import type * as pulumi from "@pulumi/pulumi";
import type { Faults, Finding } from "../../errors/faults.js";
import { isDeferred } from "../../inputs/isDeferred.js";
import { LONGEST_LABEL } from "../../plan/kubernetesNames.js";
import { checkOwned } from "../checkOwned.js";
import type { KubernetesFleetArgs } from "./fleetArgs.js";

/** What a rollout and a drain rely on: an override would make them lose requests, or roll out something else than the diff shows. */
const OWNED_POD = [
  "containers",
  "terminationGracePeriodSeconds",
  "topologySpreadConstraints",
  "serviceAccountName",
  "automountServiceAccountToken",
  "imagePullSecrets",
  "securityContext",
  "readinessGates",
  "restartPolicy",
  "hostNetwork",
];
const OWNED_CONTAINER = [
  "name",
  "image",
  "command",
  "args",
  "env",
  "ports",
  "resources",
  "readinessProbe",
  "startupProbe",
  "lifecycle",
  "securityContext",
];

export function checkOverrides({ pod, container }: KubernetesFleetArgs, faults: Faults): void {
  checkOwned(faults, "pod", pod, OWNED_POD);
  checkOwned(faults, "container", container, OWNED_CONTAINER);
}

/** `hitless.dev` is ours; of the others Kubernetes takes a name, after an optional DNS name. */
const KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;

export function checkLabels(labels: Readonly<Record<string, string>> | undefined, faults: Faults): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    if (/^(hitless\.dev\/|app\.kubernetes\.io\/version$|pod-template-hash$)/.test(key)) {
      faults.add({
        code: "HIT161",
        problem: `fleet.labels["${key}"] is set by Hitless or by Kubernetes itself.`,
        fix: "leave it out",
      });
    } else if (!KEY.test(key) || typeof value !== "string" || !VALUE.test(value) || value.length > LONGEST_LABEL) {
      faults.add({
        code: "HIT258",
        problem: `fleet.labels["${key}"] is ${JSON.stringify(value)}, expected a key such as "team" or "example.com/team" and a value of at most ${LONGEST_LABEL} letters, digits, "-", "_" and ".".`,
        fix: "shorten it, or leave out what is not allowed",
      });
    }
  }
}

export function checkEnv(
  name: string,
  env: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined,
  faults: Faults,
): pulumi.Input<Record<string, pulumi.Input<string>>> {
  // Names are known more often than values, and a value may be a secret that must stay one.
  if (env === undefined) return {};
  const named = !isDeferred(env) || (typeof env === "object" && !("apply" in env) && !("then" in env));
  if (!named) return faults.input(env as pulumi.Input<Record<string, string>>, (known) => checkNames(name, known));
  faults.addAll(checkNames(name, env as object));
  return env;
}

function checkNames(name: string, env: object): Finding[] {
  return Object.keys(env).flatMap((key): Finding[] => {
    if (/^[\x21-\x3c\x3e-\x7e][\x20-\x3c\x3e-\x7e]*$/.test(key)) return [];
    const problem = `${name} has ${JSON.stringify(key)}, expected a name such as "PORT".`;
    return [{ code: "HIT259", problem, fix: "give the variable such a name" }];
  });
}

export function checkPaths(paths: readonly string[] | undefined, faults: Faults): readonly string[] {
  const folders = paths ?? ["/tmp"];
  for (const folder of folders) {
    if (typeof folder === "string" && /^\/[^:\0]+$/.test(folder)) continue;
    faults.add({
      code: "HIT252",
      problem: `fleet.writablePaths has ${JSON.stringify(folder)}, expected a folder such as "/tmp".`,
      fix: "begin it with a slash, and leave out colons",
      why: "Kubernetes mounts a folder by its whole path.",
    });
  }
  return [...new Set(folders)];
}
