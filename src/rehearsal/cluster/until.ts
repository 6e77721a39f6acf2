import { setTimeout as sleep } from "node:timers/promises";

const EVERY_MS = 50;

/**
 * Asks again until the answer is yes.
 *
 * @param what completes "waited 10 s for: …"
 * @param isSo may throw: then there is no use in waiting. A string says what is still missing.
 */
export async function until(
  what: string,
  deadlineMs: number,
  halt: AbortSignal | undefined,
  isSo: () => Promise<boolean | string>,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    halt?.throwIfAborted();
    const answer = await isSo();
    if (answer === true) return;
    if (Date.now() > deadline) {
      const missing = typeof answer === "string" ? ` (${answer})` : "";
      throw new Error(`waited ${deadlineMs / 1000} s in vain until ${what}${missing}`);
    }
    await sleep(EVERY_MS);
  }
}
