import fc from "fast-check";
import { fleetSlug, SHORTEST_SLUG } from "../../src/plan/fleetSlug.js";

const versions = fc.oneof(fc.string({ minLength: 1, maxLength: 40 }), fc.stringMatching(/^v?\d{1,3}(\.\d{1,3}){0,2}$/));
const rooms = fc.integer({ min: SHORTEST_SLUG, max: 20 });

test.each([
  ["v2", 20, "v2"],
  ["checkout-7", 20, "checkout-7"],
  ["2026", 7, "2026"],
])("%p stays as it is", (version, room, slug) => {
  expect(fleetSlug(version, room)).toBe(slug);
});

test("what had to be changed gets a digest of the whole version", () => {
  expect(fleetSlug("1.4.2", 20)).toMatch(/^1-4-2-[0-9a-f]{5}$/);
  expect(fleetSlug("1.4.2", 20)).not.toBe(fleetSlug("1-4-2", 20));
  expect(fleetSlug("1.4.2", 20)).not.toBe(fleetSlug("1.4-2", 20));
  expect(fleetSlug("a-very-long-branch-name", 12)).toMatch(/^a-very-[0-9a-f]{5}$/);
  expect(fleetSlug("äöü", 12)).toMatch(/^[0-9a-f]{5}$/);
});

test("it always fits, is a part of a target group's name, and depends on the version alone", () => {
  fc.assert(
    fc.property(versions, rooms, (version, room) => {
      const slug = fleetSlug(version, room);
      expect(slug.length).toBeLessThanOrEqual(room);
      expect(slug).toMatch(/^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/);
      expect(fleetSlug(version, room)).toBe(slug);
    }),
  );
});

test("different versions get different names", () => {
  fc.assert(
    fc.property(versions, versions, rooms, (one, other, room) => {
      // Two made-up names may meet by chance in a digest of five digits; that is refused, and too rare to be found here.
      fc.pre(one !== other);
      expect(fleetSlug(one, room)).not.toBe(fleetSlug(other, room));
    }),
    { seed: 1 },
  );
});

test("without room it says so", () => {
  expect(() => fleetSlug("v1", SHORTEST_SLUG - 1)).toThrow(RangeError);
});
