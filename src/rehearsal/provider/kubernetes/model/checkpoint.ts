/**
 * What Pulumi keeps of an object: everything that the cluster told, so that programs read outputs from it, and beside it the inputs, from
 * which the next difference is made. The keys are the real provider's, so that a state can move from one to the other.
 */
import type { Values } from "../../protocol/values.js";
import { fromApi } from "./dashes.js";
import { conceal, reveal } from "./secrets.js";

const INPUTS = "__inputs";
const MANAGER = "__fieldManager";
const FIRST_VERSION = "__initialApiVersion";

export interface Checkpoint {
  readonly inputs: Values;
  readonly live: Values;
  readonly fieldManager: string | undefined;
  readonly firstVersion: string | undefined;
}

/**
 * @param inputs the program's inputs, secrets marked
 * @param live what the cluster holds
 */
export function checkpoint(inputs: Values, live: Values, fieldManager: string, firstVersion: string): Values {
  const state = conceal(fromApi(withoutNulls(live)), inputs);
  // The server fills `data` of a Secret from `stringData`: secret there, secret here; `conceal` marks both of every Secret.
  return { ...state, [INPUTS]: conceal(inputs, inputs), [MANAGER]: fieldManager, [FIRST_VERSION]: firstVersion };
}

export function readCheckpoint(state: Values): Checkpoint {
  const { [INPUTS]: inputs, [MANAGER]: fieldManager, [FIRST_VERSION]: firstVersion, ...live } = reveal(state);
  return {
    inputs: inputs ?? {},
    live,
    fieldManager: typeof fieldManager === "string" ? fieldManager : undefined,
    firstVersion: typeof firstVersion === "string" ? firstVersion : undefined,
  };
}

/** The API answers null for some unset fields (`creationTimestamp`); the engine drops nulls, and so a state must not hold them. */
function withoutNulls(value: Values): Values {
  return JSON.parse(JSON.stringify(value, (_key, inner) => (inner === null ? undefined : inner))) as Values;
}
