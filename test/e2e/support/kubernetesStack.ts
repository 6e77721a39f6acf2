import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { startKubernetesProvider } from "../../../src/rehearsal/provider/kubernetes/server.js";
import type { ProviderServer } from "../../../src/rehearsal/provider/protocol/grpcServer.js";
import { attachedProviders } from "../../../src/rehearsal/runner/attachedProviders.js";
import { type Ran, run } from "./installedProgram.js";
import { root } from "./rehearse.js";

/** Stragglers are waited for so many times shorter. */
const SPEED = 20;

/** What an operation did, by the engine's own count: `{ create: 2, same: 1 }`. */
export type Steps = Readonly<Record<string, number>>;

/** A stack of a given program with the rehearsal's Kubernetes provider, driven by the real engine. */
export class KubernetesStack {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-kubernetes-"));
  #provider: ProviderServer | undefined;
  #environment: NodeJS.ProcessEnv = {};
  #pulumi = "";

  /** @param kubeconfig path of the cluster's */
  async start(kubeconfig: string): Promise<void> {
    mkdirSync(path.join(this.directory, "state"));
    symlinkSync(path.join(root, "node_modules"), path.join(this.directory, "node_modules"));
    writeFileSync(path.join(this.directory, "package.json"), JSON.stringify({ name: "shop", main: "index.js" }));
    writeFileSync(path.join(this.directory, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    const { resolveEngine } = require(path.join(root, "dist/rehearsal/engine/engine.js"));
    const engine = await resolveEngine();
    this.#pulumi = engine.pulumi;
    this.#environment = {
      ...process.env,
      ...engine.environment(),
      KUBECONFIG: kubeconfig,
      HITLESS_KUBECONFIG: kubeconfig,
      PULUMI_BACKEND_URL: `file://${path.join(this.directory, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    this.#provider = await startKubernetesProvider({ environment: this.#environment, speed: SPEED });
    Object.assign(this.#environment, attachedProviders({ kubernetes: this.#provider.port }));
    await this.must("stack", "init", "test");
  }

  /** @param body statements with `k8s` (the SDK), `config` and `exports` */
  write(body: string): void {
    const head = 'const pulumi = require("@pulumi/pulumi");\nconst k8s = require("@pulumi/kubernetes");\n';
    writeFileSync(path.join(this.directory, "index.js"), `${head}const config = new pulumi.Config();\n${body}`);
  }

  /** Runs the CLI in the program's directory, whatever its exit code. */
  pulumi(...args: string[]): Promise<Ran> {
    const quiet = ["--non-interactive", "--color", "never"];
    return run(this.#pulumi, [...args, ...quiet], this.directory, this.#environment);
  }

  async must(...args: string[]): Promise<Ran> {
    const ran = await this.pulumi(...args);
    if (ran.exitCode !== 0) throw new Error(`pulumi ${args.join(" ")} failed (${ran.exitCode}):\n${ran.output}`);
    return ran;
  }

  async set(config: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(config).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    await this.must("config", "set-all", "--stack", "test", ...pairs);
  }

  /** An update that has to succeed; what it did. */
  async up(...args: string[]): Promise<Steps> {
    const { output } = await this.must("up", "--stack", "test", "--yes", "--skip-preview", ...args);
    return stepsOf(output);
  }

  failingUp(...args: string[]): Promise<Ran> {
    return this.pulumi("up", "--stack", "test", "--yes", "--skip-preview", ...args);
  }

  async preview(...args: string[]): Promise<{ steps: Steps; output: string }> {
    const { output } = await this.must("preview", "--stack", "test", "--diff", ...args);
    return { steps: stepsOf(output), output };
  }

  /** Everything that the state holds, as text: secrets must not be readable in it. */
  async state(): Promise<string> {
    return (await this.must("stack", "export", "--stack", "test")).stdout;
  }

  async outputs(): Promise<Record<string, any>> {
    return JSON.parse((await this.must("stack", "output", "--json", "--stack", "test")).stdout);
  }

  async close(): Promise<void> {
    await this.#provider?.close();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The table at the end of an operation: `    + 3 created`, `    +-1 replaced`, `    4 unchanged`, `    7 changes. 4 unchanged`. */
function stepsOf(output: string): Steps {
  const table = output.slice(output.lastIndexOf("Resources:"));
  const counted = [...table.matchAll(/(\d+) (to [a-z]+|[a-z]+(?:ed|es))\b/g)].map(([, count, what]) => [
    what,
    Number(count),
  ]);
  return Object.fromEntries(counted);
}
