import type { BalancerCounts } from "../balancer/dataPlane.js";
import type { MetricDatum } from "../ports.js";

const namespace = "AWS/ApplicationELB";

/** Where a load balancer's and a group's metrics are found. */
export interface MetricPlace {
  /** `app/NAME/ID` */
  readonly loadBalancer: string;
  /** `targetgroup/NAME/ID` */
  readonly targetGroup?: string;
}

/**
 * The balancer's counts as CloudWatch metrics. Counts exist only when they are not zero (ALB guide, "CloudWatch metrics"), so an
 * alarm on errors needs `TreatMissingData: notBreaching`.
 */
export function countMetrics(counts: BalancerCounts, place: MetricPlace, healthyTargets: number): MetricDatum[] {
  const { targetStatus, elbStatus } = counts;
  const elb5xx = elbStatus["500"] + elbStatus["502"] + elbStatus["503"] + elbStatus["504"];
  const sums: [string, number, string][] = [
    ["RequestCount", counts.requests, "Count"],
    ["HTTPCode_Target_2XX_Count", targetStatus["2xx"], "Count"],
    ["HTTPCode_Target_3XX_Count", targetStatus["3xx"], "Count"],
    ["HTTPCode_Target_4XX_Count", targetStatus["4xx"], "Count"],
    ["HTTPCode_Target_5XX_Count", targetStatus["5xx"], "Count"],
    ["HTTPCode_ELB_4XX_Count", elbStatus["4xx"], "Count"],
    ["HTTPCode_ELB_5XX_Count", elb5xx, "Count"],
    ["HTTPCode_ELB_500_Count", elbStatus["500"], "Count"],
    ["HTTPCode_ELB_502_Count", elbStatus["502"], "Count"],
    ["HTTPCode_ELB_503_Count", elbStatus["503"], "Count"],
    ["HTTPCode_ELB_504_Count", elbStatus["504"], "Count"],
    ["TargetConnectionErrorCount", counts.targetConnectionErrors, "Count"],
    ["NewConnectionCount", counts.newConnections, "Count"],
    ["ActiveConnectionCount", counts.activeConnections, "Count"],
    ["ProcessedBytes", counts.processedBytes, "Bytes"],
  ];
  const dimensions = dimensionsOf(place);
  const data: MetricDatum[] = sums
    .filter(([, value]) => value !== 0)
    .map(([name, value, unit]) => ({ namespace, name, dimensions, at: counts.at, values: [value], unit }));
  if (counts.targetResponseSeconds.length > 0) {
    const values = counts.targetResponseSeconds;
    data.push({ namespace, name: "TargetResponseTime", dimensions, at: counts.at, values, unit: "Seconds" });
  }
  return place.targetGroup === undefined
    ? data
    : [...data, ...perTarget(counts, place.targetGroup, dimensions, healthyTargets)];
}

/** Only the sum of RequestCountPerTarget means anything, and it is the average per target (ALB guide). */
function perTarget(
  counts: BalancerCounts,
  targetGroup: string,
  both: Readonly<Record<string, string>>,
  healthyTargets: number,
): MetricDatum[] {
  if (counts.requests === 0) return [];
  const values = [counts.requests / Math.max(1, healthyTargets)];
  return [{ TargetGroup: targetGroup }, both].map((dimensions) => ({
    namespace,
    name: "RequestCountPerTarget",
    dimensions,
    at: counts.at,
    values,
    unit: "Count",
  }));
}

/**
 * What is "always reported" (ALB guide, metrics), and that is: while requests flow through the load balancer. A target group that gets
 * none of them has zeros, so that its autoscaler sees that it is idle; without any request there is no metric at all.
 */
export function quietGroupMetrics(at: number, place: Required<MetricPlace>): MetricDatum[] {
  const both = dimensionsOf(place);
  const zero = { namespace, at, values: [0], unit: "Count" };
  return [
    { ...zero, name: "RequestCount", dimensions: both },
    { ...zero, name: "RequestCountPerTarget", dimensions: { TargetGroup: place.targetGroup } },
    { ...zero, name: "RequestCountPerTarget", dimensions: both },
  ];
}

/** HealthyHostCount and UnHealthyHostCount, reported while targets are registered. */
export function hostMetrics(at: number, place: MetricPlace, healthy: number, unhealthy: number): MetricDatum[] {
  const dimensions = dimensionsOf(place);
  return [
    { namespace, name: "HealthyHostCount", dimensions, at, values: [healthy], unit: "Count" },
    { namespace, name: "UnHealthyHostCount", dimensions, at, values: [unhealthy], unit: "Count" },
  ];
}

function dimensionsOf(place: MetricPlace): Record<string, string> {
  return {
    ...(place.targetGroup !== undefined && { TargetGroup: place.targetGroup }),
    LoadBalancer: place.loadBalancer,
  };
}
