// Our side: a stack of `program` in the real engine, on the rehearsal's providers, which act as the account "hitless".
import { mkdirSync } from "node:fs";
import path from "node:path";

/** A stack that holds one strategy. */
export class Ours {
  static async open(ground, name, config) {
    const ours = new Ours();
    const work = path.join(ground.work, `stack-${name}`);
    mkdirSync(work);
    const access = ground.engineAccess();
    const { programEnvironment } = ground.dist("runner/programEnvironment.js");
    const { ProviderHost } = ground.dist("runner/providerHost.js");
    const { Stack } = ground.dist("runner/stack.js");
    const project = ground.dist("runner/project.js").findProject(path.join(import.meta.dirname, "program"));
    const engine = await ground.dist("engine/engine.js").resolveEngine();
    ours.provider = await ProviderHost.start(programEnvironment(process.env, {}, access, work, ""));
    const { signal } = new AbortController();
    ours.stack = new Stack(project, engine, access, () => ours.provider.environment(), work, signal);
    await ours.stack.init();
    await ours.up({ "aws:region": access.region, name, ...config });
    const outputs = await ours.stack.outputs();
    if (!URL.canParse(outputs.url)) throw new Error(`${name} has no URL: its outputs are ${Object.keys(outputs)}`);
    ours.url = outputs.url;
    return ours;
  }

  /** An `up` with these settings changed; null takes one away. @throws Error with what the engine said */
  async up(settings = {}) {
    this.stack.config.set(settings);
    const startedAt = Date.now();
    const told = process.env.HITLESS_BENCH_EVIDENCE
      ? ({ text }) => process.stderr.write(`  ${((Date.now() - startedAt) / 1000).toFixed(1)} s  ${text.trim()}\n`)
      : () => {};
    const run = this.stack.up(false, told);
    run.onOperation((ended) => told({ text: `${ended} operations have ended` }));
    const end = await run.ended;
    told({ text: `up has ended, ${JSON.stringify(settings)}` });
    if (end.exitCode === 0) return;
    throw new Error(`up failed: ${end.errors.join("\n") || end.tail}`);
  }

  /** Seconds of an `up` that has nothing to do: the engine's start, the program and the look at what is there. */
  async engineSeconds() {
    const startedAt = Date.now();
    await this.up();
    return (Date.now() - startedAt) / 1000;
  }

  close() {
    return this.provider.close();
  }
}
