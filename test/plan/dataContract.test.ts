import fc from "fast-check";
import {
  contractConflict,
  contractFromTags,
  contractProblems,
  contractTags,
  type DataContract,
} from "../../src/plan/dataContract.js";

const contract = fc
  .record({ writes: fc.nat(99), others: fc.uniqueArray(fc.nat(99)) })
  .map(({ writes, others }): DataContract => ({ writes, reads: [...new Set([writes, ...others])] }));

test("a contract survives its tags", () => {
  fc.assert(fc.property(contract, (data) => expect(contractFromTags(contractTags(data))).toEqual(data)));
});

test("no contract leaves no tags, and no tags are no contract", () => {
  expect(contractTags(undefined)).toEqual({});
  expect(contractFromTags({ other: "1" })).toBeUndefined();
});

test("tags that somebody has spoilt do not pass for a contract", () => {
  expect(() => contractFromTags({ "hitless:data-writes": "seven", "hitless:data-reads": "6 7" })).toThrow(
    /no data contract/,
  );
});

test("a conflict is one in both orders, and a release never conflicts with itself", () => {
  fc.assert(
    fc.property(contract, contract, (a, b) => {
      const one = contractConflict({ version: "a", data: a }, { version: "b", data: b });
      const other = contractConflict({ version: "b", data: b }, { version: "a", data: a });
      expect(one === undefined).toBe(other === undefined);
      expect(one === undefined).toBe(b.reads.includes(a.writes) && a.reads.includes(b.writes));
      expect(contractConflict({ version: "a", data: a }, { version: "a", data: a })).toBeUndefined();
    }),
  );
});

test("says who cannot read what", () => {
  const old = { version: "v1", data: { writes: 6, reads: [6] } };
  const next = { version: "v2", data: { writes: 7, reads: [6, 7] } };
  expect(contractConflict(old, next)?.reasons).toEqual(["v2 writes 7, but v1 reads only 6"]);
  expect(contractConflict({ version: "v1" }, next)).toBeUndefined();
});

test.each([
  [{ writes: 7, reads: [6, 7] }, 0],
  [{ writes: 0, reads: [0] }, 0],
  [{ writes: 7, reads: [6] }, 1],
  [{ writes: 7, reads: [] }, 1],
  [{ writes: -1, reads: [-1] }, 2],
  [{ writes: 1.5, reads: [1] }, 2],
  [{ writes: 7, reads: "7" as unknown as number[] }, 1],
])("%p has %i problems", (data, count) => {
  expect(contractProblems(data)).toHaveLength(count);
});
