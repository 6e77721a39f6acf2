// Argo Rollouts' side: its controller as a pod, and Rollouts with the pods that Hitless makes, behind a Gateway.
import { spawn } from "node:child_process";
import { ARGO, controllerImage, controllerObjects } from "./argoController.mjs";
import { answers } from "./plain.mjs";
import { httpRoute, podTemplate, service, shop } from "./shop.mjs";

const NAME = "shop";
const DEADLINE_MS = 180_000;

/** Starts the controller; resolves when it is ready. */
export async function startArgo(ground, { program, crds }) {
  await ground.cluster.importImage(controllerImage(program));
  const kinds = ["rollout", "analysis-run", "analysis-template", "cluster-analysis-template", "experiment"];
  const files = kinds.flatMap((kind) => ["-f", `${crds}/${kind}-crd.yaml`]);
  await ground.kubectl(["apply", "--server-side", ...files]);
  await ground.kubectl(["wait", "--for=condition=Established", "--timeout=60s", "crd", "rollouts.argoproj.io"]);
  await ground.apply(controllerObjects(ground.cluster.server));
  try {
    await ground.kubectl(["wait", "--for=condition=Ready", "--timeout=90s", `pod/${ARGO}`, "-n", ARGO]);
  } catch (error) {
    const logs = await ground.kubectl(["logs", `pod/${ARGO}`, "-n", ARGO, "--tail=20"]).catch(({ message }) => message);
    throw new Error(`Argo Rollouts does not start: ${error.message}\n${logs}`);
  }
}

export const strategies = {
  /**
   * Four steps without a pause, by the share of pods, as no router that Argo has built in is served here. It may have as many pods at once
   * as ours has; the window lets a rollback skip the steps (documentation, "Rollback Windows").
   */
  canary: {
    canary: { maxSurge: "100%", maxUnavailable: 0, steps: [25, 50, 75, 100].map((setWeight) => ({ setWeight })) },
  },
  /** The active Service's selector is switched as soon as all new pods are ready; the old pods stay for 30 seconds (the default). */
  blueGreen: { blueGreen: { activeService: NAME, autoPromotionEnabled: true } },
};

/** @returns its URL */
export async function openRollout(ground, namespace, strategy) {
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { namespace, name: NAME },
    spec: {
      replicas: shop.pods,
      minReadySeconds: shop.warmupSeconds,
      rollbackWindow: { revisions: 2 },
      selector: { matchLabels: { app: namespace } },
      template: podTemplate(namespace, "v1", true),
      strategy,
    },
  };
  await ground.apply([service(namespace, NAME), httpRoute(namespace, NAME), rollout]);
  await done(ground, namespace, 1);
  const url = ground.urls[namespace];
  await answers(url);
  return url;
}

/** Changes the version in the Rollout, and waits until Argo says that it is healthy with it. Going back is the same. */
export async function setVersion(ground, namespace, version) {
  const patch = [{ op: "replace", path: "/spec/template/spec/containers/0/env/0/value", value: version }];
  const words = ["patch", "rollout", NAME, "-n", namespace, "--type=json", "-p", JSON.stringify(patch)];
  const answer = await ground.kubectl([...words, "-o", "jsonpath={.metadata.generation}"], ground.kubeconfigs[ARGO]);
  await done(ground, namespace, Number(answer));
}

/** A watch, as `kubectl argo rollouts status` keeps one; it is the administrator's, so that Argo's account is not charged for it. */
async function done(ground, namespace, generation) {
  const fields = ["observedGeneration", "phase", "stableRS", "currentPodHash", "message"];
  const format = `jsonpath=${fields.map((field) => `{.status.${field}}`).join("|")}{"\\n"}`;
  const words = ["--kubeconfig", ground.cluster.kubeconfig, "get", "rollout", NAME, "-n", namespace, "--watch"];
  const child = spawn(ground.cluster.kubectl, [...words, "-o", format], { stdio: ["ignore", "pipe", "inherit"] });
  let last = "";
  try {
    await new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`the Rollout in ${namespace} is not done: ${last}`)),
        DEADLINE_MS,
      );
      timer.unref();
      child.once("exit", (code) => reject(new Error(`the watch has ended (${code}): ${last}`)));
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        const lines = text.split("\n");
        text = lines.pop();
        for (const line of lines) {
          last = line;
          const [observed, phase, stable, current] = line.split("|");
          if (Number(observed) >= generation && phase === "Healthy" && stable === current) resolve();
          if (phase === "Degraded") reject(new Error(`the Rollout in ${namespace} is degraded: ${line}`));
        }
      });
    });
  } finally {
    child.kill("SIGKILL");
  }
}
