import type { AwsCloud } from "./aws/awsCloud.js";
import { AwsFleetCloud } from "./aws/awsFleetCloud.js";
import { type Clients, makeClients } from "./aws/clients.js";
import type { ProviderSettings } from "./aws/providerSettings.js";

/** Clients by provider and region: the gates of a component share them. */
const made = new WeakMap<ProviderSettings, Map<string, Promise<Clients>>>();

/** AWS for the gates of a resource: in the resource's own region, with its provider's credentials and endpoints. */
export function connect(subject: string, settings: ProviderSettings, guardedArn: string): AwsCloud {
  const region = guardedArn.split(":")[3];
  if (!region) throw new Error(`${subject}: "${guardedArn}" is not an ARN with a region`);
  return new AwsFleetCloud(subject, () => clientsFor(settings, region));
}

function clientsFor(settings: ProviderSettings, region: string): Promise<Clients> {
  const byRegion = made.get(settings) ?? new Map<string, Promise<Clients>>();
  made.set(settings, byRegion);
  const clients = byRegion.get(region) ?? makeClients(settings, region);
  byRegion.set(region, clients);
  return clients;
}
