/** The provider's own configuration: `aws:region` and the arguments of `new aws.Provider(…)`. */
import { isRecord, type Values } from "../protocol/values.js";
import { type CheckFailure, coerceAll } from "../schema/coerce.js";
import { flag, integer, list, map, object, type Properties, text } from "../schema/property.js";

/** The services of which an endpoint can be given; the names are the real provider's. */
export const SERVICES = ["ec2", "elbv2", "autoscaling", "cloudwatch", "sts", "ssm"] as const;
export type ServiceName = (typeof SERVICES)[number];

const OTHER_NAMES: Readonly<Record<string, ServiceName>> = {
  elasticloadbalancingv2: "elbv2",
  alb: "elbv2",
  lb: "elbv2",
};

/** Endpoints of services that this provider never calls do no harm; a program shared with the real provider may set them. */
const UNUSED_ENDPOINTS = ["elb", "iam", "s3", "logs", "kms", "secretsmanager", "dynamodb", "route53", "acm", "lambda"];

const PROPERTIES: Properties = {
  region: text(),
  accessKey: text(),
  secretKey: text(),
  token: text(),
  profile: text(),
  sharedConfigFiles: list(text()),
  sharedCredentialsFiles: list(text()),
  maxRetries: integer({ range: [0, 100] }),
  endpoints: list(
    object(
      Object.fromEntries([...SERVICES, ...Object.keys(OTHER_NAMES), ...UNUSED_ENDPOINTS].map((name) => [name, text()])),
    ),
  ),
  assumeRoles: list(
    object({
      roleArn: text({ required: true }),
      sessionName: text(),
      externalId: text(),
      duration: text(),
      policy: text(),
      policyArns: list(text()),
      sourceIdentity: text(),
    }),
  ),
  defaultTags: object({ tags: map() }),
  allowedAccountIds: list(text()),
  forbiddenAccountIds: list(text()),
  skipCredentialsValidation: flag(),
  skipMetadataApiCheck: flag(),
  skipRegionValidation: flag(),
  skipRequestingAccountId: flag(),
};

/** Set by the engine or the SDK, not by the program. */
const ENGINES_OWN = ["version", "pluginDownloadURL", "__internal"];

/** Inputs of the provider as they come: values other than text arrive as JSON text. */
export function checkConfig(given: Values): { inputs: Values; failures: CheckFailure[] } {
  const failures: CheckFailure[] = [];
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !ENGINES_OWN.includes(name)));
  coerceAll("the provider aws", PROPERTIES, decodeTexts(own), "", failures);
  return { inputs: given, failures };
}

/** `"[{\"ec2\":…}]"` → the list itself, for every property that is not text. */
function decodeTexts(given: Values): Values {
  const decoded: Values = {};
  for (const [name, value] of Object.entries(given)) {
    const kind = PROPERTIES[name]?.kind;
    const isJson = typeof value === "string" && kind !== undefined && kind !== "text";
    decoded[name] = isJson ? parseJson(value) : value;
  }
  return decoded;
}

function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON: the type check names the property and what it expected.
    return value;
  }
}

export interface ProviderConfig {
  readonly region: string;
  readonly endpoints: Readonly<Partial<Record<ServiceName, string>>>;
  readonly accessKey?: string | undefined;
  readonly secretKey?: string | undefined;
  readonly token?: string | undefined;
  readonly profile?: string;
  readonly configFile?: string;
  readonly credentialsFile?: string;
  readonly maxRetries: number;
  readonly assumeRoles: readonly Values[];
  readonly defaultTags: Readonly<Record<string, string>>;
  readonly allowedAccountIds: readonly string[];
  readonly forbiddenAccountIds: readonly string[];
  readonly skipCredentialsValidation: boolean;
}

/** Completes checked inputs from the environment, in the AWS SDK's order. Throws with a remedy where something is missing. */
export function resolveConfig(given: Values, environment: NodeJS.ProcessEnv): ProviderConfig {
  const failures: CheckFailure[] = [];
  const own = Object.fromEntries(Object.entries(given).filter(([name]) => !ENGINES_OWN.includes(name)));
  const inputs = coerceAll("the provider aws", PROPERTIES, decodeTexts(own), "", failures);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("; "));
  const region = inputs.region ?? environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION;
  if (!region) {
    throw new Error(
      "no AWS region is set. Fix: `pulumi config set aws:region us-east-1`, or set AWS_REGION in the environment",
    );
  }
  return {
    region,
    endpoints: endpointsFrom(inputs, environment),
    ...keysFrom(inputs, environment),
    profile: inputs.profile ?? environment.AWS_PROFILE,
    configFile: inputs.sharedConfigFiles?.[0],
    credentialsFile: inputs.sharedCredentialsFiles?.[0],
    maxRetries: inputs.maxRetries ?? 10,
    assumeRoles: inputs.assumeRoles ?? [],
    defaultTags: isRecord(inputs.defaultTags?.tags) ? inputs.defaultTags.tags : {},
    allowedAccountIds: inputs.allowedAccountIds ?? [],
    forbiddenAccountIds: inputs.forbiddenAccountIds ?? [],
    skipCredentialsValidation: inputs.skipCredentialsValidation ?? false,
  };
}

/** Given keys, else the environment's; a named profile is meant, and goes before keys that happen to be in the environment. */
function keysFrom(
  inputs: Values,
  environment: NodeJS.ProcessEnv,
): Pick<ProviderConfig, "accessKey" | "secretKey" | "token"> {
  const { accessKey, secretKey, token, profile } = inputs;
  if (accessKey && secretKey) return { accessKey, secretKey, token };
  if (profile) return {};
  return {
    accessKey: environment.AWS_ACCESS_KEY_ID,
    secretKey: environment.AWS_SECRET_ACCESS_KEY,
    token: environment.AWS_SESSION_TOKEN,
  };
}

/** `AWS_ENDPOINT_URL_<SERVICE>` as the AWS SDKs spell it. */
const VARIABLES: Readonly<Record<ServiceName, string>> = {
  ec2: "AWS_ENDPOINT_URL_EC2",
  elbv2: "AWS_ENDPOINT_URL_ELASTIC_LOAD_BALANCING_V2",
  autoscaling: "AWS_ENDPOINT_URL_AUTO_SCALING",
  cloudwatch: "AWS_ENDPOINT_URL_CLOUDWATCH",
  sts: "AWS_ENDPOINT_URL_STS",
  ssm: "AWS_ENDPOINT_URL_SSM",
};

function endpointsFrom(inputs: Values, environment: NodeJS.ProcessEnv): Partial<Record<ServiceName, string>> {
  const endpoints: Partial<Record<ServiceName, string>> = {};
  for (const service of SERVICES) {
    const url = environment[VARIABLES[service]] ?? environment.AWS_ENDPOINT_URL;
    if (url) endpoints[service] = url;
  }
  for (const entry of inputs.endpoints ?? []) {
    for (const [name, url] of Object.entries(entry as Values)) {
      const service = OTHER_NAMES[name] ?? (name as ServiceName);
      if (SERVICES.includes(service) && url) endpoints[service] = url;
    }
  }
  return endpoints;
}
