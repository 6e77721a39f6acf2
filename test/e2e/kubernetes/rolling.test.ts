/** A RollingFleet on the pods of a real cluster, behind a load balancer and under load. */
import { describeWithCluster } from "../../support/cluster.js";
import { findNginx } from "../../support/nginx.js";
import {
  appImage,
  podLoad as load,
  nginxImage,
  ownScenario,
  podTimes,
  rollingExample,
  rollingPods,
  strictPolicies,
} from "../support/kubernetesPrograms.js";
import { expectPassed, rehearse, step } from "../support/rehearse.js";

const MINUTES = 60_000;
/** As the local cloud's controllers call it. */
const WEBHOOK = "hitless-pod-readiness-gates";
const nginx = findNginx("kubernetesRolling, the test with nginx");

describeWithCluster(
  "RollingFleet on Kubernetes",
  (cluster) => {
    const named = () => ["--kubeconfig", cluster().kubeconfig];
    const base = { cluster: {}, load, config: podTimes };
    const created = { name: "create", set: { version: "v1" }, up: "success", shares: { v1: 1 } };

    test(
      "the example's own rehearsal, with every policy mandatory: nothing lost, also by releases that crash or never get healthy",
      async () => {
        const outcome = await rehearse(rollingExample, ownScenario(rollingExample), ...named(), ...strictPolicies);
        expectPassed(outcome);
        expect(step(outcome.report, "try v3, which crashes").reason).toMatch(/HIT310.*crashes at boot on purpose/s);
        expect(step(outcome.report, "try v4, whose probe never passes").reason).toMatch(/HIT31\d.*503/s);
      },
      8 * MINUTES,
    );

    test(
      "a node is drained and pods are deleted in mid-rollout, a release boots slowly, one takes too much memory, and the engine is killed",
      async () => {
        const drain = ["drain", "node-2", "--ignore-daemonsets", "--delete-emptydir-data"];
        const own = ["-n", "web", "delete", "pod", "--wait=false", "-l", "hitless.dev/fleet=web"];
        const outcome = await rehearse(
          rollingPods,
          {
            ...base,
            steps: [
              created,
              {
                // First: once a node has been drained, every pod is on the other one, and all would be deleted.
                name: "roll, and delete the pods of a node",
                set: { version: "v2" },
                up: "success",
                shares: { v2: 1 },
                during: [{ after: { seconds: 8 }, kubectl: [...own, "--field-selector", "spec.nodeName=node-1"] }],
              },
              {
                name: "roll, slowly, and drain a node",
                set: { version: "v3", bootSeconds: 5 },
                up: "success",
                shares: { v3: 1 },
                during: [{ after: { seconds: 8 }, kubectl: drain }],
              },
              { name: "the node comes back", set: { bootSeconds: 0 }, kubectl: ["uncordon", "node-2"] },
              {
                name: "v4 takes more memory than it may have",
                set: { version: "v4", health: "hungry" },
                up: { expect: "refused", reason: "OOMKilled" },
                shares: { v3: 1 },
              },
              {
                name: "the engine dies in the middle of v5",
                set: { version: "v5", health: "ok" },
                kill: { afterMessage: "pods replaced" },
              },
              { name: "up again", up: "success", shares: { v5: 1 } },
              { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
              {
                name: "somebody takes the webhook of the readiness gates away",
                kubectl: ["delete", "mutatingwebhookconfiguration", WEBHOOK],
              },
              {
                name: "v6 would go on before the balancer knows its pods",
                set: { version: "v6" },
                up: { expect: "refused", reason: "HIT381.*does not wait for the load balancer" },
                shares: { v5: 1 },
              },
            ],
          },
          ...named(),
        );
        expectPassed(outcome);
      },
      8 * MINUTES,
    );

    (nginx === undefined ? test.skip : test)(
      "nginx on pods, from an image that is written here: rolled out, nothing lost",
      async () => {
        const outcome = await rehearse(
          rollingPods,
          {
            ...base,
            load: { rate: 200, requests: [{ path: "/" }] },
            config: { ...podTimes, server: "nginx" },
            steps: [created, { name: "roll", set: { version: "v2" }, up: "success", shares: { v2: 1 } }],
          },
          ...named(),
        );
        expectPassed(outcome);
      },
      4 * MINUTES,
    );

    test(
      "the twin: where pods do not wait before they end, requests are lost, and the verdict says so",
      async () => {
        const { exitCode, report } = await rehearse(
          rollingPods,
          {
            ...base,
            // All at once: nobody is left who would hide it.
            config: { ...podTimes, sabotage: "preStop", warmupSeconds: 0, batchSize: 4 },
            steps: [created, { name: "roll", set: { version: "v2" }, up: "success" }],
          },
          ...named(),
        );
        expect(report.requests.lost).toBeGreaterThan(0);
        expect(report.verdict).toBe("failed");
        expect(exitCode).toBe(1);
      },
      4 * MINUTES,
    );
  },
  { nodes: 2, images: [appImage, ...(nginx === undefined ? [] : [nginxImage(nginx)])] },
);
