import { refusal } from "../../src/errors/faults.js";
import { type Gate, type GateState, runGate } from "../../src/gates/gate.js";
import { type Pace, paceFromEnvironment } from "../../src/gates/pace.js";

function surroundings(watched: () => void = () => {}) {
  let now = 100;
  const said: string[] = [];
  const slept: number[] = [];
  const pace: Pace = {
    now: () => now,
    sleep: async (seconds) => {
      slept.push(seconds);
      now += seconds;
    },
  };
  const say = async (message: string): Promise<void> => void said.push(message);
  return { said, slept, pace, report: { progress: say, note: say, warn: say }, assertWatched: async () => watched() };
}

function gateOf(states: GateState[], deadlineSeconds = 10): Gate {
  return {
    name: "test",
    waitsFor: "a test",
    deadlineSeconds,
    check: async () => states.shift() ?? { state: "waiting", progress: "still" },
    expired: (progress) => refusal("x", { code: "HIT320", problem: `${progress}.`, fix: "wait" }),
  };
}

test("waits, tells how it goes, and passes with its note", async () => {
  const around = surroundings();
  await runGate(
    gateOf([
      { state: "waiting", progress: "1 of 2" },
      { state: "passed", note: "done" },
    ]),
    around,
  );
  expect(around.said).toEqual(["1 of 2 (0 s)", "done"]);
  expect(around.slept).toEqual([1]);
});

test("throws what the gate refuses with", async () => {
  const error = refusal("x", { code: "HIT310", problem: "no.", fix: "mend" });
  await expect(runGate(gateOf([{ state: "refused", error }]), surroundings())).rejects.toBe(error);
});

test("looks once more at its deadline, then expires with the last progress", async () => {
  const around = surroundings();
  await expect(runGate(gateOf([]), around)).rejects.toMatchObject({ faults: [{ code: "HIT320", problem: "still." }] });
  expect(around.slept).toEqual(new Array(10).fill(1));
});

test("looks every second for half a minute, then every three seconds", async () => {
  const around = surroundings();
  await expect(runGate(gateOf([], 40), around)).rejects.toThrow("still.");
  expect(around.slept).toEqual([...new Array(30).fill(1), 3, 3, 3, 1]);
});

test("says at once what is new, and what is not every three seconds", async () => {
  const around = surroundings();
  const waiting = (progress: string): GateState => ({ state: "waiting", progress });
  await expect(runGate(gateOf([waiting("1 of 3"), waiting("2 of 3")], 8), around)).rejects.toThrow("still.");
  expect(around.said).toEqual(["1 of 3 (0 s)", "2 of 3 (1 s)", "still (2 s)", "still (5 s)"]);
});

test("does not look when nobody watches any more", async () => {
  const check = jest.fn();
  const gone = surroundings(() => {
    throw new Error("gone");
  });
  await expect(runGate({ ...gateOf([]), check }, gone)).rejects.toThrow("gone");
  expect(check).not.toHaveBeenCalled();
});

test.each([{}, { HITLESS_SPEED: "" }, { HITLESS_SPEED: "10" }, { HITLESS_SPEED: "0.5" }])("%p is a pace", (env) => {
  expect(paceFromEnvironment(env).now()).toBeGreaterThan(0);
});

test.each(["0", "-1", "fast", "Infinity"])("HITLESS_SPEED=%s is refused", (speed) => {
  expect(() => paceFromEnvironment({ HITLESS_SPEED: speed })).toThrow(/HITLESS_SPEED is/);
});

test("a fast rehearsal's clock runs ahead", async () => {
  const slow = paceFromEnvironment({});
  const fast = paceFromEnvironment({ HITLESS_SPEED: "1000" });
  const [slowStart, fastStart] = [slow.now(), fast.now()];
  await fast.sleep(1);
  expect(fast.now() - fastStart).toBeGreaterThan(100 * (slow.now() - slowStart));
});
