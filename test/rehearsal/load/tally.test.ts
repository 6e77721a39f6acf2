import { Tally } from "../../../src/rehearsal/load/tally.js";
import { request } from "./servers.js";

test("how late requests were begun is told of all, and of those after the first two seconds", () => {
  const tally = new Tally(1000, [request()]);
  tally.sent(0, 1000, 400);
  tally.sent(0, 2999, 50);
  tally.sent(0, 3000, 2);
  tally.sent(0, 9000, -0.1);
  const { schedulingMs, steadySchedulingMs } = tally.summary(10_000, 0);
  expect(schedulingMs.max).toBe(400);
  expect(steadySchedulingMs).toMatchObject({ p50: 0, max: 2 });
});
