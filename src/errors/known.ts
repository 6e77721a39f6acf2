import type { Faults, Finding } from "./faults.js";

/** Refuses properties that an argument object does not have: from plain JavaScript, a misspelt one would be ignored. */
export function onlyKnown(faults: Faults, path: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    faults.add({
      code: "HIT107",
      problem: `${path}${key} is not an argument.`,
      fix: `use one of: ${known.join(", ")}`,
    });
  }
}

/** Refuses what is missing; TypeScript does so too, but not every program is type-checked. */
export function required(faults: Faults, path: string, value: object, names: readonly string[]): void {
  for (const name of names) {
    const given = (value as Record<string, unknown>)[name];
    if (given === undefined || given === null || given === "") {
      faults.add({ code: "HIT106", problem: `${path}${name} is missing.`, fix: `set ${path}${name}` });
    }
  }
}

/** A check for a whole number within bounds. */
export function wholeNumber(
  name: string,
  code: Finding["code"],
  low: number,
  high: number,
): (value: number) => Finding[] {
  return (value) => {
    if (Number.isInteger(value) && value >= low && value <= high) return [];
    const range = Number.isFinite(high) ? `from ${low} to ${high}` : `of at least ${low}`;
    return [
      { code, problem: `${name} is ${value}, expected a whole number ${range}.`, fix: `set ${name} within that` },
    ];
  };
}
