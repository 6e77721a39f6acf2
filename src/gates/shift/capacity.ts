import { refusal } from "../../errors/faults.js";
import type { HitlessError } from "../../errors/hitlessError.js";
import type { FleetView } from "../fleetsCloud.js";
import { type Gate, type GateState, runGate } from "../gate.js";
import { describeUnready } from "../refresh/findings.js";
import { readFleets, troublesOf } from "./fleets.js";
import { isHealthy } from "./health.js";
import { more, shown } from "./shares.js";
import type { Shift } from "./shift.js";
import type { ShiftTarget } from "./shiftRequest.js";

/**
 * Waits until each target has the healthy servers that its share needs. A group that is too small for that is made larger. One that
 * only keeps or loses users needs at least one: it serves already.
 * @param shares what each target group is about to have, in percent
 */
export function awaitCapacity(shift: Shift, shares: ReadonlyMap<string, number>): Promise<void> {
  return runGate(new CapacityGate(shift, shares), shift);
}

class CapacityGate implements Gate {
  readonly name = "capacity";
  readonly waitsFor = "healthy servers for every share";
  readonly deadlineSeconds: number;
  readonly #targets: readonly ShiftTarget[];

  constructor(
    private readonly shift: Shift,
    private readonly shares: ReadonlyMap<string, number>,
  ) {
    this.deadlineSeconds = shift.request.capacitySeconds;
    this.#targets = shift.request.targets.filter((target) => this.#share(target) > 0);
  }

  async check(): Promise<GateState> {
    const { book, demand } = this.shift;
    await book.look([...demand.carriers, ...this.#targets.map((target) => target.targetGroupArn)]);
    demand.observe(book);
    for (const target of this.#targets) {
      if (!this.#gains(target) && this.#healthy(target) === 0) {
        return { state: "refused", error: this.#empty(target, "none of its servers is healthy") };
      }
    }
    const refused = await this.#grow();
    if (refused) return { state: "refused", error: refused };
    if (this.#targets.every((target) => this.#healthy(target) >= this.#need(target))) return { state: "passed" };
    return { state: "waiting", progress: this.#progress() };
  }

  async expired(lastProgress: string): Promise<HitlessError> {
    const { request, book, cloud } = this.shift;
    const fleets = await readFleets(this.shift);
    const reasons: string[] = [];
    for (const target of this.#targets) {
      if (this.#healthy(target) >= this.#need(target)) continue;
      const unready = book.of(target.targetGroupArn).filter((each) => !isHealthy(each));
      const ids = unready.map((each) => each.instanceId);
      const troubles = await troublesOf(cloud, fleets.of(target.targetGroupArn));
      if (ids.length > 0) reasons.push(`${target.label}:\n${await describeUnready(cloud, ids, unready)}`);
      else if (troubles.length === 0) reasons.push(`${target.label} has no other server in its target group`);
      reasons.push(...troubles);
    }
    return refusal(request.subject, {
      code: "HIT344",
      problem: `${lastProgress} after ${this.deadlineSeconds} s: a share of the users needs servers that carry it.`,
      why: reasons.join("\n"),
      fix: "see to the servers (health check path, port, security group, startupSeconds), then run `pulumi up` again",
    });
  }

  /** Makes groups larger that would be too small for their share; answers a refusal when they may not be. */
  async #grow(): Promise<HitlessError | undefined> {
    const gaining = this.#targets.filter((target) => this.#gains(target));
    if (gaining.length === 0) return undefined;
    const fleets = await readFleets(this.shift);
    for (const target of gaining) {
      const groups = fleets.of(target.targetGroupArn);
      const group = groups[0];
      const need = this.#need(target);
      if (!group) {
        if (this.#healthy(target) >= need) continue; // servers that somebody registers by other means
        return this.#without(target);
      }
      const desired = groups.reduce((sum, each) => sum + each.desiredCapacity, 0);
      if (desired === 0 && this.#healthy(target) === 0) return this.#empty(target, `${group.name} has no servers`);
      if (desired >= need) continue;
      const size = group.desiredCapacity + need - desired;
      if (size > group.maxSize) return this.#tooSmall(target, group, need);
      await this.shift.assertWatched();
      await this.shift.report.note(
        `${target.label}: ${group.name} grows from ${group.desiredCapacity} to ${size} servers, as ${this.shift.demand.total} carry the users now`,
      );
      await this.shift.cloud.setDesiredCapacity(group.name, size);
    }
    return undefined;
  }

  #share(target: ShiftTarget): number {
    return this.shares.get(target.targetGroupArn) ?? 0;
  }

  #gains(target: ShiftTarget): boolean {
    return more(this.#share(target), this.shift.course.present.get(target.targetGroupArn) ?? 0);
  }

  #need(target: ShiftTarget): number {
    return this.#gains(target) ? this.shift.demand.need(this.#share(target)) : 1;
  }

  #healthy(target: ShiftTarget): number {
    return this.shift.book.healthy(target.targetGroupArn);
  }

  #progress(): string {
    const parts = this.#targets
      .filter((target) => this.#gains(target))
      .map(
        (target) =>
          `${target.label}: ${this.#healthy(target)} of ${this.#need(target)} servers healthy for ${shown(this.#share(target))} %`,
      );
    return parts.join(", ");
  }

  #empty(target: ShiftTarget, found: string): HitlessError {
    return refusal(this.shift.request.subject, {
      code: "HIT345",
      problem: `${target.label} should have ${shown(this.#share(target))} % of the users, but ${found}.`,
      fix: "give it servers first, or take its weight away in the program (the whole of it)",
    });
  }

  #tooSmall(target: ShiftTarget, group: FleetView, need: number): HitlessError {
    return refusal(this.shift.request.subject, {
      code: "HIT343",
      problem: `${target.label} needs ${need} servers for ${shown(this.#share(target))} % of the users (${this.shift.demand.total} carry them now), but maxSize of ${group.name} is ${group.maxSize}.`,
      fix: `set fleet.maxSize to at least ${need}, then run \`pulumi up\` again`,
    });
  }

  #without(target: ShiftTarget): HitlessError {
    return refusal(this.shift.request.subject, {
      code: "HIT351",
      problem: `${target.label} needs ${this.#need(target)} healthy servers and has ${this.#healthy(target)}, and no ${this.shift.cloud.fleetWords.fleet} of this component is behind ${target.targetGroupArn}.`,
      fix: "run `pulumi up --refresh` if it was deleted or detached by hand",
    });
  }
}
