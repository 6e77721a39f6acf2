import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { attachedProviders } from "../../../src/rehearsal/runner/attachedProviders.js";
import { type Ran, run } from "./installedProgram.js";
import { cli, root } from "./rehearse.js";

/** Fails with the whole output, which says why. */
export function expectPassed({ exitCode, output }: Ran): void {
  if (exitCode !== 0 || output.includes("[mandatory]")) throw new Error(`it failed (${exitCode}):\n${output}`);
}

/** Fails with the whole output when nothing was refused. */
export function expectRefused({ exitCode, output }: Ran): void {
  if (exitCode === 0) throw new Error(`it was not refused:\n${output}`);
}

/** A stack of a given program on a local cloud, driven by the real engine with a policy pack. */
export class PolicyStack {
  readonly directory = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-policy-"));
  readonly pack = path.join(this.directory, "node_modules/hitless/policy");
  #cloud: ChildProcess | undefined;
  #providers: ChildProcess[] = [];
  #environment: NodeJS.ProcessEnv = {};
  #pulumi = "";

  /**
   * @param program the text of `index.js`, or the name of an example
   * @param kubeconfig of a cluster, for programs that use one
   */
  async start(program: string | { readonly example: string }, kubeconfig?: string): Promise<void> {
    mkdirSync(path.join(this.directory, "state"));
    symlinkSync(path.join(root, "node_modules"), path.join(this.directory, "node_modules"));
    if (typeof program === "object") {
      cpSync(path.join(root, "examples", program.example), this.directory, { recursive: true });
    } else {
      writeFileSync(path.join(this.directory, "package.json"), JSON.stringify({ name: "shop", main: "index.js" }));
      writeFileSync(path.join(this.directory, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
      this.write(program);
    }
    const { resolveEngine } = require(path.join(root, "dist/rehearsal/engine/engine.js"));
    const engine = await resolveEngine();
    this.#pulumi = engine.pulumi;
    // On paper: policies judge what is declared, whatever the servers run.
    const cloud = fork(cli, ["cloud", "--port", "0", "--speed", "10", "--isolation", "paper"], {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    this.#cloud = cloud;
    const [{ url }] = (await once(cloud, "message")) as [{ url: string }];
    this.#environment = {
      ...process.env,
      ...engine.environment(),
      AWS_REGION: "us-east-1",
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_ENDPOINT_URL: url,
      AWS_EC2_METADATA_DISABLED: "true",
      HITLESS_SPEED: "10",
      PULUMI_BACKEND_URL: `file://${path.join(this.directory, "state")}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    };
    const ports: Record<string, number> = { aws: await this.#startProvider("main.js") };
    if (kubeconfig !== undefined) {
      this.#environment.KUBECONFIG = path.join(this.directory, "kubeconfig");
      writeFileSync(this.#environment.KUBECONFIG, kubeconfig);
      ports.kubernetes = await this.#startProvider("kubernetes/main.js");
    }
    Object.assign(this.#environment, attachedProviders(ports));
    const init = await this.pulumi("stack", "init", "test");
    if (init.exitCode !== 0) throw new Error(init.output);
  }

  /**
   * In a process of its own: the AWS SDK's credentials are imported in a way that jest does not allow. Without an engine's address it
   * outlives each call. @returns its port
   */
  async #startProvider(main: string): Promise<number> {
    const provider = spawn(process.execPath, [path.join(root, "dist/rehearsal/provider", main)], {
      stdio: ["pipe", "pipe", "inherit"],
      env: this.#environment,
    });
    this.#providers.push(provider);
    const [port] = (await once(provider.stdout, "data")) as [Buffer];
    return Number(port.toString());
  }

  write(program: string): void {
    writeFileSync(path.join(this.directory, "index.js"), program);
  }

  /** Sets the program's configuration. */
  async configure(values: Readonly<Record<string, string>>): Promise<void> {
    const pairs = Object.entries(values).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]);
    const { exitCode, output } = await this.pulumi("config", "set-all", "--stack", "test", ...pairs);
    if (exitCode !== 0) throw new Error(output);
  }

  /** Runs the CLI in the program's directory, whatever its exit code. */
  pulumi(...args: string[]): Promise<Ran> {
    const quiet = ["--non-interactive", "--color", "never"];
    return run(this.#pulumi, [...args, ...quiet], this.directory, this.#environment);
  }

  /** `pulumi preview` with our pack. @param config the pack's configuration by rule */
  preview(config?: object, ...more: string[]): Promise<Ran> {
    return this.pulumi("preview", "--stack", "test", ...this.#packFlags(config), ...more);
  }

  up(config?: object): Promise<Ran> {
    return this.pulumi("up", "--stack", "test", "--yes", "--skip-preview", ...this.#packFlags(config));
  }

  /** How many resources the stack has, its own and providers included. */
  async size(): Promise<number> {
    const { stdout } = await this.pulumi("stack", "export", "--stack", "test");
    return ((JSON.parse(stdout).deployment?.resources ?? []) as unknown[]).length;
  }

  async stop(): Promise<void> {
    for (const child of [...this.#providers, this.#cloud]) {
      if (child?.exitCode !== null || child.signalCode !== null) continue;
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    rmSync(this.directory, { recursive: true, force: true });
  }

  #packFlags(config: object | undefined): string[] {
    const flags = ["--policy-pack", this.pack];
    if (config === undefined) return flags;
    const file = path.join(this.directory, "policy-config.json");
    writeFileSync(file, JSON.stringify(config));
    return [...flags, "--policy-pack-config", file];
  }
}
