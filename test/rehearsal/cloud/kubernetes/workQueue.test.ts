import { EventEmitter, once } from "node:events";
import { pino } from "pino";
import { WorkQueue } from "../../../../src/rehearsal/cloud/kubernetes/api/workQueue.js";

const log = pino({ level: "silent" });

/** A queue whose work is told one by one, and goes on when it is let. */
function watched(outcomes: readonly (Error | undefined)[] = []) {
  const events = new EventEmitter<{ begun: [key: string, go: () => void] }>();
  let runs = 0;
  const queue = new WorkQueue("thing", log, async (key) => {
    const outcome = outcomes[runs++];
    await new Promise<void>((resolve) => events.emit("begun", key, resolve));
    if (outcome) throw outcome;
  });
  const next = async (): Promise<{ key: string; go: () => void }> => {
    const [key, go] = (await once(events, "begun")) as [string, () => void];
    return { key, go };
  };
  return { queue, next, runs: () => runs };
}

test("what is asked for several times at once is done once, and once more if asked for meanwhile", async () => {
  const { queue, next, runs } = watched();
  const first = next();
  for (let times = 0; times < 5; times++) queue.add("a");
  const { go } = await first;
  expect(runs()).toBe(1);
  queue.add("a");
  queue.add("a");
  const second = next();
  go();
  (await second).go();
  await queue.close();
  expect(runs()).toBe(2);
});

test("what fails is tried again", async () => {
  const { queue, next, runs } = watched([new Error("refused"), new Error("refused")]);
  for (let expected = 1; expected <= 3; expected++) {
    const run = next();
    if (expected === 1) queue.add("a");
    (await run).go();
    expect(runs()).toBe(expected);
  }
  await queue.close();
});

test("what is to be done later is done once, earlier if it is asked for earlier, and not after the end", async () => {
  const { queue, next, runs } = watched();
  let act = (): void => {};
  let cancelled = 0;
  queue.addLater("a", (later) => {
    act = later;
    return () => cancelled++;
  });
  const run = next();
  queue.add("a");
  (await run).go();
  expect(cancelled).toBe(1);
  await queue.close();
  act();
  expect(runs()).toBe(1);
});
