import type * as pulumi from "@pulumi/pulumi";
import type { PodTemplate } from "../../gates/kubernetes/objects.js";
import { canonical } from "../../gates/kubernetes/rollout/census.js";
import type { AppliedDeployment, DeploymentRollout } from "../../gates/kubernetes/rollout/deploymentRollout.js";
import { plain } from "../../inputs/plain.js";
import { TARGET_ANNOTATION } from "../../plan/kubernetesNames.js";
import type { CreatedWorkload, WorkloadChange } from "../platform.js";

/** The part of a Deployment's properties that hooks look at. */
interface DeploymentProperties {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly replicas?: number; readonly template?: PodTemplate };
  /** In the provider's outputs: under whose name it applies. */
  readonly __fieldManager?: string;
}

/** An update of a Deployment, before it happens. */
export interface KubernetesChange extends WorkloadChange {
  readonly rollout: DeploymentRollout;
}

export async function workloadChange(args: pulumi.ResourceHookArgs): Promise<KubernetesChange> {
  const [next, inputs, outputs] = await Promise.all([
    plain<DeploymentProperties>(args.newInputs ?? {}),
    plain<DeploymentProperties>(args.oldInputs ?? {}),
    plain<DeploymentProperties>(args.oldOutputs ?? {}),
  ]);
  const [before, after] = [targetOf(inputs) ?? targetOf(outputs), targetOf(next)];
  const [namespace = "default", name = ""] = args.id.includes("/")
    ? args.id.split("/")
    : [outputs.metadata?.namespace, outputs.metadata?.name ?? args.id];
  const replicas = next.spec?.replicas;
  const now = outputs.spec?.replicas ?? inputs.spec?.replicas ?? 0;
  return {
    name: `${namespace}/${name}`,
    guardedId: before ?? after ?? "",
    target: { ...(before !== undefined ? { before } : {}), ...(after !== undefined ? { after } : {}) },
    servers: {
      now,
      ...(replicas !== undefined ? { next: replicas } : {}),
      emptied: replicas === 0 && inputs.spec?.replicas !== 0,
    },
    replaces: canonical(next.spec?.template) !== canonical(inputs.spec?.template),
    rollout: {
      namespace,
      name,
      before: applied(inputs),
      after: applied(next),
      target: after ?? before ?? "",
      ...(outputs.__fieldManager !== undefined ? { fieldManager: outputs.__fieldManager } : {}),
    },
  };
}

export async function workloadCreated(args: pulumi.ResourceHookArgs): Promise<CreatedWorkload> {
  const deployment = await plain<DeploymentProperties>(args.newOutputs ?? {});
  const servers = deployment.spec?.replicas;
  const target = targetOf(deployment) ?? "";
  return { guardedId: target, target, ...(servers !== undefined ? { servers } : {}) };
}

function targetOf({ metadata }: DeploymentProperties): string | undefined {
  return metadata?.annotations?.[TARGET_ANNOTATION];
}

/** What the provider sends: its inputs without what it keeps for itself. */
function applied(inputs: DeploymentProperties): AppliedDeployment {
  const own = Object.entries(inputs).filter(([key]) => !key.startsWith("__") && key !== "status");
  const {
    metadata,
    spec,
    apiVersion = "apps/v1",
    kind = "Deployment",
  } = Object.fromEntries(own) as DeploymentProperties;
  return { apiVersion, kind, metadata: { ...metadata }, spec: (spec ?? {}) as AppliedDeployment["spec"] };
}
