import { Arrivals } from "../../../src/rehearsal/load/arrivals.js";
import { Pacer } from "../../../src/rehearsal/load/pacer.js";
import { wallClock } from "../../../src/rehearsal/load/wallClock.js";
import { until } from "./servers.js";

test.each([1000, 10_000])(
  "what was missed at %i a second is begun at once, with turns for answers in between",
  async (rate) => {
    const startMs = wallClock() - 200;
    const begun: number[] = [];
    const pacer = new Pacer(new Arrivals(startMs, rate), (at) => begun.push(at));
    const inFirstTurn = begun.length;
    expect(inFirstTurn).toBeGreaterThan(0);
    expect(inFirstTurn).toBeLessThan(rate / 10);
    await until(() => begun.length >= rate / 5);
    pacer.stop();
    expect(begun).toEqual(begun.map((_, index) => startMs + (index * 1000) / rate));
  },
);

test("after its stop nothing is begun, also by what it began last", async () => {
  let begun = 0;
  const pacer: Pacer = new Pacer(new Arrivals(wallClock(), 100_000), () => {
    if (++begun === 100) pacer.stop();
  });
  await until(() => begun >= 100);
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect(begun).toBe(100);
});
