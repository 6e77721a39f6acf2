import { pino } from "pino";
import type { BalancerConfig, TargetConfig } from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { Publisher } from "../../../../src/rehearsal/cloud/elbv2/publisher.js";
import { FakeDataPlane, HandClock } from "./fakes.js";

/** A publisher of one load balancer whose group has so many targets. */
function world(size: number) {
  const now = { targets: size };
  const clock = new HandClock();
  // On a busy machine the rest would otherwise be over before the next change is there.
  clock.now = () => 0;
  const dataPlane = new FakeDataPlane();
  const build = (): BalancerConfig => {
    const target: TargetConfig = {
      id: "i-1",
      port: 80,
      host: "172.31.0.10",
      connectPort: 80,
      draining: false,
      registeredAt: 0,
    };
    const healthCheck = { enabled: false } as BalancerConfig["targetGroups"][number]["healthCheck"];
    const targets = Array.from({ length: now.targets }, (_, n) => ({ ...target, id: `i-${n}` }));
    const group = { arn: "tg", name: "tg", protocol: "HTTP" as const, healthCheck, attributes: {}, targets };
    return { arn: "lb", name: "lb", address: "127.77.0.1", attributes: {}, listeners: [], targetGroups: [group] };
  };
  const publisher = new Publisher({ dataPlane, clock, log: pino({ level: "silent" }), build });
  const applied = () => dataPlane.applied.map(({ targetGroups }) => targetGroups[0]?.targets.length);
  return { now, clock, dataPlane, publisher, applied };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("a small configuration follows the one before at once", async () => {
  const { now, publisher, applied } = world(1);
  publisher.publish("lb");
  await settle();
  now.targets = 2;
  publisher.publish("lb");
  await settle();
  expect(applied()).toEqual([1, 2]);
});

test("after a large one, the changes of a moment are gathered and go together", async () => {
  const { now, clock, publisher, applied } = world(500);
  publisher.publish("lb");
  await settle();
  for (const targets of [501, 502, 503]) {
    now.targets = targets;
    publisher.publish("lb");
    await settle();
  }
  expect(applied()).toEqual([500]);
  clock.pass(1);
  await settle();
  expect(applied()).toEqual([500, 503]);
});

test("closing does not wait for the moment to pass, and loses nothing", async () => {
  const { now, clock, publisher, applied } = world(500);
  publisher.publish("lb");
  await settle();
  now.targets = 400;
  publisher.publish("lb");
  await publisher.close(["lb"]);
  expect(applied()).toEqual([500, 400]);
  expect(clock.waiting).toBe(0);
});
