import { AwsError } from "../awsError.js";

/** Auto Scaling answers nearly every wrong input with this one code. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}

/** An input or operation that AWS has and this cloud does not: always named, never dropped. */
export function notServed(what: string, instead: string): AwsError {
  return invalid(`${what} is not served by the local cloud. ${instead}`);
}

/** AWS has no code of its own for a missing group; clients look for "not found" in the message. */
export function groupNotFound(name: string | undefined): AwsError {
  return invalid(`AutoScalingGroup name not found - AutoScalingGroup '${name ?? ""}' not found`);
}

/** The message of anything thrown, for texts that people read. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
