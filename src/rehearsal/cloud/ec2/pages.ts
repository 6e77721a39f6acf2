import { AwsError } from "../awsError.js";
import { invalidParameter } from "./operation.js";

export interface PageInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** One page of a list: the token names the place where the next one starts. */
export function pageOf<T>(
  items: readonly T[],
  input: PageInput,
  limits: { readonly min: number; readonly max: number } = { min: 5, max: 1000 },
): { items: T[]; nextToken: string | undefined } {
  const size = input.MaxResults ?? limits.max;
  if (size < limits.min || size > limits.max) {
    throw invalidParameter(
      `Value ( ${size} ) for parameter maxResults is invalid. Expecting a value between ${limits.min} and ${limits.max}.`,
    );
  }
  const from = input.NextToken ? placeOf(input.NextToken) : 0;
  const to = from + size;
  return { items: items.slice(from, to), nextToken: to < items.length ? tokenOf(to) : undefined };
}

function tokenOf(place: number): string {
  return Buffer.from(`place=${place}`).toString("base64url");
}

function placeOf(token: string): number {
  const match = /^place=(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (match) return Number(match[1]);
  throw new AwsError("InvalidPaginationToken", "The specified pagination token is not valid or is expired.");
}
