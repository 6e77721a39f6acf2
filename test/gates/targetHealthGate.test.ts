import { targetHealthGate } from "../../src/gates/targetHealthGate.js";
import { ARN, FakeFleet } from "./fakeFleet.js";

const wish = { subject: 'RollingFleet "web"', targetGroupArn: ARN, healthy: 2, deadlineSeconds: 60 };

test("passes when enough are healthy in the load balancer's eyes", async () => {
  await expect(targetHealthGate(wish, new FakeFleet(2)).check()).resolves.toEqual({ state: "passed" });
  await expect(targetHealthGate({ ...wish, healthy: 0 }, new FakeFleet(0)).check()).resolves.toEqual({
    state: "passed",
  });
});

test("waits while there are too few", async () => {
  const state = await targetHealthGate({ ...wish, healthy: 3 }, new FakeFleet(2)).check();
  expect(state).toEqual({ state: "waiting", progress: "2 of 3 servers healthy" });
});

test("says why the others are not healthy when the time is over", async () => {
  const fleet = new FakeFleet(2);
  fleet.behaviour.set("1", "never healthy");
  const gate = targetHealthGate(wish, fleet);
  await gate.check();
  expect(await gate.expired("0 of 2 servers healthy")).toMatchObject({
    faults: [
      {
        code: "HIT320",
        problem: "0 of 2 servers healthy after 60 s.",
        why: expect.stringContaining("i-1 is unhealthy (Target.ResponseCodeMismatch: Health checks failed"),
      },
    ],
  });
});
