import { oneNamed } from "../../../../src/rehearsal/runner/interventions/oneNamed.js";

const groups = [
  { name: "web-0a1b2c3" },
  { name: "web-blue-0a1b2c3" },
  { name: "web-1-4-2-0a1b2c3" },
  { name: "web-1-4-20-0a1b2c3" },
  { name: "asg-77", tag: "shop" },
  { name: "exact" },
  { name: "exact-0a1b2c3" },
];

test.each([
  ["the whole name", "exact", "exact"],
  ["the program's name, without the engine's suffix", "web", "web-0a1b2c3"],
  ["a name that another begins with", "web-1-4-2", "web-1-4-2-0a1b2c3"],
  ["the Name tag", "shop", "asg-77"],
  ["the beginning of the name", "web-b", "web-blue-0a1b2c3"],
])("%s is enough", (_, wanted, found) => {
  expect(oneNamed(wanted, groups, "group").name).toBe(found);
});

test("several that fit are refused with their names, and so is none", () => {
  expect(() => oneNamed("web-1", groups, "group")).toThrow(
    '"web-1" may be any of the groups web-1-4-2-0a1b2c3, web-1-4-20-0a1b2c3',
  );
  expect(() => oneNamed("x", groups.slice(0, 1), "group")).toThrow('no group "x" (there are web-0a1b2c3)');
});
