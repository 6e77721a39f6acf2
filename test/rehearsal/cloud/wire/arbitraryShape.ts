import type { NormalizedSchema } from "@smithy/core/schema";
import fc from "fast-check";
import { kindOf, membersOf, requiredMembers } from "../../../../src/rehearsal/cloud/wire/schemas.js";

export interface ShapeRules {
  readonly text: fc.Arbitrary<string>;
  /** Forms cannot say "an empty structure", and EC2's cannot say "an empty list". */
  readonly empties: boolean;
}

/** Any value of a schema, as the SDK's TypeScript types describe it. */
export function arbitraryShape(schema: NormalizedSchema, rules: ShapeRules, depth = 3): fc.Arbitrary<unknown> {
  const min = rules.empties ? 0 : 1;
  switch (kindOf(schema)) {
    case "unit":
      return fc.constant({});
    case "struct":
      return arbitraryStruct(schema, rules, depth);
    case "list":
      return fc.array(arbitraryShape(schema.getValueSchema(), rules, depth - 1), { minLength: min, maxLength: 3 });
    case "map":
      return fc.dictionary(rules.text, arbitraryShape(schema.getValueSchema(), rules, depth - 1), {
        minKeys: min,
        maxKeys: 3,
        noNullPrototype: true,
      });
    case "string":
      return rules.text;
    case "boolean":
      return fc.boolean();
    case "number":
      return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })).map((n) => (n === 0 ? 0 : n));
    case "timestamp":
      return fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    case "blob":
      return fc.uint8Array({ maxLength: 20 }).map((bytes) => new Uint8Array(bytes));
  }
}

function arbitraryStruct(schema: NormalizedSchema, rules: ShapeRules, depth: number): fc.Arbitrary<unknown> {
  const members = membersOf(schema).filter(([, member]) => rules.empties || hasMembers(member));
  const required = requiredMembers(schema);
  if (schema.isUnionSchema()) {
    const usable =
      depth > 0
        ? members
        : members
            .filter(([, member]) => isLeaf(member))
            .concat(members)
            .slice(0, 1);
    return fc.oneof(
      ...usable.map(([name, member]) => arbitraryShape(member, rules, depth - 1).map((value) => ({ [name]: value }))),
    );
  }
  const leaf = members.find(([, member]) => isLeaf(member)) ?? members[0];
  const always = (name: string, member: NormalizedSchema): boolean =>
    required.includes(name) || member.isIdempotencyToken() || (!rules.empties && name === leaf?.[0]);
  const chosen = members.filter(([name, member]) => always(name, member) || depth > 0 || isLeaf(member));
  if (chosen.length === 0) return fc.constant({});
  // A handful of the optional members at a time: some EC2 shapes have over a hundred.
  const optional = chosen.filter(([name, member]) => !always(name, member)).map(([name]) => name);
  return fc
    .subarray(optional, { maxLength: Math.min(4, optional.length) })
    .chain((names) =>
      fc.record(
        Object.fromEntries(
          chosen
            .filter(([name, member]) => always(name, member) || names.includes(name))
            .map(([name, member]) => [name, arbitraryShape(member, rules, depth - 1)]),
        ),
        { noNullPrototype: true },
      ),
    );
}

/** A structure without members (a choice that needs no more words, such as a sliding window) leaves no trace in a form. */
function hasMembers(schema: NormalizedSchema): boolean {
  if (kindOf(schema) !== "struct") return true;
  const members = membersOf(schema);
  return schema.isUnionSchema() ? members.some(([, member]) => hasMembers(member)) : members.length > 0;
}

function isLeaf(schema: NormalizedSchema): boolean {
  return !["struct", "list", "map"].includes(kindOf(schema));
}
