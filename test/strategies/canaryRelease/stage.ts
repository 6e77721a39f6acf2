import * as pulumi from "@pulumi/pulumi";
import type { ForwardAction } from "../../../src/gates/balancerCloud.js";
import { connect } from "../../../src/gates/connect.js";
import { paceFromEnvironment } from "../../../src/gates/pace.js";
import type { CanaryRelease, CanaryReleaseArgs } from "../../../src/index.js";
import { settled } from "../../../src/inputs/plain.js";
import { canaryAudienceHooks } from "../../../src/strategies/canaryRelease/audienceHooks.js";
import { checkCanaryRelease } from "../../../src/strategies/canaryRelease/checkCanaryRelease.js";
import { canaryEntranceHooks } from "../../../src/strategies/canaryRelease/entranceHooks.js";
import { canaryGroupHooks } from "../../../src/strategies/canaryRelease/groupHooks.js";
import { type CanaryWish, Turns } from "../../../src/strategies/canaryRelease/shift.js";
import type { VersionPlan } from "../../../src/strategies/canaryRelease/versions.js";
import { linksOf } from "../../../src/strategies/shared/parts.js";
import { COMPONENT, FakeEntrance, LISTENER, tg } from "../../gates/shift/fakeEntrance.js";
import { canaryArgs, runCanary, type Versions } from "./programs.js";

/*
 * Programs on an AWS in virtual time. A test that uses this mocks `gates/connect.js`, and `paceFromEnvironment` of `gates/pace.js`.
 */

// Without an engine to tell it to, Pulumi writes to the console.
for (const severity of ["info", "warn"] as const) jest.spyOn(pulumi.log, severity).mockResolvedValue();

const SUBJECT = 'CanaryRelease "web"';

/** An entrance whose tags tell the roles before the update. */
export class Cloud extends FakeEntrance {
  tags: Record<string, string> = {};

  override async entranceTags(): Promise<Readonly<Record<string, string>>> {
    return this.tags;
  }
}

/** Fleets by version with their servers, and the shares of those that the entrance has. */
export function cloudWith(
  servers: Record<string, number>,
  shares: Record<string, number>,
  tags: Record<string, string>,
) {
  const cloud = new Cloud();
  for (const [version, size] of Object.entries(servers)) cloud.addFleet(version, size);
  cloud.begin(shares);
  cloud.tags = Object.fromEntries(Object.entries(tags).map(([role, version]) => [`hitless:${role}`, version]));
  return cloud;
}

export interface Program {
  readonly versions: readonly VersionPlan[];
  readonly entrance: pulumi.ResourceHookBinding;
  group(version: string): pulumi.ResourceHookBinding;
  audience(version: string): pulumi.ResourceHookBinding;
}

/** Whom the hooks belong to; they only need somebody. */
let component: CanaryRelease | undefined;

/** The hooks of a program whose AWS is the given one, in its virtual time. */
export async function hooksOf(
  cloud: Cloud,
  versions: Versions,
  more: Partial<CanaryReleaseArgs> = {},
): Promise<Program> {
  component ??= (await runCanary(canaryArgs({ stable: "v1" }))).release;
  const owner = component;
  jest.mocked(connect).mockReset().mockReturnValue(cloud);
  jest.mocked(paceFromEnvironment).mockReturnValue({
    now: () => cloud.now,
    sleep: async (seconds) => cloud.advance(Math.max(seconds, 0.001)),
    secondsSince: (moment: Date) => cloud.now - moment.getTime() / 1000,
  });
  const plan = checkCanaryRelease("web", canaryArgs(versions, more));
  const wish: CanaryWish = {
    subject: SUBJECT,
    component: COMPONENT,
    plan,
    numbers: settled(plan.numbers),
    reach: linksOf(owner, plan, COMPONENT),
    targetGroupArns: Promise.resolve(plan.versions.map(({ release: { version } }) => tg(version))),
    place: Promise.resolve({ id: "the load balancer" }),
    turns: new Turns(),
  };
  const planOf = (version: string) => {
    const found = plan.versions.find(({ release }) => release.version === version);
    if (!found) throw new Error(`no version ${version}`);
    return found;
  };
  return {
    versions: plan.versions,
    entrance: canaryEntranceHooks(owner, wish),
    group: (version) => canaryGroupHooks(owner, wish, planOf(version)),
    audience: (version) => canaryAudienceHooks(owner, wish, planOf(version)),
  };
}

type Kind = "beforeCreate" | "afterCreate" | "beforeUpdate" | "afterUpdate";
export async function call(hooks: pulumi.ResourceHookBinding, kind: Kind, args: Partial<pulumi.ResourceHookArgs> = {}) {
  const [hook] = hooks[kind] ?? [];
  await (hook as pulumi.ResourceHook).callback({ urn: "urn", id: "id", name: "web", type: "t", ...args } as never);
}

/** An update of the entrance: Pulumi's state has what AWS has, unless told otherwise. */
export function moveEntrance({ entrance }: Program, cloud: Cloud, state: ForwardAction = cloud.action): Promise<void> {
  const targetGroups = state.targets.map(({ targetGroupArn: arn, weight }) => ({ arn, weight }));
  const inputs = { tags: cloud.tags, defaultActions: [{ forward: { targetGroups } }] };
  return call(entrance, "beforeUpdate", { oldInputs: inputs, oldOutputs: { ...inputs, arn: LISTENER } });
}

/** An update of a version's group that changes its size. */
export function resize(program: Program, version: string, from: number, to: number): Promise<void> {
  const group = { arn: "arn:aws:autoscaling:us-east-1:1:g", name: version, targetGroupArns: [tg(version)] };
  const launchTemplate = { id: "lt-1", version: "1" };
  const before = { ...group, launchTemplate, desiredCapacity: from };
  return call(program.group(version), "beforeUpdate", {
    oldInputs: before,
    oldOutputs: before,
    newInputs: { ...before, desiredCapacity: to },
  });
}
