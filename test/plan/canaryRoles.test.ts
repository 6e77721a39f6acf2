import fc from "fast-check";
import { type CanaryRoles, isReturning, rolesOf, roleTags, VERSION_IN_TAG } from "../../src/plan/canaryRoles.js";

const version = fc.stringMatching(/^[A-Za-z0-9_.:/=+@-]{1,20}$/);
const roles = fc
  .record(
    { stable: version, canary: version, previous: version, others: fc.array(version, { maxLength: 3 }) },
    { requiredKeys: ["others"] },
  )
  .map((record) => ({ ...record }) as CanaryRoles);

test("a promotion reads in words", () => {
  expect(roleTags({ stable: "v2", previous: "v1", others: ["v3", "v4"] })).toEqual({
    "hitless:stable": "v2",
    "hitless:previous": "v1",
    "hitless:others": "v3 v4",
  });
});

test("what is written can be read back", () => {
  fc.assert(fc.property(roles, (written) => expect(rolesOf(roleTags(written))).toEqual(written)));
});

test("tags of others say nothing", () => {
  expect(rolesOf({ team: "shop" })).toEqual({ others: [] });
});

test("users come back to what was stable or is kept as previous, and to nothing else", () => {
  const before: CanaryRoles = { stable: "v2", canary: "v3", previous: "v1", others: ["v4"] };
  expect(["v1", "v2", "v3", "v4", "v5"].filter((each) => isReturning(before, each))).toEqual(["v1", "v2"]);
});

test.each([
  ["v1.2.3", true],
  ["feature/a+b=c:d@e_f-g", true],
  ["größe-2", true],
  ["v1 2", false],
  ["v1,2", false],
  ["v1#2", false],
])("%p in a tag: %p", (text, fits) => {
  expect(VERSION_IN_TAG.test(text)).toBe(fits);
});
