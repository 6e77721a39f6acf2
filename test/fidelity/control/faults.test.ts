import { once } from "node:events";
import { ApiFaults } from "../../../src/rehearsal/cloud/wire/apiFaults.js";
import { StaleReads } from "../../../src/rehearsal/cloud/wire/staleReads.js";
import { FakeClock } from "../../rehearsal/cloud/cloudwatch/fakeClock.js";
import { setUp } from "../../rehearsal/cloud/ec2/setUp.js";

describe("the API on demand", () => {
  const outcome = async (faults: ApiFaults, service: "ec2" | "elbv2" | "ssm"): Promise<string> => {
    try {
      await faults.before({ service, operation: "Describe" });
      return "ok";
    } catch (error) {
      const { code, status } = error as { code: string; status: number };
      return `${code} ${status}`;
    }
  };

  test("fails a share of calls with each service's 5xx, and is mended", async () => {
    const faults = new ApiFaults(async () => undefined);
    faults.set({ apiErrorShare: 0.5 });
    expect([await outcome(faults, "ec2"), await outcome(faults, "ec2")]).toEqual(["ok", "InternalError 500"]);
    faults.set({ apiErrorShare: 1 });
    expect(await outcome(faults, "elbv2")).toBe("InternalFailure 500");
    expect(await outcome(faults, "ssm")).toBe("InternalServerError 500");
    faults.set({});
    expect(await outcome(faults, "elbv2")).toBe("ok");
  });

  test("takes its time", async () => {
    const waits: number[] = [];
    const faults = new ApiFaults(async (seconds) => void waits.push(seconds));
    await outcome(faults, "ec2");
    faults.set({ apiLatencySeconds: 1.5 });
    await outcome(faults, "ec2");
    expect(waits).toEqual([1.5]);
  });
});

describe("eventual consistency", () => {
  const clock = new FakeClock();
  const ask = (reads: StaleReads, present: () => unknown, operation = "DescribeTags", input: object = {}) =>
    reads.answer({ service: "elbv2", operation, input }, present);

  test("a repeated question is answered as it was the delay ago, refusals too; others are answered as things are", async () => {
    const reads = new StaleReads(clock);
    reads.delaySeconds = 10;
    const gone = () => {
      throw new Error("not found");
    };
    await expect(ask(reads, gone)).rejects.toThrow("not found");
    clock.advance(1);
    await expect(ask(reads, () => "there")).rejects.toThrow("not found");
    expect(await ask(reads, () => "there", "DescribeTags", { other: 1 })).toBe("there");
    expect(await ask(reads, () => "made", "CreateRule")).toBe("made");
    clock.advance(10);
    expect(await ask(reads, () => "changed")).toBe("there");
    clock.advance(10);
    expect(await ask(reads, () => "changed again")).toBe("changed");
  });

  test("without a delay everything is answered as things are", async () => {
    const reads = new StaleReads(clock);
    expect(await ask(reads, () => 1)).toBe(1);
    expect(await ask(reads, () => 2)).toBe(2);
  });
});

describe("instances on demand", () => {
  const launch = async (world: ReturnType<typeof setUp>, more: object = {}): Promise<string> => {
    const input = { ImageId: await world.anImage(), MinCount: 1, MaxCount: 1, ...more };
    return (await world.call("RunInstances", input)).Instances[0].InstanceId;
  };

  test("a share of the launches fails to boot", async () => {
    const world = setUp();
    await world.ec2.setFaults({ bootFailureShare: 0.5 });
    const [good, bad] = [await launch(world), await launch(world)];
    await world.reached(good, "running");
    expect((await world.reached(bad, "terminated")).failure).toContain("a fault that was asked for");
  });

  test("boots are slow", async () => {
    const world = setUp();
    await world.ec2.setFaults({ bootDelaySeconds: 100 });
    const slow = await launch(world);
    await world.ec2.setFaults({});
    const usual = await launch(world);
    while (world.ec2.instance(usual)?.state !== "running") await once(world.ec2.events, "state");
    expect(world.ec2.instance(slow)?.state).toBe("pending");
    await world.reached(slow, "running");
  });

  test("a zone is lost with its instances, and launches go elsewhere until it is back", async () => {
    const world = setUp();
    const [a, b] = await world.subnets();
    const there = await launch(world, { SubnetId: a?.SubnetId });
    const elsewhere = await launch(world, { SubnetId: b?.SubnetId });
    await world.reached(there, "running");
    await world.reached(elsewhere, "running");
    await world.ec2.setFaults({ lostZones: [a?.AvailabilityZone ?? ""] });
    expect(world.ec2.instance(there)?.state).toBe("terminated");
    expect(world.ec2.instance(elsewhere)?.state).toBe("running");
    expect(world.ec2.subnet(a?.SubnetId ?? "")?.availableIpAddressCount).toBe(0);
    const image = await world.anImage();
    const again = { ImageId: image, MinCount: 1, MaxCount: 1, SubnetId: a?.SubnetId };
    expect(await world.refusal("RunInstances", again)).toMatchObject({ code: "InsufficientInstanceCapacity" });
    await world.ec2.setFaults({});
    await world.reached(await launch(world, { SubnetId: a?.SubnetId }), "running");
  });
});
