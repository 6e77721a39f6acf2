import type { Values } from "../../../../src/rehearsal/provider/protocol/values.js";
import { autoName, isNameGiven, prefixedName } from "../../../../src/rehearsal/provider/schema/naming.js";

const request = { resourceName: "web", olds: {}, maxLength: 32, seed: Buffer.from("seed") };
const named = (inputs: Values, changes: object = {}): Values => {
  autoName(inputs, { ...request, ...changes }, []);
  return inputs;
};

test("a made-up name is the resource's, a hyphen and seven digits, the same for the same seed", () => {
  const { name } = named({});
  expect(name).toMatch(/^web-[0-9a-f]{7}$/);
  expect(named({}).name).toBe(name);
  expect(named({}, { seed: Buffer.from("other") }).name).not.toBe(name);
  expect(named({}, { seed: new Uint8Array() }).name).not.toBe(named({}, { seed: new Uint8Array() }).name);
});

test("it stays from update to update; a name that the program gave and took back does not", () => {
  expect(named({}, { olds: { name: "web-0000000", __defaults: ["name"] } }).name).toBe("web-0000000");
  expect(named({}, { olds: { name: "imported" } }).name).toBe("imported");
  expect(named({}, { olds: { name: "given", __defaults: [] } }).name).not.toBe("given");
});

test("given names and prefixes are left alone", () => {
  expect(named({ name: "mine" })).toEqual({ name: "mine" });
  expect(named({ namePrefix: "my-" })).toEqual({ namePrefix: "my-" });
  expect(isNameGiven(named({ name: "mine" }))).toBe(true);
  expect(isNameGiven(named({}))).toBe(false);
});

test("the stack's own rule for names", () => {
  expect(named({}, { autonaming: { mode: "enforce", proposedName: "web-of-dev" } }).name).toBe("web-of-dev");
  const failures: { property: string; reason: string }[] = [];
  autoName({}, { ...request, autonaming: { mode: "disable", proposedName: "" } }, failures);
  expect(failures[0]?.property).toBe("name");
});

test("a prefix leaves room for what makes it unique", () => {
  expect(prefixedName("my-tg-", 32)).toMatch(/^my-tg-[0-9a-f]{26}$/);
  expect(prefixedName("web-", 255)).toHaveLength(30);
});
