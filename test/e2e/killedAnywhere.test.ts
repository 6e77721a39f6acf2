import type { CloudSnapshot } from "../../src/rehearsal/cloud/snapshot.js";
import { canary, entranceOf, pair, rolling, sharesIn, shareText } from "./support/entrance.js";
import { clearLeftBehind, upAgain } from "./support/leftBehind.js";
import { type KillMoment, LiveProgram, told } from "./support/liveProgram.js";

const MINUTES = 60_000;
const SPEED = 20;
const load = {
  rate: 50,
  requests: [
    { path: "/", share: 95 },
    // 20 AWS seconds at this speed: within the drain.
    { path: "/slow?seconds=1", share: 5, timeoutSeconds: 20 },
  ],
};
/** A preview after each second kill shows as much of each way, in less time; `HITLESS_KILLS=all` makes one after every kill. */
const EVERY_PREVIEW = process.env.HITLESS_KILLS === "all";
/** No update here has so many operations: a loop that comes so far does not end. */
const MOST_OPERATIONS = 30;

/** One change of the program. */
interface Way {
  readonly what: string;
  readonly set: Readonly<Record<string, unknown>>;
  /** Versions that users may get while it is under way. */
  readonly good: readonly string[];
  /** Shares in percent at its end. */
  readonly ends: Readonly<Record<string, number>>;
}

let program: LiveProgram;
afterEach(() => program?.close());

test(
  "BlueGreenPair, killed after each operation of a release and of a rollback: users keep a good release, and the next up ends it",
  async () => {
    const config = { live: "blue", blue: "v0", green: "v00" };
    program = await LiveProgram.start({ program: pair, speed: SPEED, load, config });
    await program.mustUp("create");
    let live = { side: "blue", version: "v0" };
    let idle = { side: "green", version: "v00" };
    const swap = (): void => {
      [live, idle] = [idle, live];
    };
    const release = (name: string): Way => {
      const version = `v${name}`;
      const { side } = idle;
      const good = [live.version, version];
      idle = { side, version };
      swap();
      return {
        what: `release ${version} to ${side} and switch`,
        set: { [side]: version, live: side },
        good,
        ends: { [version]: 100 },
      };
    };
    const rollback = (): Way => {
      swap();
      const good = [live.version, idle.version];
      return { what: `go back to ${live.side}`, set: { live: live.side }, good, ends: { [live.version]: 100 } };
    };
    // Each release goes to the side that is idle, wherever that is: going back is no part of its way.
    const kills = (await atEveryMoment([release])) + (await atEveryMoment([rollback]));
    // With stickiness, while the old side still has its place in the entrance: the next up takes it from there.
    program.set({ stickiness: { seconds: 40 } });
    await program.mustUp("stickiness on");
    const before = shareText(await program.samples.next());
    expect(await walk(release("sticky"), { sees: (now) => shareText(now) !== before }, true)).toBe(1);
    await expectNothingLost();
    // Template, group and entrance; then the entrance; and once each while the weights were on their way.
    expect(kills).toBeGreaterThanOrEqual(6);
  },
  12 * MINUTES,
);

test(
  "CanaryRelease, killed after each operation of a new canary and of its promotion: users keep a good release, and the next up ends it",
  async () => {
    program = await LiveProgram.start({ program: canary, speed: SPEED, load, config: { stable: "v0" } });
    await program.mustUp("create");
    let stable = "v0";
    const tried = (name: string): Way => {
      const next = `v${name}`;
      const set = { canary: next, weight: 50 };
      return { what: `canary ${next}`, set, good: [stable, next], ends: { [stable]: 50, [next]: 50 } };
    };
    const promoted = (name: string): Way => {
      const [old, next] = [stable, `v${name}`];
      stable = next;
      return { what: `promote ${next}`, set: { stable: next, canary: null }, good: [old, next], ends: { [next]: 100 } };
    };
    const kills = await atEveryMoment([tried, promoted]);
    await expectNothingLost();
    // Target group, template, group, entrance, audience; then group, entrance and four deletions.
    expect(kills).toBeGreaterThanOrEqual(10);
  },
  12 * MINUTES,
);

test(
  "RollingFleet, killed after each operation of a rollout, and amid it: users keep a good release, and the next up ends it",
  async () => {
    const config = { version: "v0", servers: 3, maxServers: 4 };
    program = await LiveProgram.start({ program: rolling, speed: SPEED, load, config });
    await program.mustUp("create");
    let version = "v0";
    const rolled = (name: string): Way => {
      const [old, next] = [version, `v${name}`];
      version = next;
      return { what: `roll ${next}`, set: { version: next }, good: [old, next], ends: { [next]: 100 } };
    };
    const kills = await atEveryMoment([rolled], (now) => entranceOf(now).some(({ versions }) => versions.length > 1));
    await expectNothingLost();
    // Template, then group; and amid the rollout.
    expect(kills).toBeGreaterThanOrEqual(2);
  },
  8 * MINUTES,
);

/**
 * Takes the ways again and again, killed one operation later each time, until they end before that; and once amid each.
 * @param amid what the cloud shows then; by default weights on their way
 */
async function atEveryMoment(
  ways: readonly ((name: string) => Way)[],
  amid?: (now: CloudSnapshot) => boolean,
): Promise<number> {
  let kills = 0;
  for (let n = 1; ; n++) {
    if (n > MOST_OPERATIONS) throw new Error(`still killed after ${MOST_OPERATIONS} operations`);
    let killedNow = 0;
    for (const [index, way] of ways.entries()) {
      const previewed = EVERY_PREVIEW || (n + index) % 2 === 0;
      killedNow += await walk(way(String(n)), { operations: n }, previewed);
    }
    kills += killedNow;
    if (killedNow === 0) break;
  }
  for (const way of ways) {
    const before = shareText(await program.samples.next());
    kills += await walk(way("w"), { sees: amid ?? ((now) => shareText(now) !== before) }, true);
  }
  return kills;
}

/** Takes one way, killed at the moment; the next `up` has to bring it to its end. Answers whether it was killed. */
async function walk({ what, set, good, ends }: Way, moment: KillMoment, previewed: boolean): Promise<0 | 1> {
  const from = Date.now();
  program.set(set);
  const first = await program.kill(moment);
  if (first.outcome === "refused") throw new Error(`${what}: refused\n${told(first)}`);
  const killed = first.outcome === "killed";
  const when = killed ? `${what}, killed after ${first.operations} operations` : what;
  if (killed) {
    await program.nextAnswers(20); // users go on, with the engine gone
    const next = await upAgain(program, `${when}, then up again`);
    await clearLeftBehind(program, next);
  }
  if (killed && previewed) await program.mustBeDone(when, false);
  expect({ when, shares: sharesIn(await program.samples.next()) }).toEqual({ when, shares: ends });
  const answers = await program.answers(from);
  if (answers.lost > 0)
    throw new Error(`${when}: requests were lost\n${JSON.stringify((await program.stopLoad()).evidence)}`);
  const strangers = Object.keys(answers.versions).filter((version) => !good.includes(version));
  expect({ when, strangers, appErrors: answers.appErrors }).toEqual({ when, strangers: [], appErrors: 0 });
  return killed ? 1 : 0;
}

async function expectNothingLost(): Promise<void> {
  await program.mustBeDone("at the end, with everything read from AWS", true);
  const { sent, lost, evidence } = await program.stopLoad();
  expect({ lost, evidence }).toEqual({ lost: 0, evidence: [] });
  expect(sent).toBeGreaterThan(1000);
}
