import fc from "fast-check";
import type { Group } from "../../../../src/rehearsal/cloud/autoscaling/group.js";
import type { Member } from "../../../../src/rehearsal/cloud/autoscaling/member.js";
import { pickBalanced } from "../../../../src/rehearsal/cloud/autoscaling/termination.js";

const byAge = (a: Member, b: Member): number => a.launchedAt - b.launchedAt || a.sequence - b.sequence;

/** As the rule is told: again and again, of those first in their zones, one of the zone that has the most left. */
function oneByOne(members: readonly Member[], candidates: readonly Member[], count: number): Member[] {
  const left = new Set(members);
  const picked: Member[] = [];
  const size = (zone: string) => [...left].filter(({ availabilityZone }) => availabilityZone === zone).length;
  while (picked.length < count) {
    const [next] = candidates
      .filter((candidate) => left.has(candidate))
      .sort((a, b) => size(b.availabilityZone) - size(a.availabilityZone) || byAge(a, b));
    if (next === undefined) break;
    left.delete(next);
    picked.push(next);
  }
  return picked;
}

test("who goes is the same whether few or many are picked, in whatever order they are looked at", () => {
  const drawn = fc.record({ zone: fc.constantFrom("a", "b", "c"), launchedAt: fc.nat(5), isCandidate: fc.boolean() });
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 40 }), fc.nat(45), (all, count) => {
      const members = all.map(
        ({ zone, launchedAt }, sequence) =>
          ({ id: `i-${sequence}`, availabilityZone: zone, launchedAt, sequence, state: "InService" }) as Member,
      );
      const group = { members: new Map(members.map((member) => [member.id, member])) } as unknown as Group;
      const candidates = members.filter((_, index) => all[index]?.isCandidate);
      const picked = pickBalanced(group, candidates, count, byAge);
      expect(picked).toEqual(oneByOne(members, candidates, count));
      expect(pickBalanced(group, [...candidates].reverse(), count, byAge)).toEqual(picked);
    }),
  );
});
