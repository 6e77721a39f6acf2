import { Clock } from "../../../../src/rehearsal/cloud/clock.js";

/** A clock that goes only when a test moves it, in AWS seconds. */
export class FakeClock extends Clock {
  private time: number;
  private timers: { at: number; action: () => void }[] = [];

  constructor(speed = 1, start = Date.UTC(2026, 0, 5, 12, 0, 0)) {
    super(speed);
    this.time = start;
  }

  override now(): number {
    return this.time;
  }

  override after(awsSeconds: number, action: () => void): () => void {
    const timer = { at: this.time + this.toRealMs(awsSeconds), action };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Timers that are armed. */
  get armed(): number {
    return this.timers.length;
  }

  advance(awsSeconds: number): void {
    const until = this.time + this.toRealMs(awsSeconds);
    for (;;) {
      const due = this.timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.time = due.at;
      due.action();
    }
    this.time = until;
  }
}
