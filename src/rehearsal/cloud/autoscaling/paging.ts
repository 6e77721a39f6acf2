import { AwsError } from "../awsError.js";
import { invalid } from "./faults.js";

/** One page of a listing: AWS's MaxRecords and NextToken, whose value is opaque to callers. */
export function page<T>(
  items: readonly T[],
  input: { readonly MaxRecords?: number | undefined; readonly NextToken?: string | undefined },
  limits: { readonly usual: number; readonly most: number },
): { items: T[]; NextToken?: string } {
  const size = input.MaxRecords ?? limits.usual;
  if (!Number.isInteger(size) || size < 1 || size > limits.most) {
    throw invalid(`MaxRecords is ${size}, expected a whole number from 1 to ${limits.most}.`);
  }
  const start = input.NextToken === undefined ? 0 : readToken(input.NextToken);
  const end = start + size;
  return {
    items: items.slice(start, end),
    ...(end < items.length ? { NextToken: Buffer.from(`from:${end}`).toString("base64url") } : {}),
  };
}

function readToken(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, "base64url").toString());
  if (!match) throw new AwsError("InvalidNextToken", "The NextToken value is not valid.");
  return Number(match[1]);
}
