/** What a Pulumi program imports from `hitless`. */
export { CODES, type ErrorCode, type Fault, HitlessError } from "./errors/index.js";
export type { FleetArgs, ScalingArgs } from "./fleet/fleetArgs.js";
export type { DataContractArgs, ReleaseArgs } from "./fleet/release.js";
export { RollingFleet, type RollingFleetNodes, type RollingFleetStatus } from "./strategies/rollingFleet.js";
export { type RollingFleetArgs, WhenBusy } from "./strategies/rollingFleetArgs.js";
export { type EntranceArgs, EntranceProtocol, type HeaderConditionArgs } from "./traffic/entranceArgs.js";
export type { HealthCheckArgs } from "./traffic/healthCheck.js";
