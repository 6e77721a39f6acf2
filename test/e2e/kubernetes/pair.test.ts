/** A BlueGreenPair on the pods of a real cluster, behind a load balancer and under load. */
import { describeWithCluster } from "../../support/cluster.js";
import {
  appImage,
  podLoad as load,
  ownScenario,
  pairExample,
  podTimes,
  strictPolicies,
} from "../support/kubernetesPrograms.js";
import { expectPassed, rehearse, step } from "../support/rehearse.js";

const MINUTES = 60_000;

describeWithCluster(
  "BlueGreenPair on Kubernetes",
  (cluster) => {
    const named = () => ["--kubeconfig", cluster().kubeconfig];
    const { warmupSeconds: _, ...times } = podTimes;
    const base = { cluster: {}, load, config: { ...times, live: "blue", blue: "v1", green: "v2" } };

    test(
      "the example's own rehearsal, with every policy mandatory: a switch moves weights and no pod, a bad release is refused, nothing lost",
      async () => {
        const outcome = await rehearse(pairExample, ownScenario(pairExample), ...named(), ...strictPolicies);
        expectPassed(outcome);
        const { changes } = step(outcome.report, "switch to green");
        expect(changes).not.toHaveProperty("replace");
        expect(changes.update).toBeLessThanOrEqual(4);
      },
      8 * MINUTES,
    );

    test(
      "a cold side wakes up before it gets users and the other cools down after it has lost them, also after kill -9 of the engine",
      async () => {
        const outcome = await rehearse(
          pairExample,
          {
            ...base,
            config: { ...base.config, idle: "cold" },
            steps: [
              { name: "create", up: "success", shares: { v1: 1 } },
              {
                name: "the engine dies in the switch",
                set: { live: "green" },
                kill: { afterMessage: "checks passed" },
              },
              { name: "up again", up: "success", shares: { v2: 1 } },
              { name: "roll back", set: { live: "blue" }, up: "success", shares: { v1: 1 } },
              { name: "nothing is left to do", up: { expect: "success", changes: "none" } },
            ],
          },
          ...named(),
        );
        expectPassed(outcome);
      },
      6 * MINUTES,
    );

    test(
      "somebody empties the idle side and moves the weights there by hand: requests are lost, and the verdict says so",
      async () => {
        const { report, exitCode } = await rehearse(
          pairExample,
          {
            ...base,
            steps: [
              { name: "create", up: "success" },
              {
                name: "empty green",
                kubectl: ["-n", "site", "scale", "deployment", "-l", "hitless.dev/fleet=site-green", "--replicas=0"],
              },
              { name: "move the weights", weights: { to: { "site-green": 100, "site-blue": 0 } } },
            ],
          },
          ...named(),
        );
        expect(report.requests.lost).toBeGreaterThan(0);
        expect(exitCode).toBe(1);
      },
      4 * MINUTES,
    );
  },
  { nodes: 2, images: [appImage] },
);
