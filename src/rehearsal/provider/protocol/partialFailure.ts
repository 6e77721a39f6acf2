import type { Values } from "./values.js";

/** The thing exists, but not as it should: the engine keeps it in the state and tries an update next time. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";
  /**
   * @param inputs what the program gave; `undefined` leaves those that the engine has
   * @param details what is wrong, point by point, after the message
   */
  constructor(
    readonly id: string,
    readonly state: Values,
    readonly inputs: Values | undefined,
    reason: string,
    readonly details: readonly string[] = [],
  ) {
    super(reason);
  }
}
