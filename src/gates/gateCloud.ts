import type { AlarmCloud } from "./alarmCloud.js";
import type { BalancerCloud } from "./balancerCloud.js";
import type { FleetsCloud } from "./fleetsCloud.js";

/** What the gates of strategies ask, whoever answers: what stands in front, the fleets behind it, and alarms. */
export interface GateCloud extends BalancerCloud, FleetsCloud, AlarmCloud {}

/** One of two: what stands in front may be another service's than the fleets. */
export function joinClouds(front: BalancerCloud & AlarmCloud, fleets: FleetsCloud): GateCloud {
  return {
    balancerWords: front.balancerWords,
    targets: (target) => front.targets(target),
    forwardAction: (entrance) => front.forwardAction(entrance),
    setForwardAction: (entrance, action) => front.setForwardAction(entrance, action),
    rules: (listener) => front.rules(listener),
    listener: (listener) => front.listener(listener),
    listenerArns: (loadBalancer) => front.listenerArns(loadBalancer),
    listenerOf: (entrance) => front.listenerOf(entrance),
    entranceTags: (entrance) => front.entranceTags(entrance),
    unusedTargets: async (component) => (await front.unusedTargets?.(component)) ?? [],
    alarms: (names) => front.alarms(names),
    fleetWords: fleets.fleetWords,
    fleetsOf: (component) => fleets.fleetsOf(component),
    setDesiredCapacity: (fleet, servers) => fleets.setDesiredCapacity(fleet, servers),
    seniority: (fleet) => fleets.seniority(fleet),
    consoleTail: (server) => fleets.consoleTail(server),
    troubles: (fleet) => fleets.troubles(fleet),
    unusedParts: async (component) => (await fleets.unusedParts?.(component)) ?? [],
  };
}
