/**
 * The local cloud's only clock. Every AWS duration (a drain, a warm-up, a health check interval) is given in AWS seconds and
 * passes `speed` times faster; timestamps stay those of the wall clock, because clients compare them with their own.
 * Nothing in the cloud sleeps or schedules outside this class.
 */
export class Clock {
  /** @param speed how many AWS seconds pass in one real second; greater than 0 */
  constructor(readonly speed: number = 1) {
    if (!Number.isFinite(speed) || speed <= 0) {
      throw new RangeError(`speed is ${speed}, expected a number greater than 0`);
    }
  }

  /** The wall clock, in milliseconds since the epoch. */
  now(): number {
    return Date.now();
  }

  /** Real milliseconds that `awsSeconds` take. */
  toRealMs(awsSeconds: number): number {
    return (awsSeconds * 1000) / this.speed;
  }

  /** AWS seconds that have passed since a wall clock time. */
  secondsSince(epochMs: number): number {
    return ((this.now() - epochMs) * this.speed) / 1000;
  }

  /** Runs `action` once after `awsSeconds`; the returned function cancels it. */
  after(awsSeconds: number, action: () => void): () => void {
    // setTimeout holds at most 2^31-1 ms: longer waits are taken in legs.
    const longestLeg = 2 ** 31 - 1;
    let timer: NodeJS.Timeout;
    const arm = (remainingMs: number): void => {
      const leg = Math.min(remainingMs, longestLeg);
      timer = setTimeout(() => (remainingMs > leg ? arm(remainingMs - leg) : action()), leg);
    };
    arm(Math.max(0, this.toRealMs(awsSeconds)));
    return () => clearTimeout(timer);
  }

  /** Runs `action` every `awsSeconds` until the returned function is called. */
  every(awsSeconds: number, action: () => void): () => void {
    const timer = setInterval(action, Math.max(1, this.toRealMs(awsSeconds)));
    return () => clearInterval(timer);
  }

  /** Resolves after `awsSeconds`; rejects with the signal's reason when aborted first. */
  sleep(awsSeconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = this.after(awsSeconds, () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      });
      const onAbort = (): void => {
        cancel();
        reject(signal?.reason);
      };
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }
}
