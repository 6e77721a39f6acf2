/** The rehearsal was ended from outside (Ctrl-C); everything has been taken down. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
  constructor() {
    super("the rehearsal was interrupted");
  }
}

/** Throws the reason when the rehearsal has been halted. */
export function checkHalted(halt: AbortSignal): void {
  if (halt.aborted) throw halt.reason;
}

/** Real time: resolves after `ms`, rejects with the reason when the rehearsal is halted first. */
export function pause(ms: number, halt: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (halt.aborted) return reject(halt.reason);
    const onHalt = (): void => {
      clearTimeout(timer);
      reject(halt.reason);
    };
    const timer = setTimeout(() => {
      halt.removeEventListener("abort", onHalt);
      resolve();
    }, ms);
    halt.addEventListener("abort", onHalt, { once: true });
  });
}
