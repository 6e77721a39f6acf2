import { statementOf } from "./statements/index.js";

/**
 * A test named after a statement about AWS; see README.md here.
 *
 * @example statement("A-01", async () => { expect(await refusal(weights(1000))).toBe("ValidationError"); });
 */
export function statement(id: string, run: () => void | Promise<void>, timeoutMs?: number): void {
  const { says, notServed } = statementOf(id);
  if (notServed !== undefined) throw new Error(`${id} says that it is not served ("${notServed}"), so it has no test.`);
  test(`${says} [${id}]`, async () => run(), timeoutMs);
}
