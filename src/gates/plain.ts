import * as pulumi from "@pulumi/pulumi";

/** A hook's property as plain data: the SDK hands secrets over as Outputs. */
export function plain<T>(value: unknown): Promise<T> {
  return new Promise((resolve) => {
    (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => resolve(known as T));
  });
}

/** An Output's value, for gates that run later. It never resolves when the Output fails; nor does what depends on it run. */
export function settled<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => {
    output.apply(resolve);
  });
}
