import { randomBytes } from "node:crypto";
import type {
  AssumeRoleCommandInput,
  AssumeRoleCommandOutput,
  GetCallerIdentityCommandInput,
  GetCallerIdentityCommandOutput,
} from "@aws-sdk/client-sts";
import { AwsError } from "../awsError.js";
import type { Operation, Out, Service } from "../service.js";

export interface StsOptions {
  readonly accountId: string;
}

const upperAlphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function randomId(prefix: string): string {
  return prefix + [...randomBytes(16)].map((byte) => upperAlphanumeric[byte % upperAlphanumeric.length]).join("");
}

/** STS: every caller is the account's one user, and any role can be assumed; the local cloud checks no signatures. */
export function createSts({ accountId }: StsOptions): Service {
  const userId = `AIDA${"HITLESS".padEnd(16, "X")}`;
  const getCallerIdentity: Operation<GetCallerIdentityCommandInput, Out<GetCallerIdentityCommandOutput>> = () => ({
    Account: accountId,
    Arn: `arn:aws:iam::${accountId}:user/hitless`,
    UserId: userId,
  });
  const assumeRole: Operation<AssumeRoleCommandInput, Out<AssumeRoleCommandOutput>> = (input) => {
    const role = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([\w+=,.@-]{1,64})$/.exec(input.RoleArn ?? "");
    if (!role)
      throw new AwsError("ValidationError", `${input.RoleArn} is invalid: expected arn:aws:iam::ACCOUNT:role/NAME`);
    const session = input.RoleSessionName ?? "";
    if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
      throw new AwsError(
        "ValidationError",
        `RoleSessionName is "${session}", expected 2 to 64 characters of [\\w+=,.@-].`,
      );
    }
    // "from 900 seconds up to the maximum session duration, at most 12 hours; 3600 by default" (botocore model, AssumeRole).
    const seconds = input.DurationSeconds ?? 3600;
    if (seconds < 900 || seconds > 43_200) {
      throw new AwsError("ValidationError", `DurationSeconds is ${seconds}, expected 900 to 43200.`);
    }
    const [, account, name] = role;
    const roleId = randomId("AROA");
    return {
      AssumedRoleUser: {
        Arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`,
        AssumedRoleId: `${roleId}:${session}`,
      },
      Credentials: {
        AccessKeyId: randomId("ASIA"),
        SecretAccessKey: randomBytes(30).toString("base64"),
        SessionToken: randomBytes(96).toString("base64"),
        Expiration: new Date(Date.now() + seconds * 1000),
      },
      SourceIdentity: input.SourceIdentity,
    };
  };
  return { id: "sts", operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole } };
}
