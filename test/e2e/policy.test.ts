import { byHand } from "./support/policyPrograms.js";
import { expectPassed, expectRefused, PolicyStack } from "./support/policyStack.js";

const MINUTES = 60_000;
/** Every rule, at its default options: a false alarm would be a bug. */
const strict = { all: "mandatory" };

describe("a program written by hand", () => {
  const stack = new PolicyStack();
  beforeAll(() => stack.start(byHand({ latest: true, imdsV1: true, fixedName: "shop-blue", drain: 5 })), MINUTES);
  afterAll(() => stack.stop(), MINUTES);

  test(
    "mandatory violations end the preview, and an update before anything is made",
    async () => {
      const preview = await stack.preview();
      expectRefused(preview);
      for (const [rule, what] of [
        ["drain-shorter-than-requests", "TargetGroup: blue"],
        ["imds-v1", "LaunchTemplate: green"],
        ["no-fixed-target-group-name", "TargetGroup: blue"],
        ["no-latest-template-version", "Group: green"],
        ["rollback-impossible", "Group: blue"],
      ]) {
        expect(preview.output).toMatch(new RegExp(`\\[mandatory\\].*${rule}.*${what}`));
      }
      expect(preview.output).toContain("docs/policies/imds-v1.md");

      const up = await stack.up();
      expectRefused(up);
      expect(up.output).toMatch(/\[mandatory\].*drain-shorter-than-requests/);
      const { stdout } = await stack.pulumi("stack", "export", "--stack", "test");
      expect(stdout).not.toContain("aws:lb/targetGroup:TargetGroup");
      expect(stdout).not.toContain("aws:autoscaling/group:Group");
    },
    3 * MINUTES,
  );

  test(
    "a good one passes every rule; what is not known at the preview is told, and judged at `up`",
    async () => {
      stack.write(byHand());
      const preview = await stack.preview(strict);
      expectPassed(preview);
      expect(preview.output).toMatch(/Not judged yet: blue: which share of the users it serves is not known yet/);

      const budget = { "duplicate-environment-cost": { enforcementLevel: "mandatory", maxMonthlyUsd: 10 } };
      const up = await stack.up(budget);
      expectRefused(up);
      // Two t3.micro stand idle: 2 × 0.0104 × 730 = 15.18.
      expect(up.output).toMatch(/Duplicates cost \$15\.18 a month, expected at most \$10\.00 \(maxMonthlyUsd\)/);
      expect(up.output).toMatch(/green +2 +t3\.micro +0\.0208 +idle +15\.18/);
      expect(up.output).toMatch(/The cheapest change that fits: keep green without servers \(idle: "cold"\)/);

      const again = await stack.preview(strict);
      expectPassed(again);
      expect(again.output).not.toContain("Not judged yet");
    },
    3 * MINUTES,
  );

  test(
    "the target group that serves users is replaced neither by a preview nor by an update that skips it",
    async () => {
      stack.write(byHand({ port: 9090 }));
      const preview = await stack.preview();
      expectRefused(preview);
      expect(preview.output).toMatch(/\[mandatory\].*replaces-live-target-group.*Listener: http/);
      expect(preview.output).toMatch(/all of them would go to a target group that does not exist yet \(blue, green\)/);

      const up = await stack.up();
      expectRefused(up);
      expect(up.output).toMatch(
        /http would send all users to a target group that has just been made \(blue-\w+ by blue-\w+\)/,
      );
      expect(up.output).not.toMatch(/aws:lb:Listener http updat/);
    },
    3 * MINUTES,
  );

  test(
    "a bad configuration names rule, key and range",
    async () => {
      stack.write(byHand());
      const unknown = await stack.preview({ "single-server-live": { servers: 3 } });
      expectRefused(unknown);
      expect(unknown.output).toMatch(/single-server-live: unknown option "servers"; it has: minimumServers/);
      const negative = await stack.preview({ "duplicate-environment-cost": { maxMonthlyUsd: -5 } });
      expectRefused(negative);
      expect(negative.output).toMatch(/duplicate-environment-cost.*maxMonthlyUsd/);
    },
    2 * MINUTES,
  );
});
