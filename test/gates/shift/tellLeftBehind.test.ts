import { lookForLeftBehind } from "../../../src/gates/shift/tellLeftBehind.js";
import { FakeEntrance, tg } from "./fakeEntrance.js";
import { shiftOf } from "./shifting.js";

test("a component whose weights nothing shifts hears of a second fleet of its target, and of one without", async () => {
  const cloud = new FakeEntrance();
  cloud.addFleet("web", 2);
  cloud.addFleet("web-2", 1, { arn: tg("web") });
  cloud.addFleet("lost", 1);
  const { context, said } = shiftOf(cloud, {});
  await lookForLeftBehind(context.request, context, new Set([tg("web")]));
  expect(said).toEqual([
    expect.stringMatching(/web and web-2 are .*s of one target .* delete-auto-scaling-group/),
    expect.stringMatching(/^lost \(lost\) belongs to/),
  ]);
});

test("who may not look is told so, and nothing fails", async () => {
  const cloud = new FakeEntrance();
  cloud.fleetsOf = async () => {
    throw new Error("AccessDenied: autoscaling:DescribeAutoScalingGroups");
  };
  const { context, said } = shiftOf(cloud, {});
  await lookForLeftBehind(context.request, context, new Set());
  expect(said).toEqual([expect.stringMatching(/could not look for .*AccessDenied: autoscaling/)]);
});
