/** Credentials: keys, else the shared files' profile; then each assumed role in turn. */
import { fromIni, fromTemporaryCredentials } from "@aws-sdk/credential-providers";
import type { ProviderConfig } from "./config.js";

type Credentials = ReturnType<typeof fromTemporaryCredentials>;

/** Throws, when first used, an error with a remedy if there are none. */
export function credentialsOf(config: ProviderConfig): Credentials {
  let credentials: Credentials = baseCredentials(config);
  for (const role of config.assumeRoles) {
    credentials = fromTemporaryCredentials({
      masterCredentials: credentials,
      clientConfig: {
        region: config.region,
        ...(config.endpoints.sts ? { endpoint: config.endpoints.sts } : {}),
      } as any,
      params: {
        RoleArn: role.roleArn,
        RoleSessionName: role.sessionName ?? "hitless-rehearsal",
        ExternalId: role.externalId,
        DurationSeconds: role.duration === undefined ? undefined : secondsOf(role.duration),
        Policy: role.policy,
        PolicyArns: role.policyArns?.map((arn: string) => ({ arn })),
        SourceIdentity: role.sourceIdentity,
      },
    });
  }
  return credentials;
}

function baseCredentials(config: ProviderConfig): Credentials {
  if (config.accessKey && config.secretKey) {
    const { accessKey, secretKey, token } = config;
    return async () => ({
      accessKeyId: accessKey,
      secretAccessKey: secretKey,
      ...(token ? { sessionToken: token } : {}),
    });
  }
  const files = {
    ...(config.profile ? { profile: config.profile } : {}),
    ...(config.configFile ? { configFilepath: config.configFile } : {}),
    ...(config.credentialsFile ? { filepath: config.credentialsFile } : {}),
  };
  const fromFiles = fromIni(files);
  return async () => {
    try {
      return await fromFiles();
    } catch (cause) {
      throw new Error(
        "no AWS credentials were found in the provider's configuration, the environment or the shared files. " +
          "Fix: for the local cloud any will do: AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test",
        { cause },
      );
    }
  };
}

/** Go's duration as the real provider takes it: `1h30m`, `900s`. */
export function secondsOf(duration: string): number {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };
  if (/^\d+$/.test(duration) && Number(duration) === 0) return 0;
  const parts = [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== duration) {
    throw new Error(`"${duration}" is no duration, expected one like "10m" or "1h30m"`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit as string] as number), 0);
}
