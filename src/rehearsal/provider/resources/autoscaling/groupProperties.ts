/** The properties of `aws.autoscaling.Group`. Defaults and ranges: the real provider's documentation and the botocore model. */
import { secondsOf } from "../../config/credentials.js";
import { hasUnknown, isRecord, type Values } from "../../protocol/values.js";
import type { CheckFailure } from "../../schema/coerce.js";
import { flag, integer, list, named, object, type Properties, regional, set, text } from "../../schema/property.js";

const INSTANCE_REFRESH = object(
  {
    strategy: text({ required: true, oneOf: ["Rolling"] }),
    triggers: set(text()),
    preferences: object({
      alarmSpecification: object({ alarms: list(text()) }),
      autoRollback: flag(),
      checkpointDelay: text(),
      checkpointPercentages: list(integer({ range: [1, 100] })),
      instanceWarmup: text(),
      maxHealthyPercentage: integer({ default: 100, range: [100, 200] }),
      minHealthyPercentage: integer({ default: 90, range: [0, 100] }),
      scaleInProtectedInstances: text({ default: "Ignore", oneOf: ["Refresh", "Ignore", "Wait"] }),
      skipMatching: flag({ default: false }),
      standbyInstances: text({ default: "Ignore", oneOf: ["Terminate", "Ignore", "Wait"] }),
    }),
  },
  { stored: true },
);

const LIFECYCLE_HOOK = object({
  name: text({ required: true }),
  lifecycleTransition: text({
    required: true,
    oneOf: ["autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"],
  }),
  defaultResult: text({ oneOf: ["CONTINUE", "ABANDON"] }),
  heartbeatTimeout: integer({ range: [30, 7200] }),
  notificationMetadata: text(),
  notificationTargetArn: text(),
  roleArn: text(),
});

export const GROUP_PROPERTIES: Properties = {
  ...regional,
  ...named([1, 255]),
  minSize: integer({ required: true, range: [0, 10000] }),
  maxSize: integer({ required: true, range: [0, 10000] }),
  desiredCapacity: integer({ computed: true, range: [0, 10000] }),
  vpcZoneIdentifiers: set(text(), { computed: true, conflictsWith: ["availabilityZones"] }),
  availabilityZones: set(text(), { computed: true, conflictsWith: ["vpcZoneIdentifiers"] }),
  launchTemplate: object(
    {
      id: text({ computed: true, conflictsWith: ["name"] }),
      name: text({ computed: true, conflictsWith: ["id"] }),
      version: text({ default: "$Default" }),
    },
    { required: true },
  ),
  targetGroupArns: set(text(), { computed: true, conflictsWith: ["trafficSources"] }),
  trafficSources: set(
    object({ identifier: text({ required: true }), type: text({ default: "elbv2", oneOf: ["elbv2"] }) }),
    { computed: true, conflictsWith: ["targetGroupArns"], key: "identifier" },
  ),
  healthCheckType: text({ computed: true }),
  healthCheckGracePeriod: integer({ default: 300 }),
  defaultCooldown: integer({ computed: true }),
  defaultInstanceWarmup: integer(),
  maxInstanceLifetime: integer(),
  capacityRebalance: flag(),
  protectFromScaleIn: flag({ default: false }),
  terminationPolicies: list(text()),
  suspendedProcesses: set(text()),
  enabledMetrics: set(text()),
  metricsGranularity: text({ default: "1Minute", oneOf: ["1Minute"], stored: true }),
  serviceLinkedRoleArn: text({ computed: true }),
  instanceMaintenancePolicy: object({
    minHealthyPercentage: integer({ required: true, range: [-1, 100] }),
    maxHealthyPercentage: integer({ required: true, range: [-1, 200] }),
  }),
  tags: set(
    object({
      key: text({ required: true }),
      value: text({ required: true }),
      propagateAtLaunch: flag({ required: true }),
    }),
    { key: "key" },
  ),
  initialLifecycleHooks: set(LIFECYCLE_HOOK, { replace: true, stored: true, key: "name" }),
  instanceRefresh: INSTANCE_REFRESH,
  waitForCapacityTimeout: text({ default: "10m", stored: true }),
  minElbCapacity: integer({ stored: true }),
  waitForElbCapacity: integer({ stored: true }),
  ignoreFailedScalingActivities: flag({ default: false, stored: true }),
  forceDelete: flag({ default: false, stored: true }),
  arn: text({ output: true }),
  predictedCapacity: integer({ output: true }),
  warmPoolSize: integer({ output: true }),
};

export function groupFaults(inputs: Values): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const fault = (property: string, reason: string): void => void failures.push({ property, reason });
  const { minSize, maxSize, desiredCapacity, launchTemplate, waitForCapacityTimeout } = inputs;
  if (!hasUnknown([minSize, maxSize, desiredCapacity])) {
    if (minSize > maxSize) fault("minSize", `\`minSize\` is ${minSize}, more than \`maxSize\`, ${maxSize}`);
    if (desiredCapacity < minSize || desiredCapacity > maxSize) {
      fault("desiredCapacity", `\`desiredCapacity\` is ${desiredCapacity}, expected ${minSize} to ${maxSize}`);
    }
  }
  if (isRecord(launchTemplate) && launchTemplate.id === undefined && launchTemplate.name === undefined) {
    fault("launchTemplate", "`launchTemplate` needs `id` or `name`");
  }
  if (typeof waitForCapacityTimeout === "string") {
    try {
      secondsOf(waitForCapacityTimeout);
    } catch (error) {
      fault("waitForCapacityTimeout", `\`waitForCapacityTimeout\`: ${(error as Error).message}`);
    }
  }
  return failures;
}
