import type { Faults } from "../errors/faults.js";

/**
 * Refuses what an escape hatch of the fleet (`fleet.group`, `fleet.pod` …) would override and Hitless sets itself: it would roll out
 * something else than the diff shows.
 */
export function checkOwned(faults: Faults, name: string, given: object | undefined, owned: readonly string[]): void {
  for (const key of Object.keys(given ?? {})) {
    if (!owned.includes(key)) continue;
    faults.add({
      code: "HIT161",
      problem: `fleet.${name}.${key} is set by Hitless itself.`,
      fix: "use the component's own argument for it",
    });
  }
}
