import type { ConsoleRing } from "./consoleRing.js";
import type { ProcessTime } from "./processTimes.js";
import type { InstanceEndpoint, InstanceSpec } from "./runtime.js";

/** What an instance runs. Both absent: it idles, as a machine does that boots and has nothing to do. */
export interface BootPlan {
  readonly script?: Buffer;
  /** Run by /bin/sh beside the script: what a baked image would start by itself. */
  readonly imageCommand?: string;
}

/** How an instance's processes ended: the user data's result, or the image command's where there is no user data. */
export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The running processes of one instance. */
export interface InstanceProcesses {
  readonly endpoint: InstanceEndpoint;
  /** Resolves when nothing is left, with everything they wrote already in the console. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  /** SIGTERM to every process. */
  terminate(): void;
  /** SIGKILL to every process. */
  kill(): void;
  /** CPU seconds that its processes have used, by the times of all processes; absent where there is none to ask about. */
  cpuSeconds?(times: readonly ProcessTime[]): number;
}

/** Starts instances in one of the two ways there are. */
export interface Launcher {
  readonly isolation: "namespace" | "loopback" | "paper";
  readonly isolationReason?: string;
  /** Resolves when the processes run; rejects in one sentence, with nothing left behind. */
  launch(spec: InstanceSpec, boot: BootPlan, console: ConsoleRing): Promise<InstanceProcesses>;
  /** Gives back what the launcher itself holds; called when no instance is left. */
  close(): Promise<void>;
}
