import { isDeepStrictEqual } from "node:util";
import type { CloudSnapshot } from "../../src/rehearsal/cloud/snapshot.js";
import { CanaryModel } from "./support/edits/canaryModel.js";
import type { Edit, Model } from "./support/edits/edit.js";
import { HealthWatch } from "./support/edits/healthWatch.js";
import { PairModel } from "./support/edits/pairModel.js";
import { Random } from "./support/edits/random.js";
import { canary, pair, sharesIn } from "./support/entrance.js";
import { clearLeftBehind } from "./support/leftBehind.js";
import { type Ended, LiveProgram, told } from "./support/liveProgram.js";

/** How many edits each program gets, and the seed that repeats a sequence. */
const EDITS = Number(process.env.HITLESS_EDITS ?? 4);
const SEED = Number(process.env.HITLESS_SEED ?? Math.floor(Math.random() * 2 ** 31));
const SPEED = 40;
const EDIT_MS = 120_000;
const VERSION_TAG = "hitless:version";

let program: LiveProgram;
afterEach(() => program?.close());

test.each([
  { strategy: "BlueGreenPair", directory: pair, model: () => new PairModel() },
  { strategy: "CanaryRelease", directory: canary, model: () => new CanaryModel() },
])(
  "$strategy, after each of a random sequence of edits: the invariants hold",
  async ({ directory, model }) => {
    const steps: string[] = [];
    process.stderr.write(`HITLESS_SEED=${SEED} HITLESS_EDITS=${EDITS} repeats this sequence\n`);
    try {
      await walk(directory, model(), steps);
    } catch (error) {
      const { message } = error as Error;
      throw new Error(`HITLESS_SEED=${SEED} HITLESS_EDITS=${EDITS}\n${steps.join("\n")}\n${message}`, { cause: error });
    }
  },
  EDITS * EDIT_MS + EDIT_MS,
);

async function walk(directory: string, model: Model, steps: string[]): Promise<void> {
  const random = new Random(SEED);
  const load = {
    rate: 40,
    requests: [
      { path: "/", share: 95 },
      { path: "/slow?seconds=0.5", share: 5 },
    ],
  };
  program = await LiveProgram.start({
    program: directory,
    speed: SPEED,
    load,
    isolation: "paper",
    config: model.config(),
  });
  await program.mustUp("create");
  const watch = new HealthWatch();
  program.samples.watch(watch.look);
  watch.size = model.wanted().size;
  for (let n = 0; n < EDITS; n++) {
    const [old, edit] = [model.wanted(), model.next(random)];
    steps.push(`${n + 1}. ${edit.what}`);
    watch.size = Math.min(old.size, model.wanted().size);
    await carryOut(edit, model, old.good);
    expect(watch.faults).toEqual([]);
  }
  expect(watch.looks).toBeGreaterThan(0);
  const { sent, lost, appErrors, evidence } = await program.stopLoad();
  expect({ lost, appErrors, evidence }).toEqual({ lost: 0, appErrors: 0, evidence: [] });
  expect(sent).toBeGreaterThan(EDITS * 40);
}

async function carryOut(edit: Edit, model: Model, before: readonly string[]): Promise<void> {
  const from = Date.now();
  const old = await program.samples.next();
  program.replaceConfig(edit.config);
  const announced = await program.preview();
  const ended = await program.up();
  const { shares, servers, good } = model.wanted();
  if (edit.refused) expectRefused(ended, edit.refused);
  else {
    if (ended.outcome !== "success") throw new Error(`refused\n${told(ended)}`);
    expect([...ended.done].sort()).toEqual([...announced.done].sort());
    await program.mustBeDone("after the edit", true);
    expect(await clearLeftBehind(program, ended)).toBe(0);
  }
  const now = edit.refused ? await program.samples.next() : await whenServers(servers);
  expect(sharesIn(now)).toEqual(shares);
  if (!edit.refused) expect(serversIn(now)).toEqual(servers);
  for (const version of edit.keeps) {
    expect(idsOf(now, version)).toEqual(expect.arrayContaining(idsOf(old, version)));
  }
  const answers = await program.answers(from);
  expect(Object.keys(answers.versions).filter((version) => ![...before, ...good].includes(version))).toEqual([]);
  if (answers.lost > 0) throw new Error(`requests were lost\n${JSON.stringify((await program.stopLoad()).evidence)}`);
}

/** A fleet that only grows or shrinks is not waited for by `up`: the picture in which it is done, or the last one. */
async function whenServers(wanted: Readonly<Record<string, number>>): Promise<CloudSnapshot> {
  const same = (now: CloudSnapshot): boolean => isDeepStrictEqual(serversIn(now), wanted);
  const deadline = Date.now() + 20_000;
  for (;;) {
    const now = await program.samples.next();
    if (same(now) || Date.now() > deadline) return now;
  }
}

function expectRefused(ended: Ended, reason: RegExp): void {
  if (ended.outcome === "refused" && reason.test(ended.reason)) return;
  throw new Error(`expected to be refused with ${reason}\n${told(ended)}`);
}

function inService(snapshot: CloudSnapshot): { version: string; id: string }[] {
  const instances = snapshot.groups.flatMap((group) => group.instances);
  return instances
    .filter(({ lifecycleState }) => /^(Pending|InService)/.test(lifecycleState))
    .map(({ tags, instanceId }) => ({ version: tags[VERSION_TAG] ?? "", id: instanceId }));
}

function idsOf(snapshot: CloudSnapshot, wanted: string): string[] {
  return inService(snapshot).flatMap(({ version, id }) => (version === wanted ? [id] : []));
}

function serversIn(snapshot: CloudSnapshot): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { version } of inService(snapshot)) counts[version] = (counts[version] ?? 0) + 1;
  return counts;
}
