import { once } from "node:events";
import pino from "pino";
import { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import { Ec2, type Ec2Options } from "../../../../src/rehearsal/cloud/ec2/ec2.js";
import type { InstanceStateName, InstanceView } from "../../../../src/rehearsal/cloud/ports.js";
import { FakeRuntime } from "./fakeRuntime.js";

const context = { requestId: "r", region: "us-east-1", accountId: "123456789012" };

const open: Ec2[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((ec2) => ec2.close()));
});

/** An Ec2 on a fake runtime, and short ways to call it. */
export function setUp(options: Partial<Ec2Options> = {}) {
  const runtime = new FakeRuntime();
  const clock = new Clock(100);
  const log = pino({ level: "silent" });
  const ec2 = new Ec2({ clock, runtime, log, region: "us-east-1", accountId: "123456789012", ...options });
  open.push(ec2);
  const call = async (operation: string, input: object = {}): Promise<any> => {
    const run = ec2.service.operations[operation];
    if (!run) throw new Error(`no operation ${operation}`);
    return run(input, context);
  };
  const refusal = async (operation: string, input: object = {}): Promise<{ code: string; message: string }> => {
    try {
      await call(operation, input);
    } catch (error) {
      return error as { code: string; message: string };
    }
    throw new Error(`${operation} was not refused`);
  };
  /** Resolves when the instance gets to the state (or is there). */
  const reached = async (instanceId: string, state: InstanceStateName): Promise<InstanceView> => {
    for (;;) {
      const view = ec2.instance(instanceId);
      if (view?.state === state) return view;
      await once(ec2.events, "state");
    }
  };
  const anImage = async (): Promise<string> =>
    (await call("DescribeImages", { Filters: [{ Name: "name", Values: ["al2023-ami-2023.*-x86_64"] }] })).Images[0]
      .ImageId;
  const aTemplate = async (data: object = {}): Promise<string> => {
    const answer = await call("CreateLaunchTemplate", {
      LaunchTemplateName: `web-${Math.random().toString(36).slice(2)}`,
      LaunchTemplateData: { ImageId: await anImage(), InstanceType: "t3.micro", ...data },
    });
    return answer.LaunchTemplate.LaunchTemplateId;
  };
  const subnets = async (): Promise<{ SubnetId: string; VpcId: string; AvailabilityZone: string }[]> =>
    (await call("DescribeSubnets")).Subnets;
  return { ec2, runtime, clock, call, refusal, reached, anImage, aTemplate, subnets };
}
