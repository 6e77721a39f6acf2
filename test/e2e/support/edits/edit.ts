import type { Random } from "./random.js";

/** One edit of the program, as a person makes it before an `up`. */
export interface Edit {
  /** For the log of a sequence. */
  readonly what: string;
  /** The whole configuration afterwards; what is absent is removed. */
  readonly config: Readonly<Record<string, unknown>>;
  /** A regular expression for the reason, where the update has to be refused. */
  readonly refused?: RegExp;
  /** Versions whose servers have to be the same before and after. */
  readonly keeps: readonly string[];
}

/** What has to be true of the cloud after an `up`. */
export interface Wanted {
  /** Shares in percent by version. */
  readonly shares: Readonly<Record<string, number>>;
  /** Servers by version; a version that is not named has none. */
  readonly servers: Readonly<Record<string, number>>;
  /** Versions that an answer may come from. */
  readonly good: readonly string[];
  /** How many servers carry all users. */
  readonly size: number;
}

/** A program as its owner sees it: what stands, and what may legally be done next. */
export interface Model {
  /** What the program says now. */
  config(): Record<string, unknown>;
  wanted(): Wanted;
  /** Makes the next edit, and takes it as done when it is legal to be carried out. */
  next(random: Random): Edit;
}
