import { isRefused, isUnreachable } from "../../src/aws/unreachable.js";

const failed = (code: string) => Object.assign(new Error(code), { code });

test.each([
  { error: failed("ECONNREFUSED"), refused: true, unreachable: true },
  { error: failed("ENOTFOUND"), refused: false, unreachable: true },
  { error: failed("ENETUNREACH"), refused: false, unreachable: true },
  { error: failed("ECONNRESET"), refused: false, unreachable: false },
  // What Node makes of a name with several addresses.
  { error: new AggregateError([failed("ECONNREFUSED"), failed("ECONNREFUSED")]), refused: true, unreachable: true },
  { error: new AggregateError([failed("ECONNREFUSED"), failed("ENETUNREACH")]), refused: false, unreachable: true },
  { error: new AggregateError([failed("ECONNREFUSED"), failed("ETIMEDOUT")]), refused: false, unreachable: false },
  { error: new AggregateError([]), refused: false, unreachable: false },
  { error: undefined, refused: false, unreachable: false },
])("%#: $error", ({ error, refused, unreachable }) => {
  expect({ refused: isRefused(error), unreachable: isUnreachable(error) }).toEqual({ refused, unreachable });
});
