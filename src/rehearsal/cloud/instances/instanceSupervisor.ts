import { EventEmitter } from "node:events";
import type { Logger } from "pino";
import { Clock } from "../clock.js";
import { ConsoleRing } from "./consoleRing.js";
import type { BootPlan, InstanceProcesses, Launcher } from "./launcher.js";
import { describeEnd } from "./processResults.js";
import { processTimes } from "./processTimes.js";
import type { InstanceEndpoint, InstanceExit, InstanceRuntime, InstanceSpec } from "./runtime.js";
import { readUserData } from "./userData.js";

/** Real milliseconds that a killed tree may take to disappear before that is an error. */
const killDeadlineMs = 10_000;
/** Consoles of ended instances that are kept. */
const keptConsoles = 256;

interface Instance {
  readonly launched: Promise<InstanceProcesses>;
  /** Present once it is launched. */
  processes?: InstanceProcesses;
  expected: boolean;
}

/** An `InstanceRuntime` on top of a launcher: who runs, who was asked to end, and what each one wrote. */
export class InstanceSupervisor implements InstanceRuntime {
  readonly events = new EventEmitter<{ exit: [InstanceExit] }>();
  private readonly running = new Map<string, Instance>();
  private readonly consoles = new Map<string, ConsoleRing>();
  private readonly log: Logger;
  /** Grace periods are real time: the caller has divided them already. */
  private readonly realTime = new Clock();
  private closing?: Promise<void>;

  constructor(
    private readonly launcher: Launcher,
    private readonly options: { readonly log: Logger; readonly imageCommands?: Readonly<Record<string, string>> },
  ) {
    this.log = options.log.child({ part: "instances" });
  }

  get isolation(): "namespace" | "loopback" | "paper" {
    return this.launcher.isolation;
  }

  get isolationReason(): string | undefined {
    return this.launcher.isolationReason;
  }

  async start(spec: InstanceSpec): Promise<InstanceEndpoint> {
    const { instanceId } = spec;
    if (this.closing) throw new Error(`instance ${instanceId} is not started: the local cloud is stopping`);
    if (this.running.has(instanceId)) throw new Error(`instance ${instanceId} runs already`);
    const console = this.openConsole(instanceId);
    let boot: BootPlan;
    try {
      boot = this.bootPlan(spec, console);
    } catch (error) {
      console.note((error as Error).message);
      throw new Error(`instance ${instanceId} cannot boot: ${(error as Error).message}`);
    }
    const instance: Instance = { launched: this.launcher.launch(spec, boot, console), expected: false };
    this.running.set(instanceId, instance);
    let processes: InstanceProcesses;
    try {
      processes = await instance.launched;
      instance.processes = processes;
    } catch (error) {
      this.running.delete(instanceId);
      console.note((error as Error).message);
      throw new Error(`instance ${instanceId} cannot be started: ${(error as Error).message}`);
    }
    void processes.ended.then((end) => {
      this.running.delete(instanceId);
      console.note(`no process is left: the instance has ended (${describeEnd(end)})`);
      this.log.debug({ instanceId, ...end, expected: instance.expected }, "instance ended");
      this.events.emit("exit", { instanceId, ...end, expected: instance.expected });
    });
    return processes.endpoint;
  }

  async stop(instanceId: string, graceMs: number): Promise<void> {
    const processes = await this.toEnd(instanceId);
    if (!processes) return;
    processes.terminate();
    const cancel = this.realTime.after(graceMs / 1000, () => {
      this.consoles.get(instanceId)?.note(`still running ${graceMs} ms after SIGTERM: SIGKILL`);
      processes.kill();
    });
    try {
      await this.within(graceMs + killDeadlineMs, instanceId, processes.ended);
    } finally {
      cancel();
    }
  }

  async kill(instanceId: string): Promise<void> {
    const processes = await this.toEnd(instanceId);
    if (!processes) return;
    processes.kill();
    await this.within(killDeadlineMs, instanceId, processes.ended);
  }

  async console(instanceId: string): Promise<string> {
    return this.consoles.get(instanceId)?.text() ?? "";
  }

  async cpuSeconds(): Promise<Record<string, number>> {
    const times = await processTimes();
    if (times.length === 0) return {};
    const used = [...this.running].flatMap(([instanceId, { processes }]) =>
      processes?.cpuSeconds === undefined ? [] : [[instanceId, processes.cpuSeconds(times)] as const],
    );
    return Object.fromEntries(used);
  }

  close(): Promise<void> {
    this.closing ??= (async () => {
      const results = await Promise.allSettled([...this.running.keys()].map((id) => this.kill(id)));
      await this.launcher.close();
      const failed = results.filter((result) => result.status === "rejected");
      if (failed.length > 0) throw new Error(failed.map((result) => (result.reason as Error).message).join("; "));
    })();
    return this.closing;
  }

  /** Marks an instance as asked to end; undefined when it does not run (unknown, ended, or it never started). */
  private async toEnd(instanceId: string): Promise<InstanceProcesses | undefined> {
    const instance = this.running.get(instanceId);
    if (!instance) return undefined;
    instance.expected = true;
    // A failed launch has left nothing behind, and `start` has told its caller.
    return instance.launched.catch(() => undefined);
  }

  private bootPlan(spec: InstanceSpec, console: ConsoleRing): BootPlan {
    if (this.launcher.isolation === "paper") return {};
    const imageCommand = this.options.imageCommands?.[spec.imageId];
    const data = readUserData(spec.userData);
    if (data.kind === "inert") console.note(data.why);
    if (data.kind !== "script" && imageCommand === undefined) {
      console.note(
        `nothing to run: ${data.kind === "none" ? "no user data and " : ""}no command for image ${spec.imageId}; the instance idles`,
      );
    }
    return { script: data.kind === "script" ? data.script : undefined, imageCommand };
  }

  private openConsole(instanceId: string): ConsoleRing {
    const console = new ConsoleRing();
    this.consoles.delete(instanceId);
    this.consoles.set(instanceId, console);
    for (const id of this.consoles.keys()) {
      if (this.consoles.size <= keptConsoles) break;
      if (!this.running.has(id) && id !== instanceId) this.consoles.delete(id);
    }
    return console;
  }

  private within(ms: number, instanceId: string, ended: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.realTime.after(ms / 1000, () =>
        reject(new Error(`processes of instance ${instanceId} are still there ${ms} ms after they were told to end`)),
      );
      void ended.then(() => {
        cancel();
        resolve();
      });
    });
  }
}
