import type { PutScalingPolicyCommandInput, TargetTrackingConfiguration } from "@aws-sdk/client-auto-scaling";

export type PolicyType = "SimpleScaling" | "StepScaling" | "TargetTrackingScaling";
export type AdjustmentType = "ChangeInCapacity" | "ExactCapacity" | "PercentChangeInCapacity";

export interface Step {
  readonly lower?: number;
  readonly upper?: number;
  readonly adjustment: number;
}

export interface ScalingPolicyRecord {
  readonly name: string;
  readonly arn: string;
  readonly type: PolicyType;
  readonly enabled: boolean;
  readonly adjustmentType?: AdjustmentType;
  readonly scalingAdjustment?: number;
  readonly minMagnitude?: number;
  readonly cooldownSeconds?: number;
  readonly steps: readonly Step[];
  readonly warmupSeconds?: number;
  readonly aggregation?: string;
  readonly tracking?: TargetTrackingConfiguration;
  /** Alarms that target tracking made for itself; they go when the policy goes. */
  readonly ownAlarms: readonly { readonly name: string; readonly role: "high" | "low" }[];
}

export type PolicyInput = PutScalingPolicyCommandInput;
