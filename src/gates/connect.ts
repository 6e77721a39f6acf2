import { AwsFleetCloud } from "./aws/awsFleetCloud.js";
import { makeClients } from "./aws/clients.js";
import type { ProviderSettings } from "./aws/providerSettings.js";
import type { FleetCloud } from "./fleetCloud.js";

/** AWS for the gates of a resource: in the resource's own region, with its provider's credentials and endpoints. */
export function connect(subject: string, settings: ProviderSettings, guardedArn: string): FleetCloud {
  const region = guardedArn.split(":")[3];
  if (!region) throw new Error(`${subject}: "${guardedArn}" is not an ARN with a region`);
  return new AwsFleetCloud(subject, () => makeClients(settings, region));
}
