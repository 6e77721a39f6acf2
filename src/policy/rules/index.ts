import type { Rule } from "../rule.js";
import { alarmMissingDataBreaches } from "./alarmMissingDataBreaches.js";
import { canaryCapacityBelowWeight } from "./canaryCapacityBelowWeight.js";
import { concurrentVersions } from "./concurrentVersions.js";
import { dataContract } from "./dataContract.js";
import { drainShorterThanRequests } from "./drainShorterThanRequests.js";
import { duplicateEnvironmentCost } from "./duplicateEnvironmentCost.js";
import { healthCheckTooSlow } from "./healthCheckTooSlow.js";
import { idleEnvironmentExpiry } from "./idleEnvironmentExpiry.js";
import { imdsV1 } from "./imdsV1.js";
import { noDisruptionBudget } from "./noDisruptionBudget.js";
import { noFixedTargetGroupName } from "./noFixedTargetGroupName.js";
import { noIgnoredWeights } from "./noIgnoredWeights.js";
import { noLatestTemplateVersion } from "./noLatestTemplateVersion.js";
import { noReadinessGate } from "./noReadinessGate.js";
import { noRecreateLive } from "./noRecreateLive.js";
import { noUnattachedLiveTargetGroup } from "./noUnattachedLiveTargetGroup.js";
import { noWeightWithoutHealthCheck } from "./noWeightWithoutHealthCheck.js";
import { openToTheWorld } from "./openToTheWorld.js";
import { plainHttpInPublic } from "./plainHttpInPublic.js";
import { replacesLiveTargetGroup } from "./replacesLiveTargetGroup.js";
import { rollbackImpossible } from "./rollbackImpossible.js";
import { singleServerLive } from "./singleServerLive.js";

/** Every rule by its name, each with the type of its options. */
export const RULES = {
  "duplicate-environment-cost": duplicateEnvironmentCost,
  "idle-environment-expiry": idleEnvironmentExpiry,
  "concurrent-versions": concurrentVersions,
  "no-weight-without-health-check": noWeightWithoutHealthCheck,
  "health-check-too-slow": healthCheckTooSlow,
  "drain-shorter-than-requests": drainShorterThanRequests,
  "no-unattached-live-target-group": noUnattachedLiveTargetGroup,
  "canary-capacity-below-weight": canaryCapacityBelowWeight,
  "single-server-live": singleServerLive,
  "no-latest-template-version": noLatestTemplateVersion,
  "no-fixed-target-group-name": noFixedTargetGroupName,
  "no-ignored-weights": noIgnoredWeights,
  "alarm-missing-data-breaches": alarmMissingDataBreaches,
  "rollback-impossible": rollbackImpossible,
  "replaces-live-target-group": replacesLiveTargetGroup,
  "data-contract": dataContract,
  "open-to-the-world": openToTheWorld,
  "imds-v1": imdsV1,
  "plain-http-in-public": plainHttpInPublic,
  "no-recreate-live": noRecreateLive,
  "no-readiness-gate": noReadinessGate,
  "no-disruption-budget": noDisruptionBudget,
} as const;

export type RuleName = keyof typeof RULES;

/** The rules without the types of their options, for whoever treats all alike. */
export function allRules(): readonly Rule[] {
  return Object.values(RULES) as unknown as readonly Rule[];
}
