import type { ProviderSettings } from "./aws/providerSettings.js";
import { connect } from "./connect.js";
import type { FleetCloud } from "./fleetCloud.js";
import type { GateSurroundings } from "./gate.js";

/** Where a hook's gates run: their surroundings, and AWS as the component's provider reaches it. */
export interface Stage extends GateSurroundings {
  readonly cloud: FleetCloud;
}

/** @param guardedArn an ARN in the region of the resource that the hook guards */
export async function stageFor(
  { subject, provider }: { readonly subject: string; readonly provider: Promise<ProviderSettings> },
  guardedArn: string,
  surroundings: GateSurroundings,
): Promise<Stage> {
  return { ...surroundings, cloud: connect(subject, await provider, guardedArn) };
}
