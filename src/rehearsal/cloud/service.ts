/** The AWS services that the local cloud answers for. */
export type ServiceId = "ec2" | "elbv2" | "autoscaling" | "cloudwatch" | "sts" | "ssm";

/** What an operation may know of the call besides its input. */
export interface RequestContext {
  readonly requestId: string;
  readonly region: string;
  readonly accountId: string;
}

/**
 * One operation: takes the input shape of the AWS SDK's command (`CreateTargetGroupCommandInput`) and returns its output
 * shape without `$metadata`. Refusals are thrown as `AwsError`.
 */
export type Operation<Input = any, Output = any> = (input: Input, context: RequestContext) => Output | Promise<Output>;

/** A service is its operations by AWS name; the wire layer derives everything else from the SDK's schemas. */
export interface Service {
  readonly id: ServiceId;
  readonly operations: Readonly<Record<string, Operation>>;
}

/** Strips what the SDK adds to an output; use it as `Out<CreateTargetGroupCommandOutput>`. */
export type Out<T> = Omit<T, "$metadata">;
