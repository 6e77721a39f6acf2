import * as pulumi from "@pulumi/pulumi";

/** How the AWS provider of a component reaches AWS: what its gates have to use as well. */
export interface ProviderSettings {
  readonly region?: string;
  readonly profile?: string;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly token?: string;
  readonly sharedConfigFiles?: readonly string[];
  readonly sharedCredentialsFiles?: readonly string[];
  readonly assumeRoles?: readonly AssumedRole[];
  readonly assumeRoleWithWebIdentity?: AssumedWebIdentity;
  readonly endpoints?: readonly Readonly<Record<string, string>>[];
  readonly maxRetries?: number;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
}

export interface AssumedRole {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly duration?: string;
  readonly sourceIdentity?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly transitiveTagKeys?: readonly string[];
}

export interface AssumedWebIdentity {
  readonly roleArn: string;
  readonly sessionName?: string;
  readonly webIdentityToken?: string;
  readonly webIdentityTokenFile?: string;
  readonly policy?: string;
  readonly policyArns?: readonly string[];
  readonly duration?: string;
}

/** The settings by name. Provider resources and configuration alike hold all but plain strings as JSON. */
const NAMES = [
  "region",
  "profile",
  "accessKey",
  "secretKey",
  "token",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "assumeRoles",
  "assumeRoleWithWebIdentity",
  "endpoints",
  "maxRetries",
  "useFipsEndpoint",
  "useDualstackEndpoint",
] as const satisfies readonly (keyof ProviderSettings)[];

const STRINGS: ReadonlySet<string> = new Set(["region", "profile", "accessKey", "secretKey", "token"]);

/**
 * What a gate needs of the provider that a component was given, or else of the stack's `aws:` configuration, which is what the
 * default provider uses. Call it while the program is built: under the Automation API, configuration is known only there.
 */
export function providerSettings(provider: pulumi.ProviderResource | undefined): Promise<ProviderSettings> {
  return provider ? ofProvider(provider) : Promise.resolve(ofConfig());
}

const known = new WeakMap<pulumi.ComponentResource, Promise<ProviderSettings>>();

/** The settings of a component's AWS provider; read once, for all of its gates. */
export function awsSettingsOf(component: pulumi.ComponentResource): Promise<ProviderSettings> {
  const settings = known.get(component) ?? providerSettings(component.getProvider("aws:index:Provider"));
  known.set(component, settings);
  return settings;
}

function ofProvider(provider: pulumi.ProviderResource): Promise<ProviderSettings> {
  // The class declares only its string properties, but each input is there, as an Output, once the resource is registered.
  const properties = provider as unknown as Record<string, pulumi.Input<unknown> | undefined>;
  const outputs = NAMES.map((name) => pulumi.output(properties[name]));
  return new Promise((resolve) => {
    pulumi.all(outputs).apply((values) => resolve(collect((name) => values[NAMES.indexOf(name)])));
  });
}

function ofConfig(): ProviderSettings {
  const config = new pulumi.Config("aws");
  return collect((name) => config.get(name));
}

function collect(read: (name: (typeof NAMES)[number]) => unknown): ProviderSettings {
  const settings: Record<string, unknown> = {};
  for (const name of NAMES) {
    const value = read(name);
    if (value === undefined || value === null || value === "") continue;
    settings[name] = typeof value === "string" && !STRINGS.has(name) ? JSON.parse(value) : value;
  }
  return settings as ProviderSettings;
}
