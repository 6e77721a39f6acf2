import { AwsError } from "../awsError.js";
import type { ServiceId } from "../service.js";

/** What is wrong with an input before any service sees it. */
export class InputFault extends Error {
  /**
   * @param kind what is wrong
   * @param path the member as the caller wrote it: `Targets.member.1.Id` in a form, `MetricData[0].MetricName` in JSON
   * @param detail what stands there, for `malformed`
   */
  constructor(
    readonly kind: "missing" | "unknown" | "malformed",
    readonly path: string,
    readonly detail: string = "",
  ) {
    super(`${kind} ${path} ${detail}`);
    this.name = "InputFault";
  }
}

/** The fault in the words and with the code that the service uses at AWS. */
export function refusalOf(service: ServiceId, fault: InputFault): AwsError {
  if (service === "ec2") return ec2Refusal(fault);
  const code = service === "ssm" ? "ValidationException" : "ValidationError";
  switch (fault.kind) {
    case "missing":
      return service === "cloudwatch"
        ? new AwsError("MissingParameter", `The parameter ${fault.path} is required.`)
        : new AwsError(
            code,
            `1 validation error detected: Value null at '${fault.path}' failed to satisfy constraint: Member must not be null`,
          );
    case "unknown":
      // AWS's query services overlook what they do not know; a rehearsal must not, or a misspelt setting would pass it.
      return new AwsError(code, `The parameter ${fault.path} is not recognized`);
    case "malformed":
      return new AwsError(code, `Value at '${fault.path}' failed to satisfy constraint: ${fault.detail}`);
  }
}

function ec2Refusal(fault: InputFault): AwsError {
  switch (fault.kind) {
    case "missing":
      return new AwsError("MissingParameter", `The request must contain the parameter ${fault.path}`);
    case "unknown":
      return new AwsError("UnknownParameter", `The parameter ${fault.path} is not recognized`);
    case "malformed":
      return new AwsError("InvalidParameterValue", `Value for parameter ${fault.path} is invalid: ${fault.detail}`);
  }
}
