import type { GateSurroundings } from "../../gate.js";
import type { GateCloud } from "../../gateCloud.js";
import type { RolloutOrder } from "../../rollout.js";
import type { KubeApi } from "../kubeApi.js";
import type { PodTemplate } from "../objects.js";

/** A Deployment as the provider applies it. */
export interface AppliedDeployment {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: { readonly template: PodTemplate } & Readonly<Record<string, unknown>>;
}

/** A Deployment that is to start other pods. */
export interface DeploymentRollout {
  readonly namespace: string;
  readonly name: string;
  /** As Pulumi's state has it: what the provider has applied, and what a failed rollout goes back to. */
  readonly before: AppliedDeployment;
  /** As the program wants it: what the provider is about to apply. */
  readonly after: AppliedDeployment;
  /** Under whose name the provider applies; absent where Pulumi's state does not tell. */
  readonly fieldManager?: string;
  /** The target that the pods stand behind: a target group's ARN, or a Service. */
  readonly target: string;
}

/** What the steps of a rollout share. */
export interface DeploymentContext extends GateSurroundings {
  readonly cloud: Pick<GateCloud, "targets" | "alarms">;
  readonly order: RolloutOrder;
  readonly rollout: DeploymentRollout;
  readonly api: KubeApi;
}
