import * as pulumi from "@pulumi/pulumi";
import { labelValue } from "../../../src/plan/kubernetesNames.js";
import {
  AUTOSCALER,
  BINDING,
  BUDGET,
  build,
  COMPONENT,
  DEPLOYMENT,
  goodFleet,
  goodRelease,
  SERVICE,
  TARGET_GROUP,
} from "./build.js";

const selector = { "hitless.dev/component": labelValue(COMPONENT), "hitless.dev/fleet": "web" };

describe("what a fleet is made of", () => {
  test.each([
    ["behind a target group", {}, [BINDING, BUDGET, DEPLOYMENT, SERVICE]],
    ["behind a Service", { behind: "service" as const }, [BUDGET, DEPLOYMENT]],
    [
      "with an autoscaler",
      { fleet: { ...goodFleet(), maxSize: 12, scaling: { cpuPercent: 60 } } },
      [AUTOSCALER, BINDING, BUDGET, DEPLOYMENT, SERVICE],
    ],
  ])("%s: the same in preview and update", async (_name, wish, types) => {
    for (const preview of [true, false]) {
      const { resources } = await build({ ...wish, mocks: { preview } });
      const made = resources.map(({ type }) => type).filter((type) => type !== "hitless:index:RollingFleet");
      expect(made.sort()).toEqual([...types].sort());
    }
  });

  test("the Deployment: labels, annotations, sizes and strategy", async () => {
    const { inputs } = (await build()).find(DEPLOYMENT);
    expect(inputs.metadata).toEqual({
      namespace: "shop",
      labels: { ...selector, "app.kubernetes.io/version": "v1" },
      annotations: {
        "hitless.dev/version": "v1",
        "hitless.dev/component": COMPONENT,
        "hitless.dev/target": TARGET_GROUP,
        "hitless.dev/min-size": "6",
        "hitless.dev/max-size": "6",
        "pulumi.com/patchForce": "true",
        "pulumi.com/timeoutSeconds": "600",
      },
    });
    const { template: _, ...spec } = inputs.spec;
    expect(spec).toEqual({
      replicas: 6,
      selector: { matchLabels: selector },
      minReadySeconds: 0,
      progressDeadlineSeconds: 360,
      revisionHistoryLimit: 3,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
    });
  });

  test("a pod outlives its last request, is no root, and is spread", async () => {
    const { inputs } = (
      await build({
        release: { ...goodRelease(), env: { B: "2" }, data: { writes: 7, reads: [6, 7] } },
        fleet: { ...goodFleet(), env: { A: "1", B: "1" } },
      })
    ).find(DEPLOYMENT);
    const { metadata, spec } = inputs.spec.template;
    expect(metadata).toEqual({
      labels: { ...selector, "app.kubernetes.io/version": "v1" },
      annotations: { "hitless.dev/version": "v1", "hitless.dev/data-writes": "7", "hitless.dev/data-reads": "6 7" },
    });
    expect(spec.terminationGracePeriodSeconds).toBe(30 + 15 + 30);
    expect(spec.automountServiceAccountToken).toBe(false);
    expect(spec.securityContext).toEqual({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(spec.topologySpreadConstraints).toHaveLength(2);
    const [app] = spec.containers;
    expect(app).toEqual({
      name: "app",
      image: "registry.example.com/shop:v1",
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ],
      ports: [{ name: "http", containerPort: 8080, protocol: "TCP" }],
      resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { memory: "256Mi" } },
      volumeMounts: [{ name: "writable-0", mountPath: "/tmp" }],
      readinessProbe: {
        httpGet: { path: "/health", port: 8080, scheme: "HTTP" },
        periodSeconds: 10,
        timeoutSeconds: 5,
        failureThreshold: 2,
      },
      startupProbe: {
        httpGet: { path: "/health", port: 8080, scheme: "HTTP" },
        periodSeconds: 2,
        timeoutSeconds: 5,
        failureThreshold: 30,
      },
      lifecycle: { preStop: { sleep: { seconds: 45 } } },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
  });

  test("nothing that a release changes is in the selector, and pods of the Service and of the budget are those of the Deployment", async () => {
    const first = await build();
    const second = await build({ release: { ...goodRelease(), version: "v2", image: "registry.example.com/shop:v2" } });
    expect(second.find(DEPLOYMENT).inputs.spec.selector).toEqual(first.find(DEPLOYMENT).inputs.spec.selector);
    expect(first.find(SERVICE).inputs.spec.selector).toEqual(selector);
    expect(first.find(BUDGET).inputs.spec).toEqual({
      maxUnavailable: "20%",
      selector: { matchLabels: selector },
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });

  test("the binding leads the Service's pods to the target group", async () => {
    const mocks = await build({ fleet: { ...goodFleet(), loadBalancerSecurityGroupIds: ["sg-1"] } });
    expect(mocks.find(BINDING).inputs.spec).toEqual({
      serviceRef: { name: "web-12345678", port: 80 },
      targetGroupARN: TARGET_GROUP,
      targetType: "ip",
      networking: {
        ingress: [{ from: [{ securityGroup: { groupID: "sg-1" } }], ports: [{ port: 8080, protocol: "TCP" }] }],
      },
    });
  });

  test("an autoscaler owns the size: shares instead of numbers", async () => {
    const mocks = await build({
      batch: { surge: true },
      fleet: { ...goodFleet(), minSize: 2, maxSize: 12, scaling: { cpuPercent: 60 } },
    });
    expect(mocks.find(AUTOSCALER).inputs.spec).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web-12345678" },
      minReplicas: 2,
      maxReplicas: 12,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } } },
      ],
    });
    expect(mocks.find(DEPLOYMENT).inputs.spec.strategy.rollingUpdate).toEqual({ maxSurge: "20%", maxUnavailable: 0 });
  });

  test("where a gate waits, the provider does not, and still awaits that pods have left", async () => {
    const mocks = await build({ awaits: "gate", drainSeconds: 1000 });
    expect(mocks.find(DEPLOYMENT).inputs.metadata.annotations).toMatchObject({
      "pulumi.com/waitFor": "jsonpath={.metadata.uid}",
      "pulumi.com/timeoutSeconds": String(1000 + 15 + 30 + 120),
    });
  });

  test("where nobody says how many, nothing is said", async () => {
    const mocks = await build({ sizes: { minSize: 2, desiredCapacity: undefined } as object });
    expect(mocks.find(DEPLOYMENT).inputs.spec.replicas).toBeUndefined();
  });

  test("capitals of a version do not reach names of objects", async () => {
    const mocks = await build({ name: "web-RC1" });
    expect(mocks.resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ name }) => name)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^web-rc1-[0-9a-f]{5}$/)]),
    );
  });
});

test("values that are known later are used, and checked then", async () => {
  const mocks = await build({
    drainSeconds: pulumi.output(60),
    fleet: { ...goodFleet(), env: pulumi.output({ A: pulumi.secret("s") }), runAsUser: 1000 },
  });
  // Where a part of a property is secret, mocks get the whole property as one.
  const { spec } = mocks.find(DEPLOYMENT).inputs.spec.value.template;
  expect(spec.terminationGracePeriodSeconds).toBe(105);
  expect(spec.containers[0].env).toEqual([{ name: "A", value: "s" }]);
  expect(spec.securityContext.runAsUser).toBe(1000);
});
