import type { Group } from "./group.js";

/** One look at a group: what time it is, and when the next look is due although nothing happens until then. */
export class Pass {
  private due: number | undefined;

  constructor(readonly now: number) {}

  wakeAt(epochMs: number): void {
    this.due = Math.min(this.due ?? epochMs, epochMs);
  }

  get nextWake(): number | undefined {
    return this.due;
  }
}

/** From so many members on, a pass costs enough to wait for the other events that come in about the same moment. */
const LARGE = 100;
/** Real milliseconds; AWS takes seconds to notice anything. */
const GATHER_MS = 5;

/**
 * Runs a group's passes one after another. Events only mark the group as touched; the pass follows in a microtask (in a large group
 * a little later, with all events that have arrived by then), so that any number of events of one moment cost one pass, and a pass always sees a
 * settled picture.
 */
export class GroupLoop {
  private queued = false;
  private stopped = false;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly group: Group,
    private readonly pass: (group: Group, pass: Pass) => void,
  ) {
    group.touch = () => this.touch();
  }

  touch(): void {
    if (this.queued || this.stopped) return;
    this.queued = true;
    const { members, env } = this.group;
    if (members.size > LARGE) env.clock.after((GATHER_MS / 1000) * env.clock.speed, () => this.run());
    else queueMicrotask(() => this.run());
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
  }

  private run(): void {
    this.queued = false;
    if (this.stopped) return;
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const { clock, log } = this.group.env;
    const pass = new Pass(clock.now());
    try {
      this.pass(this.group, pass);
    } catch (error) {
      // A defect of ours must not end the group's life: say it loudly and look again.
      log.error({ err: error, group: this.group.name }, "a look at the Auto Scaling group failed");
      pass.wakeAt(pass.now + clock.toRealMs(30));
    }
    if (this.stopped || pass.nextWake === undefined) return;
    const seconds = Math.max(0, Math.ceil(pass.nextWake - clock.now())) * (clock.speed / 1000);
    this.cancelTimer = clock.after(seconds, () => this.touch());
  }
}
