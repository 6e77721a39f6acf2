import * as pulumi from "@pulumi/pulumi";
import { Faults } from "../../src/errors/faults.js";
import { RollingFleet } from "../../src/index.js";
import { setHitlessMocks } from "../../src/testing/index.js";
import { claimPriorities, type PriorityClaim } from "../../src/traffic/rulePriorities.js";
import { goodArgs } from "../strategies/rollingFleet/programs.js";
import { LISTENER } from "../strategies/shared/surroundings.js";

const claim = (priority: pulumi.Input<number>, listenerArn: pulumi.Input<string> = LISTENER): PriorityClaim => ({
  listenerArn,
  priority,
  argument: "entrance.priority",
});

function claimed(subject: string, ...claims: PriorityClaim[]): boolean {
  const faults = new Faults(subject);
  claimPriorities(faults, claims);
  try {
    faults.throwIfAny();
    return true;
  } catch {
    return false;
  }
}

test("one place of one listener is taken once", async () => {
  await setHitlessMocks();
  expect(claimed("a", claim(1), claim(2))).toBe(true);
  expect(claimed("b", claim(1))).toBe(false);
  expect(claimed("c", claim(3))).toBe(true);
  expect(claimed("d", claim(1, `${LISTENER}x`))).toBe(true);
  expect(claimed("e", claim(9), claim(9))).toBe(false);
});

test("a listener that is made by the program is known by its Output", async () => {
  await setHitlessMocks();
  const [one, other] = [pulumi.output("one"), pulumi.output("other")];
  expect(claimed("a", claim(1, one))).toBe(true);
  expect(claimed("b", claim(1, other))).toBe(true);
  expect(claimed("c", claim(1, one))).toBe(false);
});

test("the next program begins anew", async () => {
  await setHitlessMocks();
  expect(claimed("a", claim(1))).toBe(true);
  await setHitlessMocks();
  expect(claimed("b", claim(1))).toBe(true);
});

test("RollingFleets claim theirs", async () => {
  const mocks = await setHitlessMocks();
  const args = { ...goodArgs(), entrance: { listenerArn: LISTENER, priority: 10, paths: ["/*"] } };
  new RollingFleet("web", args);
  expect(() => new RollingFleet("api", args)).toThrow(/HIT174 RollingFleet "api".*that of RollingFleet "web"/);
  await mocks.complete();
});
