import { canaryRelease, expectPassed, load, rehearse, step } from "./support/rehearse.js";

const MINUTES = 60_000;

/** Besides the usual load, testers who ask for the new version by header. */
const withTesters = {
  ...load,
  requests: [
    ...load.requests,
    { name: "testers of v2", path: "/", headers: { "x-beta": "v2" }, share: 5 },
    { name: "testers of v3", path: "/", headers: { "x-beta": "v3" }, share: 5 },
  ],
};
const users = "GET /";
/** Sticky users keep their version, whatever the weights do meanwhile. */
const exactly = (version: string) => ({ [version]: 1 });

test(
  "a version from its audience to stable and back: users see what the weights say, nothing is lost, previews are true",
  async () => {
    const outcome = await rehearse(canaryRelease, {
      speed: 10,
      load: withTesters,
      config: { bakeSeconds: 10 },
      steps: [
        { name: "create", set: { stable: "v1" }, up: "success", shares: exactly("v1") },
        {
          name: "audience first, in one up",
          set: { canary: "v2", weight: 0 },
          previewed: true,
          up: "success",
          sharesOf: { [users]: exactly("v1"), "testers of v2": exactly("v2"), "testers of v3": exactly("v1") },
        },
        {
          name: "a tenth",
          set: { weight: 10 },
          up: "success",
          sharesOf: { "testers of v2": exactly("v2") },
        },
        {
          name: "over a step",
          set: { weight: 60 },
          up: { expect: "refused", reason: "HIT370" },
          sharesOf: { "testers of v2": exactly("v2") },
          // Refused before any server starts for it.
          servers: { healthyAtLeast: 5, atMost: 5 },
        },
        {
          name: "a half",
          set: { weight: 50 },
          faults: { throttleShare: 0.3, propagationSeconds: 5 },
          up: "success",
          sharesOf: { [users]: { v1: 0.5, v2: 0.5 } },
          tolerance: 0.15,
        },
        {
          name: "promote",
          set: { stable: "v2", canary: null, weight: null, previous: "v1" },
          faults: { propagationSeconds: 5 },
          previewed: true,
          up: "success",
          shares: exactly("v2"),
          servers: { healthyAtLeast: 6, atMost: 8 },
        },
        { name: "again", faults: {}, up: { expect: "success", changes: "none", refresh: true }, shares: exactly("v2") },
        {
          name: "roll back",
          set: { stable: "v1", previous: "v2" },
          up: "success",
          shares: exactly("v1"),
          servers: { healthyAtLeast: 8, atMost: 8 },
        },
      ],
    });
    expectPassed(outcome);
    expect(outcome.report.requests.appErrors).toBe(0);
    expect(step(outcome.report, "roll back").switchSeconds).not.toBeNull();
  },
  8 * MINUTES,
);

test(
  "another canary while one is out: the routed one is never scaled down under its users, and nothing is lost",
  async () => {
    const outcome = await rehearse(canaryRelease, {
      speed: 10,
      load: withTesters,
      destroy: true,
      config: { bakeSeconds: 0, steps: [50] },
      steps: [
        { name: "create", set: { stable: "v1" }, up: "success", shares: exactly("v1") },
        { name: "v2", set: { canary: "v2", weight: 50 }, up: "success" },
        {
          name: "v3 beside v2, which shrinks",
          set: { canary: "v3", weight: 50, others: { v2: 20 } },
          previewed: true,
          faults: { propagationSeconds: 5 },
          up: "success",
        },
        {
          // Rules, too, take their time to spread.
          name: "side by side",
          sharesOf: {
            [users]: { v1: 0.3, v2: 0.2, v3: 0.5 },
            "testers of v3": exactly("v3"),
            "testers of v2": exactly("v2"),
          },
          tolerance: 0.15,
        },
        {
          name: "v3 stable, v1 goes",
          set: { stable: "v3", canary: null, weight: null },
          previewed: true,
          up: "success",
          sharesOf: { [users]: { v2: 0.2, v3: 0.8 } },
          tolerance: 0.15,
        },
        {
          name: "back to v1, whose fleet is gone: a release like any other",
          set: { stable: "v1", previous: "v3" },
          up: { expect: "refused", reason: "HIT371" },
          sharesOf: { [users]: { v2: 0.2, v3: 0.8 } },
          tolerance: 0.15,
        },
        {
          name: "v4 instead of v2",
          set: { stable: "v3", previous: null, canary: "v4", weight: 10, others: null },
          up: "success",
        },
        { name: "abort v4", set: { canary: null, weight: null }, up: "success", shares: exactly("v3") },
        { name: "again", up: { expect: "success", changes: "none" }, shares: exactly("v3") },
      ],
    });
    expectPassed(outcome);
  },
  6 * MINUTES,
);

test(
  "a tenth of the users is a tenth: the share lies where chance puts it, and sticky users never change version",
  async () => {
    const outcome = await rehearse(canaryRelease, {
      speed: 10,
      load: { rate: 1000, requests: [{ path: "/", share: 95 }, { name: "sticky", path: "/", users: 100, share: 5 }] }, // biome-ignore format: one line
      config: { bakeSeconds: 0, stickySeconds: 604_800 },
      steps: [
        { name: "create", set: { stable: "v1" }, up: "success", shares: exactly("v1") },
        {
          name: "a tenth",
          set: { canary: "v2", weight: 10 },
          up: "success",
          observeRequests: 22_000,
          sharesOf: { [users]: { v1: 0.9, v2: { share: 0.1, confidence: 0.999 } }, sticky: exactly("v1") },
          versionChanges: 0,
        },
      ],
    });
    expectPassed(outcome);
    expect(step(outcome.report, "a tenth").answersOf[users]).toBeGreaterThanOrEqual(20_000);
  },
  4 * MINUTES,
);
