import * as pulumi from "@pulumi/pulumi";
import { isDeferred } from "./isDeferred.js";

/** A hook's property as plain data: the SDK hands secrets over as Outputs. */
export function plain<T>(value: unknown): Promise<T> {
  return new Promise((resolve) => {
    (pulumi.output(value) as pulumi.Output<unknown>).apply((known) => resolve(known as T));
  });
}

/** An input's value, for gates that run later. It never resolves when an Output fails; nor does what depends on it run. */
export function settled<T>(input: pulumi.Input<T>): Promise<T> {
  return isDeferred(input) ? plain<T>(input) : Promise.resolve(input as T);
}
