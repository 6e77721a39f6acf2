import * as pulumi from "@pulumi/pulumi";
import { isDeferred } from "./isDeferred.js";

/**
 * What follows from an input: at once where the input is plain, else when it is known. An Output costs a score of promises, and a
 * program may have hundreds of components, so what is known while the program is built stays plain.
 */
export function whenKnown<T, R>(input: pulumi.Input<T>, follow: (known: pulumi.Unwrap<T>) => R): pulumi.Input<R> {
  if (!isDeferred(input)) return follow(input as pulumi.Unwrap<T>);
  return pulumi.output(input).apply((known) => follow(known)) as unknown as pulumi.Output<R>;
}
