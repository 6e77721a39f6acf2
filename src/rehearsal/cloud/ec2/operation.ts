import { AwsError } from "../awsError.js";
import type { Operation, RequestContext } from "../service.js";

/**
 * Makes an EC2 operation that takes exactly the named members of the SDK's input: any other member that carries something is
 * refused by name, never ignored. `DryRun` is served for all (AWS answers the error `DryRunOperation` when the call would work;
 * here it is answered once the members are accepted).
 */
export function serve<Input extends object, Output>(
  name: string,
  members: readonly (keyof Input & string)[],
  run: (input: Input, context: RequestContext) => Output | Promise<Output>,
): Operation<Input, Output> {
  const served = new Set<string>(members);
  return (input, context) => {
    for (const [member, value] of Object.entries(input)) {
      if (member === "DryRun" || served.has(member) || saysNothing(value)) continue;
      throw new AwsError("UnsupportedOperation", `The local cloud does not serve the parameter ${member} of ${name}.`);
    }
    if ((input as { DryRun?: boolean }).DryRun) {
      throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
    }
    return run(input, context);
  };
}

/** `false` and an empty list are what AWS assumes anyway when the member is absent. */
function saysNothing(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

/** AWS's error for a required member that is absent. */
export function required<T>(value: T | undefined, parameter: string): T {
  if (value !== undefined && value !== "") return value;
  throw new AwsError("MissingParameter", `The request must contain the parameter ${parameter}`);
}

export function invalidParameter(message: string): AwsError {
  return new AwsError("InvalidParameterValue", message);
}
