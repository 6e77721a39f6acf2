/** The border between waiting and the conditions of each kind. */
import type { Values } from "../../protocol/values.js";
import { DeadlineError, type Waiter } from "../../wait.js";
import type { Objects, Ref } from "../api/objects.js";

/** What is seen of an object now. */
export interface Seen {
  readonly done: boolean;
  /** In a few words, for the engine's display: `2 of 3 Pods are ready`. */
  readonly progress: string;
  /** Set where waiting longer is no use. */
  readonly failed?: string;
}

export interface Look {
  readonly objects: Objects;
  readonly ref: Ref;
  /** The object as just read. */
  readonly live: Values;
}

export interface Awaiter {
  /** How long the real provider waits, in seconds, if the program says nothing. */
  readonly deadlineSeconds: number;
  /** Also asked when the object is refreshed: what is not ready then is marked in the state, and the next update waits for it. */
  readonly onRead: boolean;
  /** Seconds for which the condition must hold unchanged. @default 0 */
  readonly settleSeconds?: number;
  look(look: Look): Promise<Seen>;
  /** Why it is not ready, point by point; asked once, when time is up. */
  problems?(look: Look): Promise<string[]>;
}

/** The object exists, and did not get ready. */
export class NotReady extends Error {
  override readonly name = "NotReady";
  constructor(
    message: string,
    readonly problems: readonly string[],
  ) {
    super(message);
  }
}

/** Seconds between two looks. */
const EVERY_SECONDS = 0.3;

export interface Wait {
  readonly awaiter: Awaiter;
  readonly objects: Objects;
  readonly ref: Ref;
  readonly waiter: Waiter;
  readonly deadlineSeconds: number;
  /** How much shorter than in reality it is waited for stragglers: `HITLESS_SPEED`. */
  readonly speed: number;
}

/** Waits until the object is ready. @throws NotReady with the reasons */
export async function waitUntilReady(wait: Wait): Promise<void> {
  const { awaiter, objects, ref, waiter, deadlineSeconds } = wait;
  const what = `${ref.kind.kind} "${ref.name}" to get ready`;
  let live: Values | undefined;
  let steady: Steady | undefined;
  try {
    await waiter.until({
      what,
      deadlineSeconds,
      everySeconds: EVERY_SECONDS,
      observe: async () => {
        live = await objects.find(ref);
        if (!live) throw new NotReady(`${ref.kind.kind} "${ref.name}" was deleted while it was waited for`, []);
        const seen = await awaiter.look({ objects, ref, live });
        if (seen.failed) throw new NotReady(seen.failed, await problemsOf(wait, live));
        steady = seen.done ? (steady ?? { since: Date.now() }) : undefined;
        const settleMs = ((awaiter.settleSeconds ?? 0) * 1000) / wait.speed;
        const settled = steady !== undefined && Date.now() - steady.since >= settleMs;
        return { progress: seen.progress, ...(settled ? { done: true } : {}) };
      },
    });
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new NotReady(error.message, live ? await problemsOf(wait, live) : []);
  }
}

interface Steady {
  readonly since: number;
}

/** One look, for a refresh: what is wrong, or `undefined`. */
export async function unreadiness(awaiter: Awaiter, look: Look): Promise<NotReady | undefined> {
  const seen = await awaiter.look(look);
  if (seen.done) return undefined;
  return new NotReady(seen.failed ?? seen.progress, (await awaiter.problems?.(look)) ?? []);
}

async function problemsOf({ awaiter, objects, ref }: Wait, live: Values): Promise<string[]> {
  return (await awaiter.problems?.({ objects, ref, live })) ?? [];
}

/** The condition of that type in `status.conditions`. */
export function conditionOf(object: Values, type: string): Values | undefined {
  return (object.status?.conditions ?? []).find((condition: Values) => condition.type === type);
}

export function isOwnedBy(object: Values, owner: Values): boolean {
  return (object.metadata?.ownerReferences ?? []).some(({ uid }: Values) => uid === owner.metadata?.uid);
}

/** A selector as the API takes it in a query; `undefined` where it selects everything, or cannot be put so. */
export function labelSelectorOf(selector: Values | undefined): string | undefined {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return labels.length > 0 ? labels.join(",") : undefined;
}
