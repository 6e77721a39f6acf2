import type { Logger } from "pino";
import { InstanceSupervisor } from "./instanceSupervisor.js";
import { LoopbackLauncher } from "./loopback/loopbackLauncher.js";
import { NamespaceLauncher } from "./namespace/namespaceLauncher.js";
import type { InstanceRuntime } from "./runtime.js";

/** How instances are kept apart, as decided before the process was put into namespaces (or was not). */
export type IsolationChoice =
  | { readonly kind: "namespace" /** Root only inside a user namespace. */; readonly userNamespace: boolean }
  | { readonly kind: "loopback"; readonly reason: string };

/** What the instances of one host need. */
export interface RuntimeOptions {
  readonly isolation: IsolationChoice;
  /** Empty, ours alone. */
  readonly directory: string;
  readonly log: Logger;
  /** Commands, by image id, that a baked image would start by itself; run by /bin/sh in `/` (namespaces) or the instance's home. */
  readonly imageCommands?: Readonly<Record<string, string>>;
}

/** Makes the `InstanceRuntime` of this process. */
export async function createRuntime(options: RuntimeOptions): Promise<InstanceRuntime> {
  const { isolation, directory, log, imageCommands } = options;
  const launcher =
    isolation.kind === "namespace"
      ? await NamespaceLauncher.create({ directory, userNamespace: isolation.userNamespace, log })
      : new LoopbackLauncher({ directory, log }, isolation.reason);
  return new InstanceSupervisor(launcher, { log, imageCommands });
}
