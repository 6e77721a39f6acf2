// What all sides stand on: one real cluster, the local cloud as its load balancer and Gateways, and a user of the API server for each side, whose
// calls the API server counts.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { appImage } from "./shop.mjs";

const require = createRequire(import.meta.url);
const run = promisify(execFile);
const say = (line) => process.stderr.write(`bench: ${line}\n`);

/** Whoever changes something, by the namespace that an account and its flow schema are named after. */
export const actors = ["kubectl", "argo-rollouts", "hitless"];
const REGION = "us-east-1";

export class Ground {
  #closers = [];

  /** @param gateways names: each gets a namespace, a Gateway and a URL of its own */
  static async open(root, gateways) {
    const ground = new Ground();
    try {
      await ground.#open(root, gateways);
      return ground;
    } catch (error) {
      await ground.close();
      throw error;
    }
  }

  async close() {
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) await close();
  }

  async #open(root, gateways) {
    const dist = (file) => require(path.join(root, "dist/rehearsal", file));
    this.dist = dist;
    this.work = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
    this.#closers.push(() => rmSync(this.work, { recursive: true, force: true, maxRetries: 3 }));
    await dist("cluster/tools/tools.js").prepareClusterTools(say);
    this.cluster = await dist("cluster/cluster.js").Cluster.start({
      nodes: 2,
      images: [appImage(root)],
      progress: say,
    });
    this.#closers.push(() => this.cluster.close());
    const { kubeconfig } = this.cluster;
    const { Connection } = dist("kubernetesApi/connection.js");
    const { readAccess } = dist("kubernetesApi/kubeconfig.js");
    this.api = new Connection(readAccess({ kubeconfig }, process.env), { environment: process.env });
    this.#closers.push(() => this.api.close());
    this.cloud = await dist("runner/rehearsalCloud.js").startCloud(
      1,
      path.join(this.work, "cloud.log"),
      new AbortController().signal,
      { kubeconfig },
    );
    this.#closers.push(() => this.cloud.close());
    await this.#namespaces(gateways);
    const kubectl = (words) => this.kubectl(words);
    const asked = gateways.map((name, index) => ({ name, namespace: "infra", port: 8081 + index, urlConfig: name }));
    this.urls = await dist("runner/gateways.js").openGateways({ kubectl }, asked, this.work);
    this.kubeconfigs = {};
    for (const name of actors) this.kubeconfigs[name] = await this.#actor(name);
  }

  /** With the label pods get a readiness gate from the load balancer's controller; a plain Deployment with default settings has none. */
  async #namespaces(gateways) {
    const named = (name, labels = {}) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    const rolling = named("rolling", { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" });
    await this.apply([...[...gateways, ...actors, "plain", "plain-careful"].map((name) => named(name)), rolling]);
  }

  /** A cluster administrator in the limited priority that accounts have: the API server counts calls by flow schema. */
  async #actor(name) {
    const subject = { kind: "ServiceAccount", name, namespace: name };
    const flow = {
      apiVersion: "flowcontrol.apiserver.k8s.io/v1",
      kind: "FlowSchema",
      metadata: { name: flowSchema(name) },
      spec: {
        priorityLevelConfiguration: { name: "workload-high" },
        matchingPrecedence: 100,
        rules: [
          {
            subjects: [{ kind: "ServiceAccount", serviceAccount: { name, namespace: name } }],
            resourceRules: [
              { verbs: ["*"], apiGroups: ["*"], resources: ["*"], clusterScope: true, namespaces: ["*"] },
            ],
            nonResourceRules: [{ verbs: ["*"], nonResourceURLs: ["*"] }],
          },
        ],
      },
    };
    const binding = {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: flowSchema(name) },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
      subjects: [subject],
    };
    const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace: name, name } };
    await this.apply([account, binding, flow]);
    const token = await this.kubectl(["create", "token", name, "-n", name, "--duration", "4h"]);
    const config = JSON.parse(readFileSync(this.cluster.kubeconfig, "utf8"));
    config.users[0].user = { token: token.trim() };
    const file = path.join(this.work, `${name}.kubeconfig`);
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }

  /** @param kubeconfig whose calls these are. @default the administrator's, which nobody counts */
  async kubectl(words, kubeconfig = this.cluster.kubeconfig) {
    const cache = path.join(this.work, "kubectl");
    mkdirSync(cache, { recursive: true });
    const args = ["--kubeconfig", kubeconfig, "--cache-dir", cache, ...words];
    const { stdout } = await run(this.cluster.kubectl, args, { timeout: 180_000, maxBuffer: 1 << 26 });
    return stdout;
  }

  async apply(items, kubeconfig) {
    const file = path.join(this.work, `objects-${Date.now()}.json`);
    writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items }));
    await this.kubectl(["apply", "--server-side", "-f", file], kubeconfig);
  }

  /** Everything that a program, the engine and the providers see. */
  engineAccess() {
    return { url: this.cloud.link.url, region: REGION, speed: 1, kubeconfig: this.kubeconfigs.hitless };
  }

  /** `{ actor: calls, all }` until now; watches that go on are counted once, when they begin. */
  async calls() {
    const text = await this.api.text({ method: "GET", path: "/metrics" });
    const sum = (metric, accept) => {
      let total = 0;
      for (const line of text.split("\n")) {
        if (line.startsWith(`${metric}{`) && accept(line)) total += Number(line.slice(line.lastIndexOf(" ") + 1));
      }
      return total;
    };
    const dispatched = "apiserver_flowcontrol_dispatched_requests_total";
    const own = actors.map((name) => [name, sum(dispatched, (line) => line.includes(`"${flowSchema(name)}"`))]);
    const all = sum("apiserver_request_total", (line) => !line.includes('verb="WATCH"'));
    return { ...Object.fromEntries(own), all };
  }

  /** Resolves when every pod of a namespace that was asked to leave has gone: until then a request may be cut off. */
  async settled(namespace) {
    const deadline = Date.now() + 120_000;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
      const { items } = await this.api.json({ method: "GET", path: `/api/v1/namespaces/${namespace}/pods` });
      if (!items.some(({ metadata }) => metadata.deletionTimestamp !== undefined)) return;
      if (Date.now() > deadline) throw new Error(`pods of ${namespace} do not leave`);
    }
  }
}

const flowSchema = (name) => `bench-${name}`;
