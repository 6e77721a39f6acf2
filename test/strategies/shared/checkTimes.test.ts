import { deadlinesOf } from "../../../src/strategies/shared/checkTimes.js";

const times = { drainSeconds: 300, startupSeconds: 100, warmupSeconds: 10 };
const health = { intervalSeconds: 10, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2 };

test("a fleet that is made or grows drains nothing first, so its deadline does not wait for that", () => {
  const { capacitySeconds, replacementTimeoutSeconds } = deadlinesOf(times, health);
  expect(replacementTimeoutSeconds - capacitySeconds).toBe(300);
  expect(deadlinesOf({ ...times, drainSeconds: 0 }, health).capacitySeconds).toBe(capacitySeconds);
});
