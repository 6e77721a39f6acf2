import { watchParent } from "./parentWatch.js";

/** A stop that is asked for, or will be. */
export interface StopRequest {
  readonly promise: Promise<void>;
  readonly asked: boolean;
  /** Stops listening. */
  forget(): void;
}

/**
 * Listens to how a stop is asked for: SIGINT, SIGTERM, or the parent's end. A second signal does not wait for anything.
 *
 * @param what is to be stopped, in words
 */
export function stopRequest(what: string, parentPid?: number): StopRequest {
  let asked = false;
  let resolveStop: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    resolveStop = resolve;
  });
  const ask = (): void => {
    asked = true;
    resolveStop();
  };
  const onSignal = (signal: NodeJS.Signals): void => {
    // What runs for it ends itself when this process is gone.
    if (asked) process.exit(signal === "SIGINT" ? 130 : 143);
    process.stderr.write(`Stopping ${what} (again to stop at once) …\n`);
    ask();
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  const forgetParent = watchParent(parentPid, ask);
  return {
    promise,
    get asked() {
      return asked;
    },
    forget: () => {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
      forgetParent();
    },
  };
}
