import type { ParameterTier, ParameterType, Tag } from "@aws-sdk/client-ssm";
import { AwsError } from "../awsError.js";
import { imageAliases } from "../ec2/images.js";

export interface StoredParameter {
  readonly name: string;
  readonly value: string;
  readonly type: ParameterType;
  readonly version: number;
  readonly modifiedAt: Date;
  readonly dataType: string;
  readonly tier: ParameterTier;
  readonly tags: readonly Tag[];
}

/** "Each parameter in your account can have up to 100 versions" (Systems Manager quotas); older ones are dropped. */
const mostVersions = 100;
const mostParameters = 10_000;

/** The account's own parameters, and AWS's public ones that name AMIs. */
export class ParameterStore {
  private readonly versions = new Map<string, StoredParameter[]>();
  private readonly publicParameters: Readonly<Record<string, string>>;
  private readonly startedAt = new Date();

  constructor(region: string) {
    this.publicParameters = imageAliases(region);
  }

  /** @param version a number; the newest where it is absent */
  find(name: string, version?: number): StoredParameter | undefined {
    const value = Object.hasOwn(this.publicParameters, name) ? this.publicParameters[name] : undefined;
    if (value !== undefined) {
      const known = {
        name,
        value,
        type: "String",
        version: 1,
        modifiedAt: this.startedAt,
        tier: "Standard",
        tags: [],
      } as const;
      return version === undefined || version === 1 ? { ...known, dataType: "aws:ec2:image" } : undefined;
    }
    const versions = this.versions.get(name);
    return version === undefined ? versions?.at(-1) : versions?.find((parameter) => parameter.version === version);
  }

  /** The value of a parameter, for whoever resolves `resolve:ssm:` names. */
  value(name: string): string | undefined {
    return this.find(name)?.value;
  }

  put(parameter: Omit<StoredParameter, "version" | "modifiedAt">, overwrite: boolean): StoredParameter {
    const versions = this.versions.get(parameter.name) ?? [];
    if (versions.length > 0 && !overwrite) {
      throw new AwsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    if (versions.length === 0 && this.versions.size >= mostParameters) {
      throw new AwsError("ParameterLimitExceeded", `You have exceeded the number of parameters (${mostParameters}).`);
    }
    const stored = { ...parameter, version: (versions.at(-1)?.version ?? 0) + 1, modifiedAt: new Date() };
    this.versions.set(parameter.name, [...versions, stored].slice(-mostVersions));
    return stored;
  }

  remove(name: string): boolean {
    return this.versions.delete(name);
  }
}
