import { Clock } from "../../../../src/rehearsal/cloud/clock.js";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that stands still until told to go on; everything due runs in order, and `settled` runs after each moment. */
export class ManualClock extends Clock {
  private time = Date.parse("2024-01-01T00:00:00Z");
  private order = 0;
  private timers: Timer[] = [];
  settled: () => void = () => {};

  override now(): number {
    return this.time;
  }

  override after(awsSeconds: number, action: () => void): () => void {
    const timer = { at: this.time + Math.max(0, this.toRealMs(awsSeconds)), order: this.order++, action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  override every(awsSeconds: number, action: () => void): () => void {
    let cancel = (): void => {};
    const arm = (): void => {
      cancel = this.after(awsSeconds, () => {
        arm();
        action();
      });
    };
    arm();
    return () => cancel();
  }

  override sleep(awsSeconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(awsSeconds, resolve));
  }

  /** Lets everything that was set off by now happen. */
  async settle(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.settled();
  }

  /** Moves on by `awsSeconds`, through every moment at which something is due. */
  async advance(awsSeconds: number): Promise<void> {
    const end = this.time + this.toRealMs(awsSeconds);
    await this.settle();
    for (let due = this.nextDue(end); due !== undefined; due = this.nextDue(end)) {
      this.time = Math.max(this.time, due);
      this.runDue();
      await this.settle();
    }
    this.time = end;
  }

  /** Moves on until `condition` holds; fails after `limitSeconds`. */
  async until(condition: () => boolean, limitSeconds = 7200): Promise<void> {
    const end = this.time + this.toRealMs(limitSeconds);
    await this.settle();
    while (!condition()) {
      const due = this.nextDue(end);
      if (due === undefined) throw new Error(`the condition did not come true within ${limitSeconds} seconds`);
      this.time = Math.max(this.time, due);
      this.runDue();
      await this.settle();
    }
  }

  private nextDue(end: number): number | undefined {
    let next: number | undefined;
    for (const timer of this.timers) if (timer.at <= end && (next === undefined || timer.at < next)) next = timer.at;
    return next;
  }

  private runDue(): void {
    const due = this.timers.filter((timer) => timer.at <= this.time).sort((a, b) => a.at - b.at || a.order - b.order);
    this.timers = this.timers.filter((timer) => timer.at > this.time);
    for (const timer of due) timer.action();
  }
}
