import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "../awsError.js";

/** Where a signed request is addressed to. The signature itself is not checked: any credentials are accepted. */
export interface CredentialScope {
  readonly signingName: string;
  readonly region: string;
}

/** Reads the SigV4 credential scope, `KEY/20260131/us-east-1/elasticloadbalancing/aws4_request`. */
export function credentialScope(headers: IncomingHttpHeaders): CredentialScope {
  const { authorization } = headers;
  if (authorization === undefined) {
    throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  }
  const credential = /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^,\s]+)/.exec(authorization)?.[1];
  const parts = credential?.split("/") ?? [];
  const [terminator, signingName, region, date, ...key] = parts.reverse();
  if (terminator !== "aws4_request" || !signingName || !region || !/^\d{8}$/.test(date ?? "") || key.join("/") === "") {
    throw new AwsError(
      "IncompleteSignature",
      "The Authorization header must be AWS Signature Version 4: AWS4-HMAC-SHA256 Credential=KEY/YYYYMMDD/REGION/SERVICE/aws4_request, SignedHeaders=…, Signature=…",
    );
  }
  return { signingName, region };
}
