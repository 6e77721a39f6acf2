/** The border between the shared core (check, diff, preview, gRPC) and a resource type, which knows only its calls to AWS. */
import type { Aws } from "./config/clients.js";
import type { Values } from "./protocol/values.js";
import type { CheckFailure } from "./schema/coerce.js";
import type { Properties } from "./schema/property.js";
import type { Waiter } from "./wait.js";

/** What one call may use. */
export interface Call {
  readonly aws: Aws;
  readonly region: string;
  readonly waiter: Waiter;
  /** The provider's own `defaultTags`. */
  readonly defaultTags: Readonly<Record<string, string>>;
  /** Shows progress of the resource in the engine's display. */
  report(progress: string): void;
  /** The `customTimeouts` of the resource for this operation, else what the real provider takes. */
  deadlineSeconds(otherwise: number): number;
}

export interface Update {
  readonly id: string;
  readonly state: Values;
  readonly planned: Values;
  /** Names of the properties that change; none when an earlier update or creation is taken up again. */
  readonly changed: ReadonlySet<string>;
}

export interface ResourceType {
  readonly token: string;
  /** Inputs and outputs, without `id`. */
  readonly properties: Properties;
  /** Longest name that AWS takes, for types that Pulumi names. */
  readonly maxNameLength?: number;
  /** Faults that lie between properties; values may be unknown. */
  validate?(inputs: Values): CheckFailure[];
  /** Outputs that AWS gives anew when these properties change. */
  recomputed?(changed: ReadonlySet<string>, planned: Values): string[];
  /** Makes the thing and returns its id as soon as it exists. */
  create(call: Call, planned: Values): Promise<string>;
  /** Whatever must follow the creation; if it fails, the resource is kept in the state and the next update takes it up. */
  settle?(call: Call, id: string, planned: Values): Promise<void>;
  /**
   * All properties that AWS tells, `undefined` if the thing is gone.
   * @param known what was asked or read last; empty on import
   */
  read(call: Call, id: string, known: Values): Promise<Values | undefined>;
  update(call: Call, update: Update): Promise<void>;
  /** Must succeed if the thing is gone already. */
  delete(call: Call, id: string, state: Values): Promise<void>;
}

export interface FunctionType {
  readonly token: string;
  readonly arguments: Properties;
  invoke(call: Call, given: Values): Promise<Values>;
}

/** For types of which every change is a replacement. */
export async function nothingToUpdate(): Promise<void> {
  // The engine takes a failed creation up again with an update without changes.
}
