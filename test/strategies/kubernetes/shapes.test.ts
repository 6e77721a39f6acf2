import { kubernetesNodes } from "../../../src/kubernetes/index.js";
import type { HitlessMocks } from "../../../src/testing/index.js";
import { goodArgs, run as runEc2 } from "../rollingFleet/programs.js";
import { canary, pair, rolling, runCanary, runPair, runRolling, settled } from "./programs.js";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const SERVICE = "kubernetes:core/v1:Service";
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";
const ROUTE = "kubernetes:gateway.networking.k8s.io/v1:HTTPRoute";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const RULE = "aws:lb/listenerRule:ListenerRule";

const namesOf = (mocks: HitlessMocks) => mocks.resources.map(({ type, name }) => `${type} ${name}`).sort();
/** What one fleet is made of. */
const fleet = (front: string, name: string) =>
  [DEPLOYMENT, BUDGET, SERVICE, ...(front === "alb" ? [BINDING, TARGET_GROUP] : [])].map((type) => `${type} ${name}`);

describe.each(["alb", "gateway"] as const)("behind %s", (front) => {
  const rule = front === "alb" ? RULE : ROUTE;
  const entrance = front === "alb" ? LISTENER : ROUTE;

  describe("the same resources in preview and update", () => {
    test("RollingFleet", async () => {
      const expected = ["hitless:index:RollingFleet web", ...fleet(front, "web"), `${entrance} web`].sort();
      for (const preview of [true, false]) {
        expect(namesOf((await runRolling(rolling(front), { preview })).mocks)).toEqual(expected);
      }
    });

    test("BlueGreenPair", async () => {
      const expected = [
        "hitless:index:BlueGreenPair shop",
        ...fleet(front, "shop-blue"),
        ...fleet(front, "shop-green"),
        `${entrance} shop`,
        `${rule} shop-preview-blue`,
        `${rule} shop-preview-green`,
        "pulumi:index:Stash shop-green-idle",
      ].sort();
      for (const preview of [true, false]) {
        expect(namesOf((await runPair(pair(front), { preview })).mocks)).toEqual(expected);
      }
    });

    test("CanaryRelease", async () => {
      const expected = [
        "hitless:index:CanaryRelease shop",
        ...fleet(front, "shop-v1"),
        ...fleet(front, "shop-v2"),
        `${entrance} shop`,
        `${rule} shop-canary-audience`,
      ].sort();
      for (const preview of [true, false]) {
        expect(namesOf((await runCanary(canary(front), { preview })).mocks)).toEqual(expected);
      }
    });
  });

  test("an autoscaler is made after the entrance, and owns the number of pods", async () => {
    const { mocks } = await runRolling(rolling(front, { maxSize: 9, scaling: { cpuPercent: 60 } }));
    expect(mocks.find(AUTOSCALER, "web").inputs.spec).toMatchObject({ minReplicas: 4, maxReplicas: 9 });
  });

  test("the Deployment knows its target, and its pods do not: another target restarts none", async () => {
    const { mocks, component } = await runRolling(rolling(front));
    const { metadata, spec } = mocks.find(DEPLOYMENT).inputs;
    expect(metadata.annotations["hitless.dev/target"]).toBe(await settled(component.targetGroupArn));
    expect(JSON.stringify(spec.template)).not.toContain(await settled(component.targetGroupArn));
    expect(spec.selector.matchLabels).not.toHaveProperty("app.kubernetes.io/version");
  });

  test("status and nodes are those of Kubernetes", async () => {
    const { component } = await runRolling(rolling(front));
    const status = await settled(component.status);
    expect(status).toMatchObject({
      strategy: "RollingFleet",
      version: "v1",
      namespace: "shop",
      deploymentName: expect.stringMatching(/^web-/),
    });
    expect(status).not.toHaveProperty("autoScalingGroupName");
    const nodes = kubernetesNodes(component);
    expect(await settled(nodes.deployment.metadata.namespace)).toBe("shop");
    expect(nodes.service).toBeDefined();
    expect(() => component.nodes.group).toThrow(/HIT264.*nodes.group does not exist/s);
    expect(() => component.autoScalingGroupName).toThrow(/HIT264/);
  });

  test("the status of several fleets names their Deployments", async () => {
    const both = await settled((await runPair(pair(front))).component.status);
    expect(both.deploymentNames).toEqual({
      blue: expect.stringMatching(/^shop-blue-/),
      green: expect.stringMatching(/^shop-green-/),
    });
    const versions = await settled((await runCanary(canary(front))).component.status);
    expect(versions).toMatchObject({ stable: "v1", canary: "v2", weights: { v1: 75, v2: 25 } });
    expect(Object.keys(versions.deploymentNames ?? {})).toEqual(["v1", "v2"]);
  });
});

test("behind an Application Load Balancer targets are addresses, bound to the fleet's Service", async () => {
  const { mocks } = await runRolling(rolling("alb"));
  expect(mocks.find(TARGET_GROUP).inputs).toMatchObject({ targetType: "ip", vpcId: "vpc-1", port: 8080 });
  const { spec } = mocks.find(BINDING).inputs;
  expect(spec.serviceRef.name).toMatch(/^web-/);
});

describe("an HTTPRoute", () => {
  const routes = async () => {
    const { mocks } = await runPair(pair("gateway"));
    return (name: string) => mocks.find(ROUTE, name).inputs;
  };

  test("holds the weights of all fleets, and says in words what they mean", async () => {
    const { metadata, spec } = (await routes())("shop");
    expect(metadata).toMatchObject({
      namespace: "shop",
      annotations: { "hitless.dev/place": "entrance", "hitless.dev/live": "blue", "hitless.dev/version": "v1" },
    });
    expect(spec).toMatchObject({
      parentRefs: [{ name: "public", namespace: "infra" }],
      hostnames: ["shop.example.com"],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [
            { name: expect.stringMatching(/^shop-blue-/), port: 80, weight: 100 },
            { name: expect.stringMatching(/^shop-green-/), port: 80, weight: 0 },
          ],
        },
      ],
    });
  });

  test("a preview asks for one header more, so that it wins over the entrance", async () => {
    const { metadata, spec } = (await routes())("shop-preview-green");
    expect(metadata.annotations).toMatchObject({ "hitless.dev/preview": "green", "hitless.dev/place": "2" });
    expect(spec.hostnames).toEqual(["shop.example.com"]);
    expect(spec.rules[0].matches[0].headers).toEqual([{ type: "Exact", name: "x-hitless-preview", value: "green" }]);
    expect(spec.rules[0].backendRefs).toEqual([{ name: expect.stringMatching(/^shop-green-/), port: 80, weight: 1 }]);
  });
});

test("a program on EC2 has no nodes of Kubernetes", async () => {
  const { fleet: component } = await runEc2(goodArgs());
  expect(() => kubernetesNodes(component)).toThrow(/HIT264.*has no Deployment/s);
});

test("a version may have capitals and dots: names of objects have not", async () => {
  const { canary: given, ...args } = canary("gateway");
  const { mocks } = await runCanary({ ...args, canary: { ...given, version: "V2.1", image: "web:V2.1", weight: 5 } });
  const names = mocks.resources.filter(({ type }) => type === DEPLOYMENT).map(({ name }) => name);
  expect(names.every((name) => /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name))).toBe(true);
  expect(new Set(names).size).toBe(2);
});
