import { HitlessError } from "../../../src/index.js";

/** Makes good arguments bad. */
export type Change = (args: any) => void;

/** What is set, and the codes that it must give (none: it is fine). */
export type Row = [what: string, change: Change, codes: string[]];

/** The codes with which a check of a component's arguments refuses them, once they are changed. */
export function codesOf(check: (args: any) => unknown, good: object, change: Change): readonly string[] {
  const args = structuredClone(good);
  change(args);
  try {
    check(args);
    return [];
  } catch (error) {
    if (error instanceof HitlessError) return error.codes;
    throw error;
  }
}

/** Rows for a whole number of the arguments: its bounds, and what is just outside or between. */
export function range(name: string, low: number, high: number, code: string): Row[] {
  const row = (value: number, codes: string[]): Row => [`${name} ${value}`, (args) => (args[name] = value), codes];
  return [row(low, []), row(high, []), row(low - 1, [code]), row(high + 1, [code]), row(low + 0.5, [code])];
}
