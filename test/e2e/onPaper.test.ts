import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { makeCertificate } from "../../src/rehearsal/cloud/tls/x509.js";
import { pair } from "./support/entrance.js";
import { expectPassed, rehearse, root, step } from "./support/rehearse.js";

const MINUTES = 60_000;
const load = { rate: 300, requests: [{ path: "/" }] };
const arn = "arn:aws:acm:us-east-1:123456789012:certificate/shop";
/** The program asks its own preview route, over HTTPS as well, before it switches. */
const verify = [{ path: "/", inARow: 2, deadlineSeconds: 60 }];

test(
  "On paper, over HTTPS with a made certificate: a zone is lost and comes back; then a switch with a slow, failing and stale API, slow and failing boots",
  async () => {
    const outcome = await rehearse(pair, {
      speed: 20,
      isolation: "paper",
      load: { ...load, rate: 150 },
      config: { live: "blue", blue: "v1", green: "v1", verify, servers: 6, certificateArn: arn },
      steps: [
        { name: "create", up: "success", shares: { v1: 1 } },
        {
          name: "a zone is lost",
          // Replacements boot so long that the gap outlasts the watcher's look, ten times a second.
          faults: { lostZones: ["us-east-1a"], bootDelaySeconds: 20 },
          shares: { v1: 1 },
          observeSeconds: 4,
          lostAtMost: 500,
        },
        { name: "it comes back", faults: {}, shares: { v1: 1 }, observeSeconds: 4, lostAtMost: 500 },
        {
          name: "deploy and switch",
          set: { green: "v2", live: "green" },
          faults: {
            apiErrorShare: 0.05,
            apiLatencySeconds: 0.02,
            consistencyDelaySeconds: 2,
            bootDelaySeconds: 20,
            bootFailureShare: 0.25,
          },
          up: "success",
          shares: { v2: 1 },
          servers: { healthyAtLeast: 6 },
        },
      ],
    });
    if (outcome.report.failures.length > 0) {
      throw new Error(`${outcome.output}\n${JSON.stringify(outcome.report.requests.evidence, null, 1)}`);
    }
    expect(outcome.exitCode).toBe(0);
    expect(outcome.report.isolation).toBe("paper");
    expect(outcome.output).toMatch(/note {6}Servers were on paper/);
    expect(outcome.output).toContain("PASSED on paper");
    // Whoever had no fault of the servers' own lost nothing.
    for (const name of ["create", "deploy and switch"]) expect(step(outcome.report, name).lost).toBe(0);
    // Of six live and six idle servers, one of each in every zone of the region.
    expect(step(outcome.report, "a zone is lost").minHealthy).toBeLessThan(12);
  },
  6 * MINUTES,
);

test(
  "HTTPS with the scenario's own certificate, whose name is the user's",
  async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-certificate-"));
    try {
      const [cert, key] = ["cert", "key"].map((name) => path.join(directory, `shop.${name}`)) as [string, string];
      const made = makeCertificate({ commonName: "shop", hosts: ["shop.example"], isAuthority: true });
      writeFileSync(cert, made.cert);
      writeFileSync(key, made.key);
      const outcome = await rehearse(pair, {
        speed: 20,
        isolation: "paper",
        certificates: { [arn]: { cert, key } },
        minimumRequests: 2500,
        load: { ...load, rate: 1000 },
        config: { live: "blue", blue: "v1", green: "v1", certificateArn: arn },
        steps: [{ name: "create", up: "success", shares: { v1: 1 } }],
      });
      expectPassed(outcome);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  4 * MINUTES,
);

test(
  "a mandatory policy refuses a step at its preview, with rule and reason, and nothing is done; the next step is judged anew",
  async () => {
    const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-policies-"));
    try {
      const settings = path.join(directory, "settings.json");
      writeFileSync(settings, JSON.stringify({ "single-server-live": "mandatory" }));
      const outcome = await rehearse(
        pair,
        {
          speed: 20,
          isolation: "paper",
          load,
          config: { live: "blue", blue: "v1", green: "v1", servers: 2 },
          steps: [
            { name: "create", up: "success", shares: { v1: 1 } },
            {
              name: "one server is too few",
              set: { servers: 1 },
              up: { expect: "refused", reason: "\\[mandatory\\] single-server-live \\(shop-blue\\)" },
              servers: { healthyAtLeast: 4 },
              observeRequests: 2500,
            },
            { name: "two are enough", set: { servers: 2 }, up: { expect: "success", changes: "none" } },
          ],
        },
        ...["--policy-pack", path.join(root, "policy"), "--policy-pack-config", settings],
      );
      expectPassed(outcome);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  },
  4 * MINUTES,
);
