import { refusal } from "../../errors/faults.js";

interface AwsError extends Error {
  readonly $metadata: { readonly requestId?: string; readonly attempts?: number };
}

/** True for an error that AWS answered with, or that the SDK made of a failed connection to it. */
export function isAwsError(error: unknown): error is AwsError {
  return error instanceof Error && typeof (error as Partial<AwsError>).$metadata === "object";
}

/**
 * Calls AWS. An expected error comes back as its code; any other becomes one of ours that names the operation, so that a user
 * sees which permission or which endpoint is missing.
 */
export async function awsCall<T, Expected extends string = never>(
  subject: string,
  operation: string,
  send: () => Promise<T>,
  ...expected: Expected[]
): Promise<T | Expected> {
  try {
    return await send();
  } catch (error) {
    // The SDK's classes are called after the code, with a word of their own at the end.
    const code = error instanceof Error ? error.name.replace(/(Fault|Exception)$/, "") : "";
    const known = expected.find((candidate) => candidate === code);
    if (known !== undefined) return known;
    if (!(error instanceof Error)) throw error;
    const { requestId, attempts } = isAwsError(error) ? error.$metadata : {};
    const details = [
      attempts !== undefined && attempts > 1 ? `after ${attempts} attempts` : undefined,
      requestId !== undefined ? `request ${requestId}` : undefined,
    ].filter((detail) => detail !== undefined);
    const suffix = details.length > 0 ? ` (${details.join(", ")})` : "";
    throw refusal(
      subject,
      {
        code: "HIT331",
        problem: `${operation} failed: ${error.name}: ${error.message}${suffix}`,
        fix: "see to the credentials, permissions and endpoint of the AWS provider that this component uses, then run `pulumi up` again",
      },
      { cause: error },
    );
  }
}
