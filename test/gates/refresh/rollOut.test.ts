import { HitlessError } from "../../../src/errors/index.js";
import { rollOut } from "../../../src/gates/refresh/rollOut.js";
import { contextFor, FakeFleet, GROUP_ARN } from "../fakeFleet.js";

/** A fleet on v1 with template version 2 (release v2) ready. */
function fleetOf(size: number, behaviour?: Parameters<FakeFleet["addTemplate"]>[3]): FakeFleet {
  const fleet = new FakeFleet(size);
  fleet.addTemplate("2", "v2", {}, behaviour);
  fleet.groupTags = { "hitless:version": "v1" };
  return fleet;
}

async function refused(promise: Promise<void>): Promise<HitlessError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof HitlessError)) throw new Error(`expected a HitlessError, got ${String(error)}`);
  return error;
}

describe("a rollout that goes well", () => {
  test("replaces every server and says how it goes", async () => {
    const fleet = fleetOf(6);
    const { context, said } = contextFor(fleet, { warmupSeconds: 7, bakeSeconds: 9, alarmNames: ["errors"] });
    await rollOut(context);
    expect(fleet.versions()).toEqual(["2", "2", "2", "2", "2", "2"]);
    expect(fleet.orders).toEqual([
      {
        group: "web-1",
        template: { id: "lt-1", version: "2" },
        minHealthyPercentage: 100,
        maxHealthyPercentage: 134,
        warmupSeconds: 7,
        bakeSeconds: 9,
        alarmNames: ["errors"],
        autoRollback: true,
      },
    ]);
    expect(said.some((message) => /^v1 → v2: \d of 6 servers replaced/.test(message))).toBe(true);
    expect(said.at(-1)).toBe("v2 runs on every server");
  });

  test("reckons with the size that the group has now, not with the program's", async () => {
    const fleet = fleetOf(10);
    await rollOut(contextFor(fleet, { batch: { batchPercentage: 50, surge: true } }).context);
    expect(fleet.orders[0]).toMatchObject({ minHealthyPercentage: 100, maxHealthyPercentage: 150 });
  });

  test("cuts a batch down that has become too large for the fleet", async () => {
    const fleet = fleetOf(2);
    await rollOut(contextFor(fleet, { batch: { batchSize: 4, surge: false } }).context);
    expect(fleet.orders[0]).toMatchObject({ minHealthyPercentage: 50, maxHealthyPercentage: 100 });
  });

  test("replaces a fleet without users all at once, also by a release that could not share its data", async () => {
    const fleet = fleetOf(6);
    fleet.groupTags = { "hitless:version": "v1", "hitless:data-writes": "1", "hitless:data-reads": "1" };
    const release = { version: "v2", data: { writes: 9, reads: [9] } };
    const { context } = contextFor(fleet, { batch: { surge: false, whole: true }, release });
    await rollOut(context);
    expect(fleet.orders[0]).toMatchObject({ minHealthyPercentage: 0, maxHealthyPercentage: 100, autoRollback: true });
    expect(fleet.versions()).toEqual(Array(6).fill("2"));
  });

  test("does nothing when every server already runs the release", async () => {
    const fleet = new FakeFleet(3, "2");
    const { context, said } = contextFor(fleet);
    await rollOut(context);
    expect(fleet.calls).toEqual([]);
    expect(said).toEqual(["every server already runs v2"]);
  });

  test("does nothing in an empty fleet", async () => {
    const fleet = fleetOf(0);
    await rollOut(contextFor(fleet).context);
    expect(fleet.calls).toEqual([]);
  });
});

describe("a rollout that is refused", () => {
  test.each([
    [
      "never healthy",
      "HIT311",
      /nothing moved for 120 s, 0 of 6 servers had been replaced/,
      /is unhealthy \(Target\.Resp/,
    ],
    [
      "turns unhealthy",
      "HIT310",
      /1 of its servers failed \(0 tolerated\)/,
      /became unhealthy after it had been healthy/,
    ],
    ["taken out", "HIT310", /1 of its servers failed/, /taken out of service as unhealthy without ever having been/],
    ["does not launch", "HIT310", /1 of its servers failed/, /a launch failed: AMI not found/],
  ] as const)("%s: rolled back, with AWS's reason", async (behaviour, code, problem, why) => {
    const fleet = fleetOf(6, behaviour);
    const error = await refused(rollOut(contextFor(fleet).context));
    expect(error.codes).toEqual([code]);
    expect(error.faults[0]?.problem).toMatch(problem);
    expect(error.faults[0]?.problem).toMatch(/the fleet is back on the release it had/);
    expect(error.faults[0]?.why).toMatch(why);
    expect(fleet.calls).toEqual(["start 2", "roll back"]);
    expect(fleet.versions()).toEqual(Array(6).fill("1"));
  });

  test("shows the console of a server that failed", async () => {
    const error = await refused(rollOut(contextFor(fleetOf(6, "taken out")).context));
    expect(error.message).toMatch(/console of i-[0-9a-f]+:\n +\| Error: cannot find module app/);
  });

  test("tolerates as many failures as it was told", async () => {
    const fleet = fleetOf(6, "turns unhealthy");
    const error = await refused(rollOut(contextFor(fleet, { toleratedFailures: 2 }).context));
    expect(error.faults[0]?.problem).toMatch(/3 of its servers failed \(2 tolerated\)|nothing moved/);
  });

  test("a rollback that fails says that both releases may serve", async () => {
    const fleet = fleetOf(6, "taken out");
    fleet.rollbackEnds = "RollbackFailed";
    const error = await refused(rollOut(contextFor(fleet).context));
    expect(error.faults[0]?.problem).toMatch(/AWS did not bring the fleet back \(RollbackFailed\)/);
  });

  test("a rollback that takes too long keeps the reasons", async () => {
    const fleet = fleetOf(6, "taken out");
    fleet.rollbackEnds = "RollbackInProgress";
    const error = await refused(rollOut(contextFor(fleet).context));
    expect(error.codes).toEqual(["HIT310"]);
    expect(error.faults[0]?.problem).toMatch(/AWS is still rolling back after 360 s/);
    expect(error.faults[0]?.why).toMatch(/taken out of service/);
  });

  test("what AWS cannot roll back is stopped", async () => {
    const fleet = fleetOf(6, "taken out");
    fleet.rollBackAnswer = "irreversible";
    const error = await refused(rollOut(contextFor(fleet).context));
    expect(fleet.calls).toEqual(["start 2", "roll back", "cancel"]);
    expect(error.faults[0]?.problem).toMatch(/both releases serve/);
  });

  test("AWS ends it by itself, such as for an alarm", async () => {
    const fleet = fleetOf(6, "never healthy");
    const { context } = contextFor(fleet);
    let looks = 0;
    fleet.onRefreshes = () => {
      looks += 1;
      const refresh = fleet.running[0];
      if (looks === 6 && refresh) {
        refresh.status = "RollbackInProgress";
        refresh.reason = "Alarm errors is in ALARM state";
      }
    };
    const error = await refused(rollOut(context));
    expect(error.codes).toEqual(["HIT312"]);
    expect(error.faults[0]?.why).toMatch(/Alarm errors is in ALARM state\ni-7 is unhealthy/);
    expect(error.faults[0]?.problem).toMatch(/back on the release it had/);
    expect(fleet.calls).toEqual(["start 2"]);
  });

  test("it takes longer than it may in all", async () => {
    const fleet = fleetOf(6, "never healthy");
    const error = await refused(rollOut(contextFor(fleet, { timeoutSeconds: 30 }).context));
    expect(error.codes).toEqual(["HIT313"]);
    expect(fleet.calls).toEqual(["start 2", "roll back"]);
  });

  test("servers that fail when the last has just been replaced: brought back by a refresh of our own", async () => {
    const fleet = fleetOf(6);
    const { context } = contextFor(fleet);
    fleet.onRefreshes = () => {
      if (fleet.running[0]?.status === "Successful" && fleet.groupVersion === "2")
        fleet.behaviour.set("2", "turns unhealthy");
    };
    const error = await refused(rollOut(context));
    expect(error.codes).toEqual(["HIT314"]);
    expect(error.faults[0]?.problem).toMatch(/the fleet is back on the release it had/);
    expect(fleet.calls).toEqual(["start 2", "start 1"]);
    expect(fleet.versions()).toEqual(Array(6).fill("1"));
  });

  test("AWS does not list at once what has just been started: it is waited for, and not for ever", async () => {
    for (const hiddenLooks of [3, Number.POSITIVE_INFINITY]) {
      const fleet = fleetOf(6);
      const { context, said } = contextFor(fleet);
      let hidden: typeof fleet.running | undefined;
      let looks = 0;
      fleet.onRefreshes = () => {
        if (!fleet.calls.includes("start 2")) return;
        looks += 1;
        if (looks === 1) hidden = fleet.running;
        fleet.running = looks <= hiddenLooks ? [] : (hidden ?? fleet.running);
        if (looks > hiddenLooks) hidden = undefined;
      };
      if (hiddenLooks === 3) {
        await rollOut(context);
        expect(fleet.versions()).toEqual(Array(6).fill("2"));
        expect(said.some((message) => /does not show instance refresh \S+ yet/.test(message))).toBe(true);
      } else {
        expect((await refused(rollOut(context))).codes).toEqual(["HIT312"]);
      }
    }
  });

  test("the refresh is gone", async () => {
    const fleet = fleetOf(6);
    const { context } = contextFor(fleet);
    let looks = 0;
    fleet.onRefreshes = () => {
      looks += 1;
      if (looks === 5) fleet.running = [];
    };
    expect((await refused(rollOut(context))).codes).toEqual(["HIT312"]);
  });
});

describe("what an earlier update left behind", () => {
  test("a rollout to the same release is joined, not started again", async () => {
    const fleet = fleetOf(6);
    fleet.addRefresh("2");
    const { context, said } = contextFor(fleet);
    await rollOut(context);
    expect(fleet.calls).toEqual([]);
    expect(fleet.versions()).toEqual(Array(6).fill("2"));
    expect(said[0]).toMatch(/^joining the rollout to v2/);
  });

  test("joined by content: an update that died before Pulumi saved the template makes an equal version", async () => {
    const fleet = fleetOf(6);
    fleet.addTemplate("3", "v2");
    fleet.addRefresh("2");
    await rollOut(contextFor(fleet, { wanted: { id: "lt-1", version: "3" } }).context);
    expect(fleet.calls).toEqual([]);
  });

  test("one that is being rolled back is awaited first", async () => {
    const fleet = fleetOf(6);
    fleet.addRefresh("2", "RollbackInProgress");
    await rollOut(contextFor(fleet).context);
    expect(fleet.calls).toEqual(["start 2"]);
    expect(fleet.versions()).toEqual(Array(6).fill("2"));
  });

  test("going back after a refused release replaces nothing", async () => {
    const fleet = fleetOf(6);
    fleet.addTemplate("3", "v1"); // the program is back on v1: a new version, with the old content
    const { context, said } = contextFor(fleet, { wanted: { id: "lt-1", version: "3" }, release: { version: "v1" } });
    await rollOut(context);
    expect(fleet.calls).toEqual([]);
    expect(said).toEqual(["every server already runs v1"]);
  });

  test("going back while the other release is rolling out is a rollback", async () => {
    const fleet = fleetOf(6);
    fleet.addRefresh("2");
    fleet.advance(3);
    fleet.addTemplate("3", "v1");
    await rollOut(contextFor(fleet, { wanted: { id: "lt-1", version: "3" }, release: { version: "v1" } }).context);
    expect(fleet.calls).toEqual(["roll back"]);
    expect(fleet.versions()).toEqual(Array(6).fill("1"));
  });

  test("a group that was renumbered gets its servers' number back, so that a rollback leaves them alone", async () => {
    const fleet = fleetOf(6, "taken out");
    fleet.addTemplate("4", "v1");
    fleet.groupVersion = "4"; // v1 again after a refused release; its servers still have version 1
    await refused(rollOut(contextFor(fleet).context));
    expect(fleet.calls).toEqual(["set 1", "start 2", "roll back"]);
    expect(fleet.versions()).toEqual(Array(6).fill("1"));
  });

  test("a mixed fleet is brought back by replacing only what differs", async () => {
    const fleet = fleetOf(3);
    Object.assign(fleet.servers[0] as object, { version: "2" });
    fleet.addTemplate("3", "v1");
    await rollOut(contextFor(fleet, { wanted: { id: "lt-1", version: "3" }, release: { version: "v1" } }).context);
    // The version that servers run already, so that AWS skips them; and no rollback to what it is now.
    expect(fleet.orders[0]).toMatchObject({ template: { version: "1" }, autoRollback: false });
  });
});

describe("another release is rolling out", () => {
  function busy(): FakeFleet {
    const fleet = fleetOf(6);
    fleet.addTemplate("3", "v3");
    fleet.addRefresh("2");
    return fleet;
  }
  const wanted = { wanted: { id: "lt-1", version: "3" }, release: { version: "v3" } };

  test("supersede: it is stopped and the new one started", async () => {
    const fleet = busy();
    await rollOut(contextFor(fleet, wanted).context);
    expect(fleet.calls).toEqual(["cancel", "start 3"]);
    expect(fleet.versions()).toEqual(Array(6).fill("3"));
  });

  test("queue: it ends first", async () => {
    const fleet = busy();
    await rollOut(contextFor(fleet, { ...wanted, whenBusy: "queue" }).context);
    expect(fleet.calls).toEqual(["start 3"]);
    expect(fleet.running.map((refresh) => refresh.status)).toEqual(["Successful", "Successful"]);
  });

  test("queue: not for ever", async () => {
    const fleet = busy();
    fleet.behaviour.set("2", "never healthy");
    const error = await refused(
      rollOut(contextFor(fleet, { ...wanted, whenBusy: "queue", timeoutSeconds: 60 }).context),
    );
    expect(error.codes).toEqual(["HIT304"]);
  });

  test("fail: it is left alone", async () => {
    const fleet = busy();
    const error = await refused(rollOut(contextFor(fleet, { ...wanted, whenBusy: "fail" }).context));
    expect(error.codes).toEqual(["HIT303"]);
    expect(fleet.calls).toEqual([]);
  });

  test("one that begins between the look and the start is dealt with too", async () => {
    const fleet = fleetOf(6);
    fleet.startAnswers = ["busy", "busy"];
    await rollOut(contextFor(fleet).context);
    expect(fleet.calls).toEqual(["start 2"]);
  });

  test("but not without end", async () => {
    const fleet = fleetOf(6);
    fleet.startAnswers = Array(5).fill("busy");
    expect((await refused(rollOut(contextFor(fleet).context))).codes).toEqual(["HIT303"]);
  });
});

describe("refused before anything is touched", () => {
  test("the group is gone", async () => {
    const fleet = fleetOf(6);
    fleet.group = async () => undefined as never;
    expect((await refused(rollOut(contextFor(fleet).context))).codes).toEqual(["HIT301"]);
  });

  test.each([GROUP_ARN.replace("123456789012", "999999999999"), GROUP_ARN.replace("us-east-1", "eu-west-1")])(
    "the gate sees another group than the state: %s",
    async (groupArn) => {
      const error = await refused(rollOut(contextFor(fleetOf(6), { groupArn }).context));
      expect(error.codes).toEqual(["HIT302"]);
    },
  );

  test.each(["Launch", "Terminate", "AddToLoadBalancer"])("%s is suspended", async (process) => {
    const fleet = fleetOf(6);
    fleet.suspended.push(process, "AZRebalance");
    const error = await refused(rollOut(contextFor(fleet).context));
    expect(error.codes).toEqual(["HIT305"]);
    expect(error.faults[0]?.fix).toContain(`--scaling-processes ${process}`);
    expect(fleet.calls).toEqual([]);
  });

  test("one server now, and no surge", async () => {
    const error = await refused(rollOut(contextFor(fleetOf(1), { batch: { batchSize: 1, surge: false } }).context));
    expect(error.codes).toEqual(["HIT114"]);
  });

  test("the running release cannot read what the new one writes", async () => {
    const fleet = fleetOf(6);
    fleet.addTemplate("1", "v1", { "hitless:data-writes": "6", "hitless:data-reads": "6" });
    const release = { version: "v2", data: { writes: 7, reads: [6, 7] } };
    const error = await refused(rollOut(contextFor(fleet, { release }).context));
    expect(error.codes).toEqual(["HIT201"]);
    expect(error.faults[0]?.problem).toContain("v2 writes 7, but v1 reads only 6");
    expect(fleet.calls).toEqual([]);
  });

  test("a release that is only on some servers counts as well", async () => {
    const fleet = fleetOf(6);
    fleet.addTemplate("3", "v3");
    fleet.addTemplate("2", "v2", { "hitless:data-writes": "7", "hitless:data-reads": "7" });
    fleet.addRefresh("2");
    const request = {
      wanted: { id: "lt-1", version: "3" },
      release: { version: "v3", data: { writes: 8, reads: [8] } },
    };
    const error = await refused(rollOut(contextFor(fleet, request).context));
    expect(error.codes).toEqual(["HIT201"]);
    expect(fleet.calls).toEqual([]);
  });

  test("contracts that fit pass", async () => {
    const fleet = fleetOf(6);
    fleet.addTemplate("1", "v1", { "hitless:data-writes": "6", "hitless:data-reads": "6 7" });
    await rollOut(contextFor(fleet, { release: { version: "v2", data: { writes: 7, reads: [6, 7] } } }).context);
    expect(fleet.versions()).toEqual(Array(6).fill("2"));
  });
});

test("stops acting when the engine is gone, and rolls nothing back", async () => {
  const fleet = fleetOf(6, "taken out");
  const { context } = contextFor(fleet);
  let asked = 0;
  const assertWatched = async (): Promise<void> => {
    asked += 1;
    if (asked > 2) throw new Error("gone");
  };
  await expect(rollOut({ ...context, assertWatched })).rejects.toThrow("gone");
  expect(fleet.calls).toEqual(["start 2"]);
});
