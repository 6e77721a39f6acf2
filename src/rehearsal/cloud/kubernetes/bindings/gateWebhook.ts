import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect } from "node:net";
import type { Logger } from "pino";
import type { Authority } from "../../tls/authority.js";
import type { ClusterView } from "../api/clusterView.js";
import type { KubeClient } from "../api/kubeClient.js";
import type { Pod } from "../api/kubeObjects.js";
import type { Watched } from "../api/watched.js";
import { gateOf, hasGate, type TargetGroupBinding } from "./binding.js";

const NAME = "hitless-pod-readiness-gates";
const CONFIGURATION_PATH = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${NAME}`;
const LONGEST_BODY = 4 * 1024 * 1024;
const CONNECT_DEADLINE_MS = 10_000;

interface AdmissionReview {
  readonly request: { readonly uid: string; readonly namespace: string; readonly object: Pod };
}

/**
 * Gives new pods the readiness gates of the bindings whose Services select them, in namespaces with the label
 * `elbv2.k8s.aws/pod-readiness-gate-inject: enabled`: the API server asks here before it keeps a pod.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/pod_readiness_gate/
 */
export class GateWebhook {
  private constructor(
    private readonly server: Server,
    private readonly client: KubeClient,
  ) {}

  static async start(deps: {
    client: KubeClient;
    view: ClusterView;
    bindings: Watched<TargetGroupBinding>;
    authority: Authority;
    log: Logger;
  }): Promise<GateWebhook> {
    const { client, authority, log } = deps;
    const address = await addressTowards(client.server);
    const server = createServer(authority.issue(address), (request, response) => {
      answer(request, response, (review) => gatesFor(review, deps)).catch((error: Error) => {
        log.error({ err: error }, "an admission request could not be answered");
        response.writeHead(400).end(error.message);
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(0, address, resolve);
    });
    const webhook = new GateWebhook(server, client);
    await client.patch(
      CONFIGURATION_PATH,
      "apply-patch",
      configuration(address, (server.address() as AddressInfo).port, authority),
    );
    return webhook;
  }

  /** Takes the webhook out of the cluster first: otherwise no pod could be created any more in those namespaces. */
  async close(): Promise<void> {
    try {
      await this.client.delete(CONFIGURATION_PATH);
    } finally {
      this.server.closeAllConnections();
      await new Promise((resolve) => this.server.close(resolve));
    }
  }
}

/** The address of this machine that the API server can reach: the one that we reach it from. */
function addressTowards(server: string): Promise<string> {
  const { hostname, port, protocol } = new URL(server);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port || (protocol === "https:" ? 443 : 80)) });
    socket.setTimeout(CONNECT_DEADLINE_MS, () => socket.destroy(new Error(`${server} did not answer in time`)));
    socket.once("error", reject);
    socket.once("connect", () => {
      resolve(socket.localAddress as string);
      socket.destroy();
    });
  });
}

/** As the controller's own is (`mpod.elbv2.k8s.aws`): a pod that cannot be asked about is not created. */
function configuration(address: string, port: number, authority: Authority): object {
  return {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "MutatingWebhookConfiguration",
    metadata: { name: NAME },
    webhooks: [
      {
        name: "mpod.elbv2.k8s.aws",
        admissionReviewVersions: ["v1"],
        sideEffects: "None",
        failurePolicy: "Fail",
        timeoutSeconds: 10,
        clientConfig: {
          url: `https://${address}:${port}/mutate-v1-pod`,
          caBundle: Buffer.from(authority.cert).toString("base64"),
        },
        namespaceSelector: {
          matchExpressions: [{ key: "elbv2.k8s.aws/pod-readiness-gate-inject", operator: "In", values: ["enabled"] }],
        },
        rules: [
          { apiGroups: [""], apiVersions: ["v1"], resources: ["pods"], operations: ["CREATE"], scope: "Namespaced" },
        ],
      },
    ],
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  gates: (review: AdmissionReview) => readonly string[],
): Promise<void> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > LONGEST_BODY) throw new Error(`the admission request is longer than ${LONGEST_BODY} bytes`);
    parts.push(part);
  }
  const review = JSON.parse(Buffer.concat(parts).toString("utf8")) as AdmissionReview;
  const { uid, object } = review.request;
  const wanted = gates(review).filter((gate) => !hasGate(object, gate));
  const readinessGates = [...(object.spec.readinessGates ?? []), ...wanted.map((conditionType) => ({ conditionType }))];
  const patch = Buffer.from(JSON.stringify([{ op: "add", path: "/spec/readinessGates", value: readinessGates }]));
  const changed = wanted.length > 0 ? { patchType: "JSONPatch", patch: patch.toString("base64") } : {};
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({
      apiVersion: "admission.k8s.io/v1",
      kind: "AdmissionReview",
      response: { uid, allowed: true, ...changed },
    }),
  );
}

/** The gates of the namespace's bindings with ip targets whose Service selects the pod. */
function gatesFor(
  { request: { namespace, object } }: AdmissionReview,
  { view, bindings }: { view: ClusterView; bindings: Watched<TargetGroupBinding> },
): string[] {
  const labels = object.metadata.labels ?? {};
  return bindings.in(namespace).flatMap((binding) => {
    const { targetType, serviceRef } = binding.spec;
    if (targetType === "instance") return [];
    const selector = Object.entries(view.services.get(`${namespace}/${serviceRef.name}`)?.spec.selector ?? {});
    const selected = selector.length > 0 && selector.every(([key, value]) => labels[key] === value);
    return selected ? [gateOf(binding)] : [];
  });
}
