/** What a program makes of a release, rolled out by the real gate on a cluster in virtual time. */
import type * as pulumi from "@pulumi/pulumi";
import type { GateCloud } from "../../../src/gates/gateCloud.js";
import { connectKube } from "../../../src/gates/kubernetes/connectKube.js";
import { settled } from "../../../src/inputs/plain.js";
import { checkRollingFleet } from "../../../src/strategies/rollingFleet/checkRollingFleet.js";
import { fleetHooks } from "../../../src/strategies/rollingFleet/rolloutHook.js";
import { linksOf } from "../../../src/strategies/shared/parts.js";
import { FakeCluster } from "../../gates/kubernetes/fakeCluster.js";
import { release, rolling, runRolling } from "./programs.js";

jest.mock("../../../src/gates/kubernetes/connectKube.js");
jest.mock("../../../src/gates/pace.js", () => ({
  ...jest.requireActual("../../../src/gates/pace.js"),
  paceFromEnvironment: () => mockPace,
}));
let cluster: FakeCluster;
const mockPace = {
  now: () => cluster.now,
  sleep: async (seconds: number) => {
    cluster.now += seconds;
  },
};

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

/** A Deployment's inputs as a program's run gives them to the provider. */
async function inputsOf(version: string, front: "alb" | "gateway") {
  const { mocks, component } = await runRolling({ ...rolling(front), release: release(version) });
  return { component, inputs: mocks.find(DEPLOYMENT).inputs };
}

async function rollTo(version: string, front: "alb" | "gateway"): Promise<void> {
  const before = await inputsOf("v1", front);
  const after = await inputsOf(version, front);
  cluster.template = before.inputs.spec.template;
  jest.mocked(connectKube).mockReturnValue(cluster.api as never);
  const plan = checkRollingFleet("web", { ...rolling(front), release: release(version), batchSize: 2 });
  const reach = {
    ...linksOf(after.component, plan, "project/stack/web"),
    front: { balancer: async () => cluster.context({ version }).cloud as GateCloud },
  };
  const wish = { subject: 'RollingFleet "web"', component: "project/stack/web", plan, reach };
  const { beforeUpdate } = fleetHooks(after.component, { ...wish, numbers: settled(plan.rollout) });
  const [hook] = (beforeUpdate ?? []) as pulumi.ResourceHook[];
  const named = (inputs: any) => ({ ...inputs, metadata: { ...inputs.metadata, name: "web" } });
  const [oldInputs, newInputs] = [named(before.inputs), named(after.inputs)];
  const oldOutputs = { ...oldInputs, __fieldManager: "pulumi-kubernetes-1" };
  const args = {
    urn: "urn",
    id: "shop/web",
    name: "web",
    type: DEPLOYMENT,
    oldInputs,
    oldOutputs,
    newInputs,
  };
  await hook?.callback(args as never);
}

beforeEach(() => {
  cluster = new FakeCluster("v1", 4);
});

describe.each(["alb", "gateway"] as const)("behind %s", (front) => {
  test("a release replaces every pod, a batch at a time, and never fewer than all serve", async () => {
    let lowest = 4;
    cluster.onLook = () => {
      lowest = Math.min(lowest, cluster.pods.filter((pod) => pod.looks >= 2).length);
    };
    await rollTo("v2", front);
    expect(cluster.versions).toEqual(["v2", "v2", "v2", "v2"]);
    expect(cluster.applied).toMatchObject([
      { version: "v2", replicas: 4, rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
    ]);
    expect(lowest).toBe(4);
  });

  test("the same release does nothing", async () => {
    await rollTo("v1", front);
    expect(cluster.applied).toEqual([]);
  });

  test("one that crashes is taken back, and Pulumi's state keeps what runs", async () => {
    cluster.behaviour.set("v2", "crash loop");
    await expect(rollTo("v2", front)).rejects.toThrow(/HIT310.*CrashLoopBackOff.*last words of web-v2/s);
    expect(cluster.versions).toEqual(["v1", "v1", "v1", "v1"]);
    expect(cluster.applied.map(({ version }) => version)).toEqual(["v2", "v1"]);
  });
});
