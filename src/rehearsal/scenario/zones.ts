import type { CloudFaults } from "../cloud/snapshot.js";
import type { Finding } from "./codes.js";
import type { Scenario } from "./schema.js";

/** Zones that are to be lost, and that the cloud does not have. Only the cloud knows its zones, so this is asked once it runs. */
export function unknownZones(scenario: Scenario, zones: readonly string[]): Finding[] {
  return allFaults(scenario).flatMap(({ at, faults }) =>
    (faults?.lostZones ?? [])
      .filter((zone) => !zones.includes(zone))
      .map((zone) => ({
        code: "HIT405" as const,
        subject: `${at}.lostZones`,
        problem: `"${zone}" is no Availability Zone of the local cloud`,
        fix: `name some of ${zones.join(", ")}.`,
      })),
  );
}

function allFaults(scenario: Scenario): { at: string; faults: CloudFaults | undefined }[] {
  return [
    { at: "faults", faults: scenario.faults },
    ...scenario.steps.flatMap(({ faults, during }, step) => [
      { at: `steps[${step}].faults`, faults },
      ...during.map((entry, index) => ({ at: `steps[${step}].during[${index}].faults`, faults: entry.faults })),
    ]),
  ];
}
