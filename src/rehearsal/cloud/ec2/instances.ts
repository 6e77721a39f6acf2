import { EventEmitter, setMaxListeners } from "node:events";
import type { Logger } from "pino";
import { AwsError } from "../awsError.js";
import type { Clock } from "../clock.js";
import type { InstanceExit, InstanceRuntime } from "../instances/runtime.js";
import type { InstanceStateName, InstanceView } from "../ports.js";
import { newId } from "./ids.js";
import { Instance, type StateReason } from "./instance.js";
import { type InstanceFaults, InstanceFaultsInForce } from "./instanceFaults.js";
import { instanceSpec } from "./instanceSpec.js";
import type { LaunchSettings } from "./launchSettings.js";
import type { Network } from "./network.js";
import type { TagRecord, Tags } from "./tags.js";

export interface InstancesOptions {
  readonly clock: Clock;
  readonly runtime: InstanceRuntime;
  readonly log: Logger;
  readonly network: Network;
  readonly tags: Tags;
  /** AWS seconds in `pending` before the process tree is started. */
  readonly bootSeconds: number;
  /** Most instances that live at once: a runaway group must not take the machine down. */
  readonly maxInstances: number;
}

/** AWS seconds between SIGTERM and SIGKILL; systemd waits 90 s for a service, EC2 then switches the machine off. */
const shutdownGraceSeconds = 90;
/** However fast the clock, a process gets this long to end its requests: it does not run faster itself. */
const leastShutdownGraceMs = 2000;
/** A process tree that has not started in this real time has failed. */
const startDeadlineMs = 60_000;
/** "Terminated instances remain visible for approximately one hour" (botocore model, TerminateInstances). */
const visibleAfterEndSeconds = 3600;

const consoleTailLines = 20;

/** Instances and their lives: pending → running → shutting-down → terminated, each change after the launch told by a "state" event. */
export class Instances {
  readonly events = new EventEmitter<{ state: [InstanceView] }>();
  private readonly instances = new Map<string, Instance>();
  private readonly closing = new AbortController();
  private readonly forgetTimers = new Set<() => void>();
  private faults = new InstanceFaultsInForce();

  constructor(private readonly options: InstancesOptions) {
    options.runtime.events.on("exit", this.onExit);
    // Each starting instance listens for the end: many at once are no leak.
    setMaxListeners(0, this.closing.signal);
  }

  /** Replaces the faults in force; the instances of a zone that is lost now are killed. */
  async setFaults(faults: InstanceFaults): Promise<void> {
    this.faults = new InstanceFaultsInForce(faults);
    const dark = this.live().filter(({ settings }) => this.isLost(settings.subnet.zone.name));
    await Promise.all(dark.map((instance) => this.powerFailure(instance)));
  }

  isLost(zone: string): boolean {
    return this.faults.isLost(zone);
  }

  /** Creates an instance in state `pending`; its start goes on by itself. */
  launch(settings: LaunchSettings, tags: TagRecord, reservation = newId("r"), launchIndex = 0): Instance {
    const { maxInstances } = this.options;
    if (this.closing.signal.aborted) throw new AwsError("Unavailable", "The local cloud is stopping.", 503);
    // All of them are counted only where that could be too many: a group of a thousand asks for each one.
    if (this.instances.size >= maxInstances && this.live().length >= maxInstances) {
      throw new AwsError(
        "InstanceLimitExceeded",
        `You have requested more instances than your current instance limit of ${maxInstances} allows.`,
      );
    }
    const zone = settings.subnet.zone.name;
    if (this.isLost(zone)) {
      throw new AwsError(
        "InsufficientInstanceCapacity",
        `We currently do not have sufficient capacity in the Availability Zone you requested (${zone}).`,
        500,
      );
    }
    const instance = new Instance(settings, takeAddress(settings), reservation, launchIndex);
    try {
      this.options.tags.put(instance.instanceId, { ...settings.tags, ...tags }, { byService: true });
    } catch (error) {
      settings.subnet.addresses.release(instance.privateIpAddress);
      throw error;
    }
    this.instances.set(instance.instanceId, instance);
    if (settings.data.MetadataOptions?.HttpEndpoint === "disabled") {
      this.options.log.warn(
        { instanceId: instance.instanceId },
        "the metadata service is served although HttpEndpoint is disabled",
      );
    }
    instance.started = this.start(instance);
    return instance;
  }

  /** Asks for an instance's end; resolves when it is terminated. */
  terminate(instance: Instance, reason: StateReason = userInitiated): Promise<void> {
    instance.ended ??= this.end(instance, reason);
    return instance.ended;
  }

  /** Ends an instance as a power failure does: nothing of it gets time to finish. */
  async powerFailure(instance: Instance): Promise<void> {
    if (!instance.isLive) return;
    await instance.started;
    await this.options.runtime.kill(instance.instanceId);
    this.lost(instance, "Power failure: the instance was killed.");
  }

  list(): Instance[] {
    return [...this.instances.values()];
  }

  live(): Instance[] {
    return this.list().filter(({ isLive }) => isLive);
  }

  find(instanceId: string): Instance | undefined {
    return this.instances.get(instanceId);
  }

  get(instanceId: string): Instance {
    const instance = this.instances.get(instanceId);
    if (instance) return instance;
    if (!/^i-[0-9a-f]+$/.test(instanceId)) {
      throw new AwsError("InvalidInstanceID.Malformed", `Invalid id: "${instanceId}"`);
    }
    throw new AwsError("InvalidInstanceID.NotFound", `The instance ID '${instanceId}' does not exist`);
  }

  viewOf(instance: Instance): InstanceView {
    return instance.view(this.options.tags.of(instance.instanceId));
  }

  /** Ends what still lives, without grace, and stops listening; no event is told any more. */
  async close(): Promise<void> {
    if (this.closing.signal.aborted) return;
    this.closing.abort(new Error("the cloud is stopping"));
    this.options.runtime.events.off("exit", this.onExit);
    this.events.removeAllListeners();
    for (const cancel of this.forgetTimers) cancel();
    const alive = this.list().filter(({ state }) => state !== "terminated");
    await Promise.all(
      alive.map(async (instance) => {
        await instance.started;
        await this.options.runtime.kill(instance.instanceId);
        await instance.ended;
      }),
    );
  }

  private async start(instance: Instance): Promise<void> {
    const { clock, runtime, network, tags, bootSeconds } = this.options;
    try {
      // Never at once: whoever launches gets to see `pending` first.
      await clock.sleep(bootSeconds + this.faults.bootDelaySeconds, this.closing.signal);
      if (instance.state !== "pending") return;
      if (this.faults.failsToBoot()) throw new Error("a fault that was asked for");
      const starting = runtime.start(instanceSpec(instance, network, tags.of(instance.instanceId)));
      instance.endpoint = await this.within(startDeadlineMs, starting);
      if (instance.state === "pending") this.become(instance, "running");
    } catch (error) {
      if (this.closing.signal.aborted) return;
      const why = error instanceof Error ? error.message : String(error);
      instance.failure = `The instance could not be started: ${why}`;
      this.options.log.error({ instanceId: instance.instanceId, err: error }, "instance could not be started");
      if (instance.state !== "pending") return;
      instance.stateReason = {
        code: "Server.InternalError",
        message: `Server.InternalError: Internal error on launch (${why})`,
      };
      this.become(instance, "shutting-down");
      await this.killOrLog(instance);
      this.becomeTerminated(instance);
    }
  }

  private async end(instance: Instance, reason: StateReason): Promise<void> {
    if (instance.state === "terminated") return;
    const { clock, runtime, log } = this.options;
    instance.stateReason = reason;
    instance.transition = `User initiated (${new Date(clock.now()).toISOString().slice(0, 19).replace("T", " ")} GMT)`;
    this.become(instance, "shutting-down");
    await instance.started;
    try {
      await runtime.stop(instance.instanceId, Math.max(leastShutdownGraceMs, clock.toRealMs(shutdownGraceSeconds)));
    } catch (error) {
      log.error({ instanceId: instance.instanceId, err: error }, "instance did not stop; killing it");
      await this.killOrLog(instance);
    }
    this.becomeTerminated(instance);
  }

  private readonly onExit = (exit: InstanceExit): void => {
    const instance = this.instances.get(exit.instanceId);
    if (!instance?.isLive || exit.expected) return;
    const how = exit.signal ? `signal ${exit.signal}` : `exit code ${exit.exitCode}`;
    // SIGKILL on the whole tree is how the runtime cuts the power.
    if (exit.signal === "SIGKILL") {
      this.lost(instance, "Power failure: every process of the instance was killed.");
      return;
    }
    // AWS keeps an instance running whose application died: the operating system lives on, and health checks find out.
    void this.recordDeath(
      instance,
      `Nothing of the instance's user data runs any more (${how}); nothing is left to serve.`,
    );
  };

  private async recordDeath(instance: Instance, what: string): Promise<void> {
    instance.failure = what;
    const tail = await this.consoleTail(instance);
    instance.failure = tail ? `${what} Last lines of its console:\n${tail}` : `${what} Its console is empty.`;
    this.options.log.warn({ instanceId: instance.instanceId, console: tail }, what);
  }

  private lost(instance: Instance, what: string): void {
    if (!instance.isLive) return;
    instance.failure = what;
    instance.stateReason = { code: "Server.InternalError", message: `Server.InternalError: ${what}` };
    this.options.log.warn({ instanceId: instance.instanceId }, what);
    this.becomeTerminated(instance);
  }

  private become(instance: Instance, state: InstanceStateName): void {
    instance.state = state;
    this.tell(instance);
  }

  private becomeTerminated(instance: Instance): void {
    if (instance.state === "terminated") return;
    instance.settings.subnet.addresses.release(instance.privateIpAddress);
    this.become(instance, "terminated");
    if (this.closing.signal.aborted) return;
    const cancel = this.options.clock.after(visibleAfterEndSeconds, () => {
      this.forgetTimers.delete(cancel);
      this.instances.delete(instance.instanceId);
      this.options.tags.forget(instance.instanceId);
    });
    this.forgetTimers.add(cancel);
  }

  private tell(instance: Instance): void {
    this.options.log.debug({ instanceId: instance.instanceId, state: instance.state }, "instance state");
    try {
      this.events.emit("state", this.viewOf(instance));
    } catch (error) {
      // A listener's fault must not leave the instance halfway between two states.
      this.options.log.error({ instanceId: instance.instanceId, err: error }, "a listener of instance states failed");
    }
  }

  private async consoleTail(instance: Instance): Promise<string> {
    try {
      const text = await this.options.runtime.console(instance.instanceId);
      return text.trimEnd().split("\n").slice(-consoleTailLines).join("\n");
    } catch (error) {
      this.options.log.error({ instanceId: instance.instanceId, err: error }, "the console could not be read");
      return "";
    }
  }

  private async killOrLog(instance: Instance): Promise<void> {
    try {
      await this.options.runtime.kill(instance.instanceId);
    } catch (error) {
      this.options.log.error({ instanceId: instance.instanceId, err: error }, "instance could not be killed");
    }
  }

  private within<T>(ms: number, promise: Promise<T>): Promise<T> {
    const { clock } = this.options;
    const { signal } = this.closing;
    return new Promise((resolve, reject) => {
      // The clock takes AWS seconds; a deadline for the machine itself is real time.
      const cancel = clock.after((ms / 1000) * clock.speed, () =>
        reject(new Error(`it did not start within ${ms / 1000} s`)),
      );
      const onClose = (): void => reject(signal.reason);
      signal.addEventListener("abort", onClose, { once: true });
      promise.then(resolve, reject).finally(() => {
        cancel();
        signal.removeEventListener("abort", onClose);
      });
    });
  }
}

const userInitiated: StateReason = {
  code: "Client.UserInitiatedShutdown",
  message: "Client.UserInitiatedShutdown: User initiated shutdown",
};

function takeAddress({ subnet, privateIpAddress }: LaunchSettings): string {
  if (privateIpAddress === undefined) {
    const address = subnet.addresses.allocate();
    if (address) return address;
    throw new AwsError(
      "InsufficientFreeAddressesInSubnet",
      `There are not enough free addresses in subnet '${subnet.subnetId}' to satisfy the requested number of instances.`,
    );
  }
  if (!subnet.addresses.holds(privateIpAddress)) {
    throw new AwsError(
      "InvalidParameterValue",
      `Address ${privateIpAddress} does not fall within the subnet's address range`,
    );
  }
  if (subnet.addresses.claim(privateIpAddress)) return privateIpAddress;
  throw new AwsError("InvalidIPAddress.InUse", `Address ${privateIpAddress} is in use.`);
}
