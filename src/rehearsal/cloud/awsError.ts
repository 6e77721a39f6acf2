/** An error as AWS answers it: the wire layer gives it the shape of the caller's protocol. */
export class AwsError extends Error {
  /**
   * @param code AWS's own code as it stands on the wire, without the SDK's suffix: `TargetGroupNotFound`, `ValidationError`
   * @param message AWS's own sentence where it is known
   * @param status HTTP status; 400 unless AWS documents another
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status: number = 400,
  ) {
    super(message);
    this.name = "AwsError";
  }
}
