import type { AutoScalingClientConfig } from "@aws-sdk/client-auto-scaling";
import type { AssumedRole, ProviderSettings } from "./providerSettings.js";

/** Credentials as each SDK client takes them. */
export type Credentials = NonNullable<AutoScalingClientConfig["credentials"]>;

/**
 * The credentials that the provider would use, in its order: explicit keys, else the profile, else what the environment gives;
 * then the roles to assume, one after the other. Nothing when the SDK's own chain says the same.
 */
export async function credentialsFor(settings: ProviderSettings, region: string): Promise<Credentials | undefined> {
  const sdk = await import("@aws-sdk/credential-providers");
  const sts = { region, ...(endpointOf(settings, "sts") ? { endpoint: endpointOf(settings, "sts") } : {}) };
  let credentials: Credentials | undefined = base();
  for (const role of settings.assumeRoles ?? []) {
    credentials = sdk.fromTemporaryCredentials({
      ...(credentials ? { masterCredentials: credentials } : {}),
      params: assumeRoleParams(role),
      clientConfig: sts,
    });
  }
  return credentials;

  function base(): Credentials | undefined {
    const web = settings.assumeRoleWithWebIdentity;
    if (web?.webIdentityToken !== undefined) {
      return sdk.fromWebToken({
        roleArn: web.roleArn,
        webIdentityToken: web.webIdentityToken,
        clientConfig: sts,
        ...(web.sessionName !== undefined ? { roleSessionName: web.sessionName } : {}),
        ...(web.duration !== undefined ? { durationSeconds: seconds(web.duration) } : {}),
        ...(web.policy !== undefined ? { policy: web.policy } : {}),
      });
    }
    if (web?.webIdentityTokenFile !== undefined) {
      return sdk.fromTokenFile({
        roleArn: web.roleArn,
        webIdentityTokenFile: web.webIdentityTokenFile,
        clientConfig: sts,
        ...(web.sessionName !== undefined ? { roleSessionName: web.sessionName } : {}),
      });
    }
    if (settings.accessKey !== undefined && settings.secretKey !== undefined) {
      const { accessKey, secretKey, token } = settings;
      return async () => ({
        accessKeyId: accessKey,
        secretAccessKey: secretKey,
        ...(token !== undefined ? { sessionToken: token } : {}),
      });
    }
    const configFilepath = settings.sharedConfigFiles?.[0];
    const filepath = settings.sharedCredentialsFiles?.[0];
    if (settings.profile === undefined && configFilepath === undefined && filepath === undefined) return undefined;
    return sdk.fromIni({
      clientConfig: sts,
      ...(settings.profile !== undefined ? { profile: settings.profile } : {}),
      ...(configFilepath !== undefined ? { configFilepath } : {}),
      ...(filepath !== undefined ? { filepath } : {}),
    });
  }
}

/** The endpoint that the provider overrides for a service, if it does. */
export function endpointOf(settings: ProviderSettings, ...services: string[]): string | undefined {
  for (const endpoints of settings.endpoints ?? []) {
    for (const service of services) {
      const endpoint = endpoints[service];
      if (endpoint) return endpoint;
    }
  }
  return undefined;
}

function assumeRoleParams(role: AssumedRole) {
  return {
    RoleArn: role.roleArn,
    // The provider makes a name of its own where none is given; the STS API requires one.
    RoleSessionName: role.sessionName ?? "hitless",
    ...(role.externalId !== undefined ? { ExternalId: role.externalId } : {}),
    ...(role.policy !== undefined ? { Policy: role.policy } : {}),
    ...(role.policyArns ? { PolicyArns: role.policyArns.map((arn) => ({ arn })) } : {}),
    ...(role.duration !== undefined ? { DurationSeconds: seconds(role.duration) } : {}),
    ...(role.sourceIdentity !== undefined ? { SourceIdentity: role.sourceIdentity } : {}),
    ...(role.tags ? { Tags: Object.entries(role.tags).map(([Key, Value]) => ({ Key, Value })) } : {}),
    ...(role.transitiveTagKeys ? { TransitiveTagKeys: [...role.transitiveTagKeys] } : {}),
  };
}

/** A duration as the provider writes it (`1h30m`, `900s`), in seconds. */
export function seconds(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1 };
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)([hms])/g)];
  if (parts.length === 0 || parts.map((part) => part[0]).join("") !== duration) {
    throw new RangeError(`duration is "${duration}", expected a form such as 1h30m or 900s`);
  }
  return parts.reduce((sum, part) => sum + Number(part[1]) * (units[part[2] as string] as number), 0);
}
