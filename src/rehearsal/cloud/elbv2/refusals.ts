import { AwsError } from "../awsError.js";

/** AWS's refusal of an input. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** A setting that AWS has and the local cloud cannot act on: refused, because a rehearsal without it would prove nothing. */
export function notServed(what: string): AwsError {
  return new AwsError("InvalidConfigurationRequest", `The local cloud does not serve ${what}.`);
}

/** An integer within AWS's range. */
export function requireRange(name: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalid(`${name} '${value}' must be an integer between ${min} and ${max}, inclusive`);
}

/** One of a few words. */
export function requireOneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const match = allowed.find((candidate) => candidate === value);
  if (match === undefined) throw invalid(`${name} '${value}' must be one of '${allowed.join(", ")}'`);
  return match;
}
