import { Faults } from "../../../src/errors/faults.js";
import type { HitlessError } from "../../../src/errors/index.js";
import type { KubernetesFleetArgs } from "../../../src/fleet/kubernetes/fleetArgs.js";
import { kubernetesPlatform } from "../../../src/fleet/kubernetes/kubernetesPlatform.js";
import type { ReleaseArgs } from "../../../src/fleet/release.js";
import { quantity } from "../../../src/plan/kubernetesQuantity.js";
import { checkHealthCheck } from "../../../src/traffic/healthCheck.js";
import { goodFleet, goodRelease } from "./build.js";

interface Given {
  readonly fleet?: object;
  readonly release?: object;
  readonly matcher?: string;
  readonly drainSeconds?: number;
}

function codesOf({ fleet, release, matcher = "200", drainSeconds = 30 }: Given): readonly string[] {
  const faults = new Faults("x");
  const plan = kubernetesPlatform.checkFleet({ ...goodFleet(), ...fleet } as KubernetesFleetArgs, faults, {
    surge: true,
  });
  kubernetesPlatform.checkRelease({ ...goodRelease(), ...release } as ReleaseArgs, faults, "release.");
  const healthCheck = checkHealthCheck({ path: "/", matcher }, faults);
  kubernetesPlatform.checkTimes(plan, { drainSeconds, startupSeconds: 60, warmupSeconds: 0, healthCheck }, faults);
  try {
    faults.throwIfAny();
    return [];
  } catch (error) {
    return (error as HitlessError).codes;
  }
}

const requests = { cpu: "250m", memory: "256Mi" };

test.each<[string, Given, string[]]>([
  ["what is fine", {}, []],
  ["no namespace", { fleet: { namespace: undefined } }, ["HIT106"]],
  ["a namespace with capitals", { fleet: { namespace: "Shop" } }, ["HIT251"]],
  ["no resources", { fleet: { resources: undefined } }, ["HIT106"]],
  ["no memory requested", { fleet: { resources: { requests: { cpu: "1" } } } }, ["HIT106"]],
  ["an amount that is none", { fleet: { resources: { requests: { memory: "256MB" } } } }, ["HIT252"]],
  ["an amount of nothing", { fleet: { resources: { requests: { memory: "0" } } } }, ["HIT252"]],
  ["a limit below the request", { fleet: { resources: { requests, limits: { cpu: "200m" } } } }, ["HIT253"]],
  ["sizes out of order", { fleet: { minSize: 7 } }, ["HIT115"]],
  ["half a pod", { fleet: { desiredCapacity: 1.5 } }, ["HIT116"]],
  ["two measures", { fleet: { maxSize: 9, scaling: { cpuPercent: 1, memoryPercent: 1 } } }, ["HIT160"]],
  [
    "an autoscaler without its request",
    { fleet: { maxSize: 9, resources: { requests: { memory: "1Gi" } }, scaling: { cpuPercent: 60 } } },
    ["HIT254"],
  ],
  ["an autoscaler without a maximum", { fleet: { scaling: { cpuPercent: 60 } } }, ["HIT106"]],
  ["an autoscaler from nothing", { fleet: { minSize: 0, maxSize: 9, scaling: { cpuPercent: 60 } } }, ["HIT116"]],
  ["a grace period shorter than the drain", { fleet: { terminationGracePeriodSeconds: 45 } }, ["HIT255"]],
  ["a grace period just long enough", { fleet: { terminationGracePeriodSeconds: 46 } }, []],
  ["both ways to say it", { fleet: { terminationGracePeriodSeconds: 100, shutdownSeconds: 5 } }, ["HIT255"]],
  ["a port that is none", { fleet: { port: 0 } }, ["HIT143"]],
  ["an unknown argument", { fleet: { replicas: 3 } }, ["HIT107"]],
  ["a pod that Hitless describes itself", { fleet: { pod: { containers: [] } } }, ["HIT161"]],
  ["probes that Hitless makes itself", { fleet: { container: { readinessProbe: {} } } }, ["HIT161"]],
  ["a label of ours", { fleet: { labels: { "hitless.dev/fleet": "x" } } }, ["HIT161"]],
  ["a label that is too long", { fleet: { labels: { team: "x".repeat(64) } } }, ["HIT258"]],
  ["a variable without a name", { fleet: { env: { "A=B": "1" } } }, ["HIT259"]],
  ["a folder without a slash", { fleet: { writablePaths: ["tmp"] } }, ["HIT252"]],
  ["no image", { release: { image: undefined } }, ["HIT106"]],
  ["an image that moves", { release: { image: "shop:latest" } }, ["HIT256"]],
  ["an image without a tag", { release: { image: "registry:5000/shop" } }, ["HIT256"]],
  ["an image by its digest", { release: { image: `shop@sha256:${"0".repeat(64)}` } }, []],
  ["arguments of EC2", { release: { imageId: "ami-1" } }, ["HIT107"]],
  ["a matcher that no probe has", { matcher: "200,404" }, ["HIT257"]],
  [
    "all at once",
    { fleet: { namespace: "Shop", port: 0 }, release: { image: "shop" }, matcher: "404" },
    ["HIT251", "HIT143", "HIT256", "HIT257"],
  ],
])("%s", (_name, given, codes) => {
  expect(codesOf(given)).toEqual(codes);
});

test.each([
  ["web", true],
  ["checkout-api", true],
  ["Web", false],
  ["1web", false],
  ["web-", false],
])("the name %s: %p", (name, good) => {
  expect(kubernetesPlatform.checkName(name)).toHaveLength(good ? 0 : 1);
});

test.each([
  ["500m", 0.5],
  ["1.5", 1.5],
  ["256Mi", 256 * 2 ** 20],
  ["1e3", 1000],
  ["1Gi", 2 ** 30],
  ["1G", 1e9],
  [".5", 0.5],
  ["1 Gi", undefined],
  ["1GB", undefined],
  ["", undefined],
  ["1mi", undefined],
])("the amount %s is %p", (text, value) => {
  expect(quantity(text)).toBe(value);
});
