import { createHash } from "node:crypto";
import type {
  DeleteParameterCommandInput,
  GetParameterCommandInput,
  GetParameterCommandOutput,
  GetParametersCommandInput,
  GetParametersCommandOutput,
  Parameter,
  PutParameterCommandInput,
  PutParameterCommandOutput,
} from "@aws-sdk/client-ssm";
import { AwsError } from "../awsError.js";
import type { Operation, Out, Service } from "../service.js";
import { ParameterStore, type StoredParameter } from "./parameterStore.js";

export interface SsmOptions {
  readonly region: string;
  readonly accountId: string;
  /** Give one to read parameters elsewhere as well. @default a store of its own */
  readonly parameters?: ParameterStore;
}

/** SSM's Parameter Store: the account's own parameters and AWS's public ones that name AMIs. */
export function createSsm(options: SsmOptions): Service {
  const { parameters = new ParameterStore(options.region) } = options;
  const shape = (parameter: StoredParameter, decrypt: boolean, selector: string | undefined): Parameter => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: parameter.type === "SecureString" && !decrypt ? cipherOf(parameter) : parameter.value,
    Version: parameter.version,
    Selector: selector,
    LastModifiedDate: parameter.modifiedAt,
    ARN: arnOf(parameter.name, options),
    DataType: parameter.dataType,
  });
  const get: Operation<GetParameterCommandInput, Out<GetParameterCommandOutput>> = (input) => {
    const { name, version, selector } = parseName(input.Name);
    const parameter = parameters.find(name, version);
    if (parameter) return { Parameter: shape(parameter, input.WithDecryption ?? false, selector) };
    if (version !== undefined && parameters.find(name)) {
      throw new AwsError("ParameterVersionNotFound", `Systems Manager could not find version ${version} of ${name}.`);
    }
    throw new AwsError("ParameterNotFound", `The parameter ${name} does not exist.`);
  };
  const getMany: Operation<GetParametersCommandInput, Out<GetParametersCommandOutput>> = (input) => {
    const names = input.Names ?? [];
    if (names.length < 1 || names.length > 10) {
      throw new AwsError("ValidationException", `Names has ${names.length} members, expected 1 to 10.`);
    }
    const looked = names.map((full) => ({ full, ...parseName(full) }));
    const found = looked.map((look) => ({ ...look, parameter: parameters.find(look.name, look.version) }));
    return {
      Parameters: found.flatMap(({ parameter, selector }) =>
        parameter ? [shape(parameter, input.WithDecryption ?? false, selector)] : [],
      ),
      InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ full }) => full),
    };
  };
  const put: Operation<PutParameterCommandInput, Out<PutParameterCommandOutput>> = (input) => {
    const stored = parameters.put(readPut(input, parameters), input.Overwrite ?? false);
    return { Version: stored.version, Tier: stored.tier };
  };
  const remove: Operation<DeleteParameterCommandInput, object> = (input) => {
    if (parameters.remove(input.Name ?? "")) return {};
    throw new AwsError("ParameterNotFound", `The parameter ${input.Name} does not exist.`);
  };
  return {
    id: "ssm",
    operations: { GetParameter: get, GetParameters: getMany, PutParameter: put, DeleteParameter: remove },
  };
}

const served = [
  "Name",
  "Value",
  "Type",
  "Overwrite",
  "Description",
  "AllowedPattern",
  "KeyId",
  "Tags",
  "Tier",
  "DataType",
];

function readPut(
  input: PutParameterCommandInput,
  parameters: ParameterStore,
): Omit<StoredParameter, "version" | "modifiedAt"> {
  for (const [member, value] of Object.entries(input)) {
    if (value !== undefined && !served.includes(member)) {
      throw new AwsError(
        "ValidationException",
        `The local cloud does not serve the parameter ${member} of PutParameter.`,
      );
    }
  }
  const name = input.Name ?? "";
  // "/^[a-zA-Z0-9_.-]+$/, with / for hierarchies; not beginning with aws or ssm" (botocore model, PutParameter).
  if (!/^[a-zA-Z0-9_./-]{1,1011}$/.test(name) || /^\/?(aws|ssm)/i.test(name)) {
    throw new AwsError(
      "ValidationException",
      `Parameter name ${name} is invalid: letters, digits and _.-/ only, no prefix aws or ssm.`,
    );
  }
  const value = input.Value ?? "";
  const limit = input.Tier === "Advanced" ? 8192 : 4096;
  if (value.length < 1 || Buffer.byteLength(value) > limit) {
    throw new AwsError("ValidationException", `Value has ${Buffer.byteLength(value)} bytes, expected 1 to ${limit}.`);
  }
  const type = input.Type ?? parameters.find(name)?.type;
  if (type !== "String" && type !== "StringList" && type !== "SecureString") {
    throw new AwsError("ValidationException", `Type is ${type}, expected String, StringList or SecureString.`);
  }
  checkPattern(value, input.AllowedPattern);
  return {
    name,
    value,
    type,
    dataType: input.DataType ?? "text",
    tier: input.Tier === "Advanced" ? "Advanced" : "Standard",
    tags: input.Tags ?? [],
  };
}

function checkPattern(value: string, pattern: string | undefined): void {
  if (pattern === undefined) return;
  let allowed: RegExp;
  try {
    allowed = new RegExp(pattern);
  } catch {
    throw new AwsError("InvalidAllowedPatternException", `AllowedPattern ${pattern} is not a regular expression.`);
  }
  if (!allowed.test(value)) {
    throw new AwsError("ParameterPatternMismatchException", `The value does not match the pattern ${pattern}.`);
  }
}

/** `name`, `name:version`, or the whole ARN. */
function parseName(text: string | undefined): { name: string; version?: number; selector?: string } {
  const plain = (text ?? "").replace(/^arn:aws[a-z-]*:ssm:[^:]*:\d{12}:parameter/, "");
  const match = /^([^:]+)(:(\d+))?$/.exec(plain);
  if (!match?.[1]) {
    throw new AwsError(
      "ValidationException",
      `Invalid parameter name: ${text} (labels are not served by the local cloud).`,
    );
  }
  return { name: match[1], version: match[3] === undefined ? undefined : Number(match[3]), selector: match[2] };
}

function arnOf(name: string, { region, accountId }: SsmOptions): string {
  const account = name.startsWith("/aws/service/") ? "" : accountId;
  return `arn:aws:ssm:${region}:${account}:parameter${name.startsWith("/") ? "" : "/"}${name}`;
}

/** Without decryption AWS answers the ciphertext; here it stands for one and hides the value. */
function cipherOf(parameter: StoredParameter): string {
  return createHash("sha256").update(`${parameter.name} ${parameter.version} ${parameter.value}`).digest("base64");
}
