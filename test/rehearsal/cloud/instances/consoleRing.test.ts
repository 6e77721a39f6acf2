import fc from "fast-check";
import { ConsoleRing } from "../../../../src/rehearsal/cloud/instances/consoleRing.js";

test("keeps the newest bytes, whatever the sizes of what is written", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme-ascii", maxLength: 40 })),
      fc.integer({ min: 1, max: 64 }),
      (writes, limit) => {
        const ring = new ConsoleRing(limit);
        for (const text of writes) ring.write(Buffer.from(text));
        expect(ring.text()).toBe(writes.join("").slice(-limit));
      },
    ),
  );
});

test("a character cut in half at the old end is dropped", () => {
  const ring = new ConsoleRing(3);
  ring.write(Buffer.from("ää"));
  expect(ring.text()).toBe("ä");
});

test("a note stands on a line of its own", () => {
  const ring = new ConsoleRing();
  ring.write(Buffer.from("half a line"));
  ring.note("said");
  ring.write(Buffer.from("more\n"));
  expect(ring.text()).toBe("half a line\n[hitless] said\nmore\n");
  expect(ring.tail(2)).toBe("[hitless] said\nmore");
});
