import type { Logger } from "pino";
import { InstanceSupervisor } from "./instanceSupervisor.js";
import type { Launcher } from "./launcher.js";
import { LoopbackLauncher } from "./loopback/loopbackLauncher.js";
import { NamespaceLauncher } from "./namespace/namespaceLauncher.js";
import { PaperLauncher } from "./paper/paperLauncher.js";
import type { InstanceRuntime } from "./runtime.js";

/** How instances are kept apart, as decided before the process was put into namespaces (or was not). */
export type IsolationChoice =
  | { readonly kind: "namespace" /** Root only inside a user namespace. */; readonly userNamespace: boolean }
  | { readonly kind: "loopback"; readonly reason: string }
  /** Nothing is run: the cloud answers for the instances itself. */
  | { readonly kind: "paper" };

/** What the instances of one host need. */
export interface RuntimeOptions {
  readonly isolation: IsolationChoice;
  /** Empty, ours alone. */
  readonly directory: string;
  /** AWS seconds per real second. */
  readonly speed: number;
  readonly log: Logger;
  /** Commands, by image id, that a baked image would start by itself; run by /bin/sh in `/` (namespaces) or the instance's home. */
  readonly imageCommands?: Readonly<Record<string, string>>;
}

/** Makes the `InstanceRuntime` of this process. */
export async function createRuntime(options: RuntimeOptions): Promise<InstanceRuntime> {
  const { log, imageCommands } = options;
  return new InstanceSupervisor(await launcherOf(options), { log, imageCommands });
}

async function launcherOf({ isolation, directory, speed, log }: RuntimeOptions): Promise<Launcher> {
  switch (isolation.kind) {
    case "namespace":
      return NamespaceLauncher.create({ directory, userNamespace: isolation.userNamespace, log });
    case "loopback":
      return new LoopbackLauncher({ directory, log }, isolation.reason);
    case "paper":
      return new PaperLauncher(speed);
  }
}
