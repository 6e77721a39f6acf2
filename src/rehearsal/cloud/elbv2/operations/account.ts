import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Operation, Out } from "../../service.js";

/** The limits that the local cloud keeps to: ALB guide, quotas. */
const limits: readonly (readonly [name: string, max: number])[] = [
  ["application-load-balancers", 254],
  ["target-groups", 3000],
  ["target-groups-per-application-load-balancer", 100],
  ["target-groups-per-action-on-application-load-balancer", 5],
  ["targets-per-application-load-balancer", 1000],
  ["listeners-per-application-load-balancer", 50],
  ["rules-per-application-load-balancer", 100],
  ["condition-values-per-alb-rule", 5],
  ["condition-wildcards-per-alb-rule", 5],
];

/** What the account may have. */
export function accountOperations(): Record<string, Operation> {
  return {
    DescribeAccountLimits: (): Out<sdk.DescribeAccountLimitsCommandOutput> => ({
      Limits: limits.map(([Name, max]) => ({ Name, Max: String(max) })),
    }),
  };
}
