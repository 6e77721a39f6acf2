import * as autoscaling from "@pulumi/aws/autoscaling";
import * as pulumi from "@pulumi/pulumi";
import { installHookSupport, setHitlessMocks } from "../../src/testing/index.js";

class Site extends pulumi.ComponentResource {
  constructor(name: string) {
    super("test:index:Site", name, {});
    const group = new autoscaling.Group(
      name,
      { minSize: 1, maxSize: 2, vpcZoneIdentifiers: ["subnet-1"] },
      { parent: this, hooks: { beforeUpdate: [() => {}] } },
    );
    this.registerOutputs({ arn: group.arn });
  }
}

test("resources with hooks can be made, and are found", async () => {
  const mocks = await setHitlessMocks();
  new Site("one");
  await mocks.complete();
  expect(mocks.find("aws:autoscaling/group:Group").inputs).toMatchObject({ minSize: 1, maxSize: 2 });
  expect(mocks.find("aws:autoscaling/group:Group", "one")).toBe(mocks.find("aws:autoscaling/group:Group"));
});

test("a search that fails says what there is", async () => {
  const mocks = await setHitlessMocks();
  new Site("one");
  new Site("two");
  await mocks.complete();
  expect(() => mocks.find("aws:autoscaling/group:Group")).toThrow(/^2 resources are .* There are: test:index:Site one/);
  expect(() => mocks.find("aws:lb/listener:Listener")).toThrow(/^0 resources/);
});

test("support for hooks can be installed twice, and alone", () => {
  installHookSupport();
  installHookSupport();
});
