import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output";
import { connect } from "../../../src/gates/connect.js";
import { settled } from "../../../src/inputs/plain.js";
import { checkRollingFleet } from "../../../src/strategies/rollingFleet/checkRollingFleet.js";
import { entranceHooks } from "../../../src/strategies/rollingFleet/entranceHook.js";
import { fleetHooks } from "../../../src/strategies/rollingFleet/rolloutHook.js";
import { ARN, FakeFleet, GROUP_ARN } from "../../gates/fakeFleet.js";
import { goodArgs, run } from "./programs.js";

jest.mock("../../../src/gates/connect.js");
const connected = jest.mocked(connect);

const COMPONENT = "project/stack/web";
const SUBJECT = 'RollingFleet "web"';
const properties = (version: string) => ({
  name: "web-1",
  arn: GROUP_ARN,
  desiredCapacity: 6,
  targetGroupArns: [ARN],
  launchTemplate: { id: "lt-1", version },
});

/** What the SDK gives hooks for a value that the engine does not know yet. */
const UNKNOWN = unknown as unknown as string;

type Hooks = pulumi.ResourceHookBinding;
async function call(hooks: Hooks, kind: "beforeUpdate" | "afterCreate", args: Partial<pulumi.ResourceHookArgs>) {
  const [hook] = hooks[kind] ?? [];
  await (hook as pulumi.ResourceHook).callback({ urn: "urn", id: "web-1", name: "web", type: "t", ...args } as never);
}

/** The hooks of a fleet whose AWS is the given one. */
async function hooksOf(fleet: FakeFleet, preview = false): Promise<{ group: Hooks; entrance: Hooks }> {
  const provider = () => new aws.Provider("shop", { profile: "shop" });
  const { fleet: component } = await run(goodArgs(), { preview, opts: () => ({ provider: provider() }) });
  const plan = checkRollingFleet("web", goodArgs());
  connected.mockReset().mockReturnValue(fleet);
  const { front, platform } = plan;
  const reach = { front: front.link(component, COMPONENT, plan.entrance), platform: platform.link(component) };
  const wish = { subject: SUBJECT, component: COMPONENT, plan, numbers: settled(plan.rollout), reach };
  return { group: fleetHooks(component, wish), entrance: entranceHooks(component, SUBJECT, front, reach) };
}

describe("before an update of the group", () => {
  test("a new template version is rolled out, with the provider and the region of the group", async () => {
    process.env.HITLESS_SPEED = "1000";
    const fleet = new FakeFleet(0);
    const { group } = await hooksOf(fleet);
    delete process.env.HITLESS_SPEED;
    await call(group, "beforeUpdate", {
      oldInputs: properties("1"),
      oldOutputs: properties("1"),
      newInputs: properties("2"),
    });
    expect(connected).toHaveBeenCalledWith(SUBJECT, { profile: "shop" }, GROUP_ARN);
  });

  test("a refusal is what the engine shows", async () => {
    const fleet = new FakeFleet(6);
    fleet.suspended.push("Launch");
    const { group } = await hooksOf(fleet);
    const update = { oldInputs: properties("1"), oldOutputs: properties("1"), newInputs: properties("2") };
    await expect(call(group, "beforeUpdate", update)).rejects.toMatchObject({ codes: ["HIT305"] });
  });

  test("sizes and tags are the provider's business", async () => {
    const { group } = await hooksOf(new FakeFleet(6));
    const grown = { ...properties("1"), desiredCapacity: 9 };
    await call(group, "beforeUpdate", { oldInputs: properties("1"), oldOutputs: properties("1"), newInputs: grown });
    expect(connected).not.toHaveBeenCalled();
  });

  test("a template that somebody changed in AWS is rolled back to the program's", async () => {
    const fleet = new FakeFleet(6);
    fleet.suspended.push("Launch"); // it gets as far as looking at the group
    const { group } = await hooksOf(fleet);
    const update = { oldInputs: properties("1"), oldOutputs: properties("7"), newInputs: properties("1") };
    await expect(call(group, "beforeUpdate", update)).rejects.toMatchObject({ codes: ["HIT305"] });
  });
});

test("after the creation of the group it waits for the load balancer", async () => {
  const fleet = new FakeFleet(6);
  const { group } = await hooksOf(fleet);
  const looks = jest.spyOn(fleet, "targets");
  await call(group, "afterCreate", { newOutputs: properties("1") });
  expect(connected).toHaveBeenCalledWith(SUBJECT, expect.anything(), GROUP_ARN);
  expect(looks).toHaveBeenCalledWith(ARN);
});

test.each(["beforeUpdate", "afterCreate"] as const)(
  "%s: once the fleet serves, what an interrupted update has left behind is looked for",
  async (kind) => {
    process.env.HITLESS_SPEED = "1000";
    const fleet = new FakeFleet(kind === "afterCreate" ? 6 : 0);
    const { group } = await hooksOf(fleet);
    delete process.env.HITLESS_SPEED;
    const looks = jest.spyOn(fleet, "fleetsOf");
    const old = { oldInputs: properties("1"), oldOutputs: properties("1"), newInputs: properties("2") };
    await call(group, kind, kind === "afterCreate" ? { newOutputs: properties("1") } : old);
    expect(looks).toHaveBeenCalledWith(COMPONENT);
  },
);

describe("before an update of the entrance", () => {
  const to = (arn: string) => ({ arn: ARN, defaultActions: [{ forward: { targetGroups: [{ arn, weight: 100 }] } }] });

  test("users are not sent to a group without a healthy server", async () => {
    const { entrance } = await hooksOf(new FakeFleet(0));
    const update = { oldInputs: to("old"), oldOutputs: to("old"), newInputs: to("new") };
    await expect(call(entrance, "beforeUpdate", update)).rejects.toMatchObject({ codes: ["HIT321"] });
  });

  test("but to one that has some", async () => {
    const { entrance } = await hooksOf(new FakeFleet(1));
    await call(entrance, "beforeUpdate", { oldInputs: to("old"), oldOutputs: to("old"), newInputs: to("new") });
  });

  test("a preview tells so where the ARN of a target group that is replaced is not known yet, and asks AWS nothing", async () => {
    const { entrance } = await hooksOf(new FakeFleet(1), true);
    const update = { oldInputs: to("old"), oldOutputs: to("old"), newInputs: to(UNKNOWN) };
    await expect(call(entrance, "beforeUpdate", update)).rejects.toMatchObject({ codes: ["HIT321"] });
    await call(entrance, "beforeUpdate", { ...update, newInputs: to("old") });
    await call(entrance, "beforeUpdate", { ...update, oldInputs: {} });
    expect(connected).not.toHaveBeenCalled();
  });

  test("only the hook of the entrance runs in previews", async () => {
    const { group, entrance } = await hooksOf(new FakeFleet(0));
    const onDryRun = (hooks: Hooks) =>
      [...(hooks.beforeUpdate ?? []), ...(hooks.afterCreate ?? [])].map((hook) => (hook as pulumi.ResourceHook).opts);
    expect(onDryRun(entrance)).toEqual([{ onDryRun: true }]);
    expect(onDryRun(group)).toEqual([undefined, undefined]);
  });

  test("the same group needs no look", async () => {
    const { entrance } = await hooksOf(new FakeFleet(0));
    await call(entrance, "beforeUpdate", { oldInputs: to("old"), oldOutputs: to("old"), newInputs: to("old") });
    expect(connected).not.toHaveBeenCalled();
  });
});
