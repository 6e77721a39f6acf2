import type { PolicyResource } from "@pulumi/policy";
import { stackResources } from "../../src/policy/stackResources.js";

const group = (name: string): PolicyResource =>
  ({
    type: "aws:lb/targetGroup:TargetGroup",
    name,
    urn: `urn:pulumi:test::shop::aws:lb/targetGroup:TargetGroup::${name}`,
    props: {},
    opts: { ignoreChanges: [] },
    propertyDependencies: {},
  }) as unknown as PolicyResource;

test("rules read resources by name, in whatever order the engine was done with them", () => {
  const names = (all: readonly string[]) => stackResources(all.map(group)).map(({ name }) => name);
  expect(names(["green", "blue", "amber"])).toEqual(["amber", "blue", "green"]);
  expect(names(["amber", "green", "blue"])).toEqual(["amber", "blue", "green"]);
});

test("and what a resource refers to by URN, in whatever order the engine tells it", () => {
  const referring = (names: readonly string[]): PolicyResource => ({
    ...group("shop"),
    propertyDependencies: { defaultActions: names.map(group) },
  });
  const urns = (names: readonly string[]) => stackResources([referring(names)])[0]?.references.defaultActions;
  expect(urns(["green", "blue"])).toEqual(urns(["blue", "green"]));
  expect(urns(["green", "blue"])?.map((urn) => urn.slice(urn.lastIndexOf("::") + 2))).toEqual(["blue", "green"]);
});
