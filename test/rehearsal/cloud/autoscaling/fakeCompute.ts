import { EventEmitter } from "node:events";
import { AwsError } from "../../../../src/rehearsal/cloud/awsError.js";
import type { Clock } from "../../../../src/rehearsal/cloud/clock.js";
import type {
  Compute,
  InstanceStateName,
  InstanceView,
  LaunchRequest,
  ResolvedTemplate,
} from "../../../../src/rehearsal/cloud/ports.js";

/** How the instances of one template version behave. */
export interface Behaviour {
  /** Seconds from launch to running; "manual" waits for `run`. */
  readonly boot?: number | "manual";
  /** Seconds from registration to the first passed health check; "never" and "failing" do not get there. */
  readonly healthy?: number | "never" | "failing";
  /** Seconds from launch to the end of its process. */
  readonly dies?: number;
  /** Launching it is refused with this. */
  readonly refused?: string;
}

const ZONES: Record<string, string> = { "subnet-a": "us-east-1a", "subnet-b": "us-east-1b", "subnet-c": "us-east-1c" };

/** EC2 without machines: instances run, die and terminate on the manual clock. */
export class FakeCompute implements Compute {
  readonly events = new EventEmitter<{ state: [InstanceView] }>();
  readonly instances = new Map<string, InstanceView>();
  readonly behaviours = new Map<string, Behaviour>();
  readonly terminated: string[] = [];
  readonly launches: LaunchRequest[] = [];
  readonly images = new Map<string, string>();
  latest = 9;
  freeAddresses = 4000;
  terminateSeconds = 1;
  private count = 0;

  constructor(private readonly clock: Clock) {
    this.events.setMaxListeners(0);
  }

  launch(request: LaunchRequest): InstanceView {
    const behaviour = this.behaviours.get(request.version) ?? {};
    if (behaviour.refused !== undefined) throw new AwsError("InvalidParameterValue", behaviour.refused);
    this.launches.push(request);
    const id = `i-${String(++this.count).padStart(5, "0")}`;
    this.set({
      instanceId: id,
      imageId: "ami-1",
      instanceType: "t3.micro",
      subnetId: request.subnetId,
      vpcId: "vpc-1",
      availabilityZone: ZONES[request.subnetId] ?? "?",
      privateIpAddress: "172.31.0.9",
      launchTime: this.clock.now(),
      state: "pending",
      tags: request.tags,
    });
    if (behaviour.boot !== "manual") this.clock.after(behaviour.boot ?? 5, () => this.run(id));
    if (behaviour.dies !== undefined) this.clock.after(behaviour.dies, () => this.die(id, "exit code 1"));
    return this.view(id);
  }

  run(id: string): void {
    if (this.instances.get(id)?.state === "pending") this.change(id, "running");
  }

  die(id: string, failure = "it was killed"): void {
    const state = this.instances.get(id)?.state;
    if (state === "pending" || state === "running") this.change(id, "terminated", failure);
  }

  async terminate(id: string): Promise<void> {
    const state = this.instances.get(id)?.state;
    if (state === undefined) throw new AwsError("InvalidInstanceID.NotFound", `no instance ${id}`);
    this.terminated.push(id);
    if (state === "terminated") return;
    this.change(id, "shutting-down");
    await this.clock.sleep(this.terminateSeconds);
    this.change(id, "terminated");
  }

  instance(id: string): InstanceView | undefined {
    return this.instances.get(id);
  }

  resolveTemplate(ref: { id?: string; name?: string; version?: string }): ResolvedTemplate {
    if (ref.id !== undefined ? ref.id !== "lt-1" : ref.name !== "web") {
      throw new AwsError("InvalidLaunchTemplateId.NotFound", "The specified launch template does not exist.");
    }
    const version =
      ref.version === "$Latest" ? String(this.latest) : ref.version === "$Default" || !ref.version ? "1" : ref.version;
    if (!/^\d+$/.test(version)) throw new AwsError("InvalidLaunchTemplateId.VersionNotFound", `no version ${version}`);
    const imageId = this.images.get(version);
    return {
      launchTemplateId: "lt-1",
      launchTemplateName: "web",
      version,
      ...(imageId === undefined ? {} : { imageId }),
    };
  }

  subnet(id: string) {
    const availabilityZone = ZONES[id];
    if (availabilityZone === undefined) return undefined;
    return { subnetId: id, vpcId: "vpc-1", availabilityZone, availableIpAddressCount: this.freeAddresses };
  }

  private change(id: string, state: InstanceStateName, failure?: string): void {
    this.set({ ...this.view(id), state, ...(failure === undefined ? {} : { failure }) });
    this.events.emit("state", this.view(id));
  }

  private set(view: InstanceView): void {
    this.instances.set(view.instanceId, view);
  }

  private view(id: string): InstanceView {
    const view = this.instances.get(id);
    if (!view) throw new Error(`no instance ${id}`);
    return view;
  }
}
