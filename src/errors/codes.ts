import { GATE_CODES } from "./gateCodes.js";
import { INPUT_CODES } from "./inputCodes.js";
import { KUBERNETES_CODES } from "./kubernetesCodes.js";

/** Codes, each with what it is about and the reason for the rule behind it. */
export type CodeBook = Record<`HIT${number}`, { readonly title: string; readonly why: string }>;

/**
 * Every fault that Hitless's components and gates report. A code never changes its meaning and is never used again for another
 * fault: people search for it and pipelines match on it. `docs/errors.md` is checked against this registry by a test.
 */
export const CODES = { ...INPUT_CODES, ...KUBERNETES_CODES, ...GATE_CODES } as const satisfies CodeBook;

/** A stable code of Hitless's components and gates. */
export type ErrorCode = keyof typeof CODES;
