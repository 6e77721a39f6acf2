import { expectPassed, expectRefused, PolicyStack } from "./support/policyStack.js";

const MINUTES = 60_000;
/** Every rule, at its default options: a false alarm would be a bug. */
const strict = { all: "mandatory" };

interface Example {
  readonly example: string;
  /** Configurations, each previewed and deployed. */
  readonly releases: readonly Readonly<Record<string, string>>[];
  /** What the state must show at the end. */
  readonly kept?: string;
  /** A setting that the last state breaks. */
  readonly broken: { readonly config: object; readonly says: RegExp };
}

/** Those on Kubernetes pass them in their own rehearsals, on a real cluster. */
const examples: readonly Example[] = [
  {
    example: "rolling-fleet",
    releases: [{ version: "v1", servers: "2" }],
    broken: {
      config: { "single-server-live": { enforcementLevel: "mandatory", minimumServers: 3 } },
      says: /\[mandatory\].*single-server-live.*Group: web/,
    },
  },
  {
    example: "blue-green-pair",
    releases: [{ live: "blue", blue: "v1", green: "v0" }],
    kept: "hitless:idle-since",
    broken: {
      config: { "idle-environment-expiry": { enforcementLevel: "mandatory", maxIdleHours: 0 } },
      says: /site-green \(idle\) should have gone at .*, 0 h ago/,
    },
  },
  {
    example: "canary-release",
    releases: [
      { stable: "v1", bakeSeconds: "10" },
      { canary: "v2", weight: "10" },
    ],
    broken: {
      config: { "duplicate-environment-cost": { enforcementLevel: "mandatory", maxMonthlyUsd: 1 } },
      // One t3.micro carries the canary's 10 %.
      says: /shop-v2 +1 +t3\.micro +0\.0104 +canary +7\.59/,
    },
  },
];

test.each(examples)(
  "$example passes every rule, at preview and at `up`",
  async ({ example, releases, kept, broken }) => {
    const stack = new PolicyStack();
    try {
      await stack.start({ example });
      for (const release of releases) {
        await stack.configure(release);
        expectPassed(await stack.preview(strict));
        expectPassed(await stack.up(strict));
      }
      const again = await stack.preview(strict, "--expect-no-changes");
      expectPassed(again);
      expect(again.output).not.toContain("Not judged yet");
      if (kept) expect((await stack.pulumi("stack", "export", "--stack", "test")).stdout).toContain(kept);
      const refused = await stack.preview(broken.config);
      expectRefused(refused);
      expect(refused.output).toMatch(broken.says);
    } finally {
      await stack.stop();
    }
  },
  6 * MINUTES,
);
