import type { Dimension } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.js";

/** AWS's error for a required parameter that is absent. */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value !== undefined && value !== "") return value;
  throw new AwsError("MissingParameter", `The parameter ${parameter} is required.`);
}

export function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}

/** Refuses, by name, members that carry something and are not served. */
export function accept<T extends object>(operation: string, input: T, served: readonly (keyof T & string)[]): void {
  const names = new Set<string>(served);
  for (const [member, value] of Object.entries(input)) {
    const empty = value === undefined || value === false || (Array.isArray(value) && value.length === 0);
    if (!empty && !names.has(member))
      throw invalid(`The local cloud does not serve the parameter ${member} of ${operation}.`);
  }
}

/** Dimensions as a record; a name may come once, and at most 30 of them (botocore model, Dimension). */
export function dimensionRecord(dimensions: readonly Dimension[] | undefined): Record<string, string> {
  const record: Record<string, string> = {};
  for (const { Name, Value } of dimensions ?? []) {
    const name = required(Name, "Dimensions.member.Name");
    if (Object.hasOwn(record, name)) throw invalid(`The dimension ${name} is given twice.`);
    record[name] = required(Value, "Dimensions.member.Value");
  }
  if (Object.keys(record).length > 30) throw invalid("A metric has at most 30 dimensions.");
  return record;
}

export function dimensionList(dimensions: Readonly<Record<string, string>>): Dimension[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** A period: 1, 5, 10, 20, 30 or a multiple of 60 seconds (botocore model, MetricStat). */
export function checkPeriod(period: number | undefined, allowed: readonly number[] = [1, 5, 10, 20, 30]): number {
  const seconds = required(period, "Period");
  if (allowed.includes(seconds) || (Number.isInteger(seconds) && seconds >= 60 && seconds % 60 === 0)) return seconds;
  throw invalid(`Period is ${seconds}, expected ${allowed.join(", ")} or a multiple of 60.`);
}

/** One page of a list, by a token that names the place where the next one starts. */
export function pageFrom<T>(
  items: readonly T[],
  token: string | undefined,
  size: number,
): { items: T[]; nextToken: string | undefined } {
  const match =
    token === undefined ? ["", "0"] : /^place=(\d+)$/.exec(Buffer.from(token, "base64url").toString("utf8"));
  if (!match) throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
  const from = Number(match[1]);
  const to = from + size;
  const nextToken = to < items.length ? Buffer.from(`place=${to}`).toString("base64url") : undefined;
  return { items: items.slice(from, to), nextToken };
}
