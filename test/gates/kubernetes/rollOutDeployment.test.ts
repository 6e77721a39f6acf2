import { refusal } from "../../../src/errors/faults.js";
import { HitlessError } from "../../../src/errors/index.js";
import { differenceOf } from "../../../src/gates/kubernetes/rollout/difference.js";
import { rollOutDeployment } from "../../../src/gates/kubernetes/rollout/rollOutDeployment.js";
import { FakeCluster } from "./fakeCluster.js";

async function refusalOf(run: Promise<void>): Promise<HitlessError> {
  const error = await run.then(
    () => undefined,
    (failure) => failure,
  );
  expect(error).toBeInstanceOf(HitlessError);
  return error as HitlessError;
}

const all = (version: string, count: number): string[] => Array.from({ length: count }, () => version);

describe("a rollout", () => {
  test.each([
    ["a batch at a time, with surge", { surge: true, batchSize: 2 }, { maxSurge: 2, maxUnavailable: 0 }, 6],
    ["without an extra pod", { surge: false, batchSize: 2 }, { maxSurge: 0, maxUnavailable: 2 }, 4],
    ["all at once", { surge: true, whole: true }, { maxSurge: 0, maxUnavailable: 6 }, 0],
  ])("%s", async (_name, batch, rollingUpdate, fewest) => {
    const cluster = new FakeCluster("v1", 6);
    let lowest = 6;
    cluster.onLook = () => {
      lowest = Math.min(lowest, cluster.pods.filter((pod) => pod.looks >= 2).length);
    };
    await rollOutDeployment(cluster.context({ version: "v2", batch }));
    expect(cluster.versions).toEqual(all("v2", 6));
    expect(cluster.applied).toEqual([{ version: "v2", manager: "pulumi-kubernetes-1", rollingUpdate, replicas: 6 }]);
    expect(lowest).toBeGreaterThanOrEqual(fewest);
    expect(cluster.said.at(-1)).toBe("v2 runs on every pod");
    expect(cluster.said.join("\n")).toMatch(/v1 → v2: \d of 6 pods replaced/);
  });

  test("keeps the size that an autoscaler has made", async () => {
    const cluster = new FakeCluster("v1", 9);
    await rollOutDeployment(cluster.context({ version: "v2" }));
    expect(cluster.applied[0]?.replicas).toBe(9);
  });

  test("that is complete already does nothing; of no pods, neither", async () => {
    const cluster = new FakeCluster("v2", 3);
    await rollOutDeployment(cluster.context({ version: "v2" }));
    expect(cluster.said).toEqual(["every pod already runs v2"]);
    const empty = new FakeCluster("v1", 0);
    await rollOutDeployment(empty.context({ version: "v2" }));
    expect([...cluster.applied, ...empty.applied]).toEqual([]);
  });

  test("waits for the load balancer, not only for Kubernetes", async () => {
    const cluster = new FakeCluster("v1", 3);
    cluster.unhealthy.add("v2");
    cluster.onLook = (look) => {
      if (look === 12) cluster.unhealthy.clear();
    };
    await rollOutDeployment(cluster.context({ version: "v2" }));
    expect(cluster.looks).toBeGreaterThanOrEqual(12);
  });
});

test("pods that would not wait for the load balancer are taken back at once; behind a Service nobody gates them", async () => {
  const cluster = new FakeCluster("v1", 4);
  cluster.ungated.add("v2");
  const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2" })));
  expect(error.codes).toEqual(["HIT381"]);
  expect(error.message).toMatch(/pod web-v2-5 does not wait for the load balancer/);
  expect(error.message).toMatch(/lost its label elbv2\.k8s\.aws.*or the AWS Load Balancer Controller its webhook/);
  expect(cluster.versions).toEqual(["v1", "v1", "v1", "v1"]);

  const context = cluster.context({ version: "v2" });
  await rollOutDeployment({
    ...context,
    rollout: { ...context.rollout, target: "shop/web" },
  });
  expect(cluster.versions).toEqual(["v2", "v2", "v2", "v2"]);
});

describe("a release that fails", () => {
  test("in a crash loop is taken back, with the last words of a pod", async () => {
    const cluster = new FakeCluster("v1", 4);
    cluster.behaviour.set("v2", "crash loop");
    const old = cluster.pods.map((pod) => pod.name);
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2" })));
    expect(error.codes).toEqual(["HIT310"]);
    expect(error.message).toMatch(
      /CrashLoopBackOff; it ended with exit code 3, 2 restarts[\s\S]*\| last words of web-v2-/,
    );
    expect(error.message).toMatch(/the fleet is back on v1/);
    expect(cluster.pods.map((pod) => pod.name)).toEqual(old);
    expect(cluster.applied.map(({ version }) => version)).toEqual(["v2", "v1"]);
  });

  test("as far as it is tolerated goes on", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.behaviour.set("v2", "crash loop");
    cluster.onLook = (look) => {
      if (look === 8) cluster.behaviour.set("v2", "ready");
    };
    await rollOutDeployment(cluster.context({ version: "v2", toleratedFailures: 1 }));
    expect(cluster.versions).toEqual(["v2", "v2"]);
  });

  test("once is no crash loop", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.behaviour.set("v2", "restarted once");
    await rollOutDeployment(cluster.context({ version: "v2" }));
    expect(cluster.versions).toEqual(["v2", "v2"]);
  });

  test("with an image that cannot be pulled is taken back, but a registry's bad moment is borne", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.behaviour.set("v2", "no image");
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2" })));
    expect(error.codes).toEqual(["HIT310"]);
    expect(error.message).toMatch(/ErrImagePull/);
    const moment = new FakeCluster("v1", 2);
    moment.behaviour.set("v2", "no image");
    moment.onLook = (look) => {
      if (look === 8) moment.behaviour.set("v2", "ready");
    };
    await rollOutDeployment(moment.context({ version: "v2" }));
    expect(moment.versions).toEqual(["v2", "v2"]);
  });

  test("without progress is taken back after the replacement time", async () => {
    const cluster = new FakeCluster("v1", 3);
    cluster.behaviour.set("v2", "never ready");
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2" })));
    expect(error.codes).toEqual(["HIT311"]);
    expect(error.message).toMatch(/nothing moved for 60 s.*; the fleet is back on v1/);
    expect(cluster.now).toBeLessThan(120);
  });

  test("or takes longer than timeoutSeconds", async () => {
    const cluster = new FakeCluster("v1", 12);
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2", timeoutSeconds: 20 })));
    expect(error.codes).toEqual(["HIT313"]);
    expect(cluster.versions).toEqual(all("v1", 12));
  });

  test("by an alarm, or while it bakes", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.onLook = (look) => {
      if (look === 4) cluster.alarms = [{ name: "errors", state: "ALARM", reason: "5 of 5" }];
    };
    const alarm = await refusalOf(rollOutDeployment(cluster.context({ version: "v2", alarmNames: ["errors"] })));
    expect(alarm.codes).toEqual(["HIT387"]);
    expect(alarm.message).toMatch(/alarm errors is in ALARM[\s\S]*5 of 5/);

    const baking = new FakeCluster("v1", 2);
    const order = { version: "v2", bakeSeconds: 60 };
    baking.onLook = () => {
      if (baking.said.some((line) => line.includes("baking")))
        for (const pod of baking.pods) if (pod.version === "v2") pod.sick = true;
    };
    const sick = await refusalOf(rollOutDeployment(baking.context(order)));
    expect(sick.codes).toEqual(["HIT314"]);
    expect(baking.versions).toEqual(["v1", "v1"]);
  });

  test("and cannot be taken back: what to run by hand is told", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.behaviour.set("v2", "crash loop");
    cluster.refuse = (call) => {
      const version = (call.body as any)?.spec.template.metadata.annotations["hitless.dev/version"];
      return version === "v1" ? { code: 422, message: "no quota" } : undefined;
    };
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2" })));
    expect(error.message).toMatch(/could not be taken back .*no quota.*kubectl -n shop rollout undo deployment web/);
  });
});

describe("what others do", () => {
  test("an engine that has gone: nobody takes anything back", async () => {
    const cluster = new FakeCluster("v1", 4);
    const context = cluster.context({ version: "v2" });
    let calls = 0;
    const lost = refusal("x", { code: "HIT330", problem: "gone.", fix: "again" });
    const error = await refusalOf(
      rollOutDeployment({
        ...context,
        assertWatched: async () => {
          calls += 1;
          if (calls > 3) throw lost;
        },
      }),
    );
    expect(error.codes).toEqual(["HIT330"]);
    expect(cluster.applied.map(({ version }) => version)).toEqual(["v2"]);
    // The next update joins.
    await rollOutDeployment(cluster.context({ version: "v2" }));
    expect(cluster.said.join("\n")).toMatch(/joining the rollout to v2/);
    expect(cluster.versions).toEqual(all("v2", 4));
  });

  async function busy(): Promise<FakeCluster> {
    const cluster = new FakeCluster("v1", 4);
    const begun = cluster.context({ version: "v2" });
    await cluster.api.attempt({
      method: "PATCH",
      path: "/apis/apps/v1/namespaces/shop/deployments/web",
      body: {
        spec: {
          ...begun.rollout.after.spec,
          replicas: 4,
          strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
      },
    });
    await cluster.api.list("/pods");
    return cluster;
  }

  test("another rollout gives way, is awaited, or is left alone", async () => {
    const supersede = await busy();
    await rollOutDeployment(supersede.context({ version: "v3" }));
    expect(supersede.said[0]).toMatch(/rollout to v2 that is running .* gives way to v3/);
    const queue = await busy();
    await rollOutDeployment(queue.context({ version: "v3", whenBusy: "queue" }));
    expect(queue.said.join("\n")).toMatch(/queued behind another rollout: \d of 4 pods of v2 ready/);
    expect(queue.versions).toEqual(all("v3", 4));
    const leave = await busy();
    const error = await refusalOf(rollOutDeployment(leave.context({ version: "v3", whenBusy: "fail" })));
    expect(error.codes).toEqual(["HIT303"]);
    expect(leave.applied.map(({ version }) => version)).toEqual(["v2"]);
  });

  test("a paused Deployment, pods that the cluster refuses, a Deployment that nobody knows", async () => {
    const paused = new FakeCluster("v1", 2);
    paused.paused = true;
    expect((await refusalOf(rollOutDeployment(paused.context({ version: "v2" })))).codes).toEqual(["HIT385"]);
    const refused = new FakeCluster("v1", 2);
    refused.refuse = () => ({ code: 422, message: "spec.x: invalid" });
    const error = await refusalOf(rollOutDeployment(refused.context({ version: "v2" })));
    expect(error.codes).toEqual(["HIT386"]);
    expect(error.message).toContain("spec.x: invalid");
    const context = new FakeCluster("v1", 2).context({ version: "v2" });
    const gone = rollOutDeployment({ ...context, rollout: { ...context.rollout, name: "gone" } });
    expect((await refusalOf(gone)).codes).toEqual(["HIT384"]);
  });

  test("releases that cannot share their data do not run side by side; all at once they may", async () => {
    const cluster = new FakeCluster("v1", 2);
    cluster.template.metadata.annotations["hitless.dev/data-writes"] = "6";
    cluster.template.metadata.annotations["hitless.dev/data-reads"] = "6";
    const release = { version: "v2", data: { writes: 7, reads: [7] } };
    const error = await refusalOf(rollOutDeployment(cluster.context({ version: "v2", release })));
    expect(error.codes).toEqual(["HIT201"]);
    expect(cluster.applied).toEqual([]);
    await rollOutDeployment(cluster.context({ version: "v2", release, batch: { surge: true, whole: true } }));
    expect(cluster.versions).toEqual(["v2", "v2"]);
  });
});

test("what a change means for the pods that run", async () => {
  const cluster = new FakeCluster("v1", 2);
  const difference = (version: string, change?: (after: any) => void) => {
    const context = cluster.context({ version });
    const after = structuredClone(context.rollout.after) as any;
    change?.(after.spec.template.spec);
    return differenceOf({ ...context, rollout: { ...context.rollout, after } }, "x");
  };
  expect(await difference("v1")).toBe("none");
  expect(await difference("v2")).toBe("other release");
  expect(await difference("v1", (spec) => Object.assign(spec, { serviceAccountName: "x" }))).toBe("same release");
  expect(await difference("v1", ({ containers }) => Object.assign(containers[0], { args: ["x"] }))).toBe(
    "other release",
  );
  expect(await differenceOf(new FakeCluster("v1", 0).context({ version: "v2" }), "x")).toBe("none");
});
