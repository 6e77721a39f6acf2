import type { FakeApiServer } from "../rehearsal/provider/kubernetes/fakeApiServer.js";
import { kubeconfigOf, startFakeCluster } from "./support/fakeCluster.js";
import { bothPlatforms } from "./support/policyPrograms.js";
import { expectPassed, expectRefused, PolicyStack } from "./support/policyStack.js";

const MINUTES = 60_000;
/** Every rule, and what the nodes are, which this program does not say. */
const strict = { all: "mandatory", "duplicate-environment-cost": { nodeType: "m5.large" } };

const stack = new PolicyStack();
let api: FakeApiServer;

beforeAll(async () => {
  api = await startFakeCluster();
  await stack.start(bothPlatforms(flawed), kubeconfigOf(api));
}, MINUTES);

afterAll(async () => {
  await stack.stop();
  await api.close();
}, MINUTES);

const flawed = { recreate: true, noProbe: true, noGate: true, replicas: 1 };

test(
  "pods that break a rule end the preview, and nothing is made",
  async () => {
    const preview = await stack.preview();
    expectRefused(preview);
    expect(preview.output).toMatch(/\[mandatory\].*no-readiness-gate.*Namespace: pods/);
    // Which of two new target groups gets the weight cannot be told before they exist.
    expect(preview.output).toMatch(
      /Not judged yet: whether pods-blue, which is recreated at each change, serves users/,
    );
    expect(api.requests.filter((request) => !request.startsWith("GET") && !request.endsWith("dryRun"))).toEqual([
      expect.stringContaining("poddisruptionbudgets"),
      expect.stringContaining("targetgroupbindings"),
    ]);
  },
  2 * MINUTES,
);

test(
  "a good program on both platforms passes every rule, at preview and at `up`; its pods are priced",
  async () => {
    stack.write(bothPlatforms());
    expectPassed(await stack.preview(strict));
    expectPassed(await stack.up(strict));
    const again = await stack.preview(strict, "--expect-no-changes");
    expectPassed(again);
    expect(again.output).not.toContain("Not judged yet");

    const budget = { "duplicate-environment-cost": { maxMonthlyUsd: 10, nodeType: "m5.large" } };
    const refused = await stack.preview(budget);
    expectRefused(refused);
    // Two t3.micro, and two pods of an eighth of an m5.large: (2 × 0.0104 + 2 × 0.096 / 8) × 730.
    expect(refused.output).toMatch(/Duplicates cost \$32\.70 a month, expected at most \$10\.00 \(maxMonthlyUsd\)/);
    expect(refused.output).toMatch(/pods-green +2 +0\.25 vCPU 0\.25 GiB +0\.0240 +idle +17\.52/);

    stack.write(bothPlatforms(flawed));
    const preview = await stack.preview(strict);
    expectRefused(preview);
    for (const rule of ["no-recreate-live", "no-weight-without-health-check", "single-server-live"]) {
      expect(preview.output).toMatch(new RegExp(`\\[mandatory\\].*${rule}.*Deployment: pods-blue`));
    }
    // The servers beside them are good, and the idle pods may be what they like.
    expect(preview.output).not.toMatch(/\[mandatory\].*(Group: |Deployment: pods-green)/);
  },
  4 * MINUTES,
);
