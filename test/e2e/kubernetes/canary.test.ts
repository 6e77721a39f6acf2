/** A CanaryRelease on the pods of a real cluster, behind a Gateway and under load. */
import { describeWithCluster } from "../../support/cluster.js";
import { appImage, canaryExample, ownScenario, strictPolicies } from "../support/kubernetesPrograms.js";
import { expectPassed, rehearse, step } from "../support/rehearse.js";

const MINUTES = 60_000;

describeWithCluster(
  "CanaryRelease on Kubernetes",
  (cluster) => {
    const named = () => ["--kubeconfig", cluster().kubeconfig];

    test(
      "the example's own rehearsal, with every policy mandatory: step by step to a promotion that restarts no pod, and back, nothing lost",
      async () => {
        const outcome = await rehearse(canaryExample, ownScenario(canaryExample), ...named(), ...strictPolicies);
        expectPassed(outcome);
        // The record since when v2 is idle, and no fleet.
        expect(step(outcome.report, "go back to v1").changes.create).toBe(1);
      },
      10 * MINUTES,
    );
  },
  { nodes: 2, images: [appImage] },
);
