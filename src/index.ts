/** What a Pulumi program imports from `hitless`. */
export { CODES, type ErrorCode, type Fault, HitlessError } from "./errors/index.js";
export { ec2 } from "./fleet/ec2/ec2.js";
export type { FleetArgs, ScalingArgs } from "./fleet/ec2/fleetArgs.js";
export type { PlatformFleet } from "./fleet/platform.js";
export type { DataContractArgs, ReleaseArgs } from "./fleet/release.js";
export type { VerifyArgs, VerifyFunction, VerifyHeaderArgs, VerifySubject } from "./gates/verify/verifyArgs.js";
export {
  BlueGreenPair,
  type BlueGreenPairStatus,
  type ByEnvironment,
} from "./strategies/blueGreenPair/blueGreenPair.js";
export { type BlueGreenPairArgs, Environment, IdleCapacity } from "./strategies/blueGreenPair/blueGreenPairArgs.js";
export type { BlueGreenPairNodes, EnvironmentNodes } from "./strategies/blueGreenPair/pairNodes.js";
export type { CanaryReleaseNodes, VersionNodes } from "./strategies/canaryRelease/canaryNodes.js";
export { type ByVersion, CanaryRelease, type CanaryReleaseStatus } from "./strategies/canaryRelease/canaryRelease.js";
export {
  type CanaryArgs,
  CanaryCapacity,
  type CanaryReleaseArgs,
} from "./strategies/canaryRelease/canaryReleaseArgs.js";
export {
  RollingFleet,
  type RollingFleetNodes,
  type RollingFleetStatus,
} from "./strategies/rollingFleet/rollingFleet.js";
export { type RollingFleetArgs, WhenBusy } from "./strategies/rollingFleet/rollingFleetArgs.js";
export type { AudienceArgs, CookieConditionArgs, QueryConditionArgs } from "./traffic/audienceArgs.js";
export { type EntranceArgs, EntranceProtocol, type HeaderConditionArgs } from "./traffic/entranceArgs.js";
export type { PlatformEntrance } from "./traffic/front.js";
export type { HealthCheckArgs } from "./traffic/healthCheck.js";
export type { PreviewArgs, PreviewPortsArgs } from "./traffic/previewArgs.js";
export type { PreviewAddress } from "./traffic/previewRoute.js";
export type { StickinessArgs } from "./traffic/stickiness.js";
