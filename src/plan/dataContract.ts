/** Which versions of shared data (a database schema, a queue's messages) a release writes and can read. */
export interface DataContract {
  readonly writes: number;
  readonly reads: readonly number[];
}

/** Tags that keep a release's contract with its fleet, so that a later update can check it. */
export const DATA_WRITES_TAG = "hitless:data-writes";
export const DATA_READS_TAG = "hitless:data-reads";

/** Why two releases cannot serve side by side; nothing when they can. */
export interface Conflict {
  /** One sentence per direction that fails. */
  readonly reasons: readonly string[];
}

/** A release by name with its contract. */
export interface ContractHolder {
  readonly version: string;
  readonly data?: DataContract | undefined;
}

/**
 * Two releases can run side by side when each reads what the other writes. A release without a contract claims nothing, so
 * nothing can be checked against it.
 */
export function contractConflict(running: ContractHolder, next: ContractHolder): Conflict | undefined {
  if (!running.data || !next.data) return undefined;
  const reasons = [
    ...unreadable(running.version, running.data, next.version, next.data),
    ...unreadable(next.version, next.data, running.version, running.data),
  ];
  return reasons.length > 0 ? { reasons } : undefined;
}

function unreadable(writer: string, written: DataContract, reader: string, readable: DataContract): string[] {
  if (readable.reads.includes(written.writes)) return [];
  return [`${writer} writes ${written.writes}, but ${reader} reads only ${list(readable.reads)}`];
}

/** The contract as tags. Tag values take no commas everywhere, so versions are separated by spaces. */
export function contractTags(data: DataContract | undefined): Record<string, string> {
  if (!data) return {};
  return { [DATA_WRITES_TAG]: String(data.writes), [DATA_READS_TAG]: data.reads.join(" ") };
}

/** The contract kept in tags; nothing when there is none. */
export function contractFromTags(tags: Readonly<Record<string, string | undefined>>): DataContract | undefined {
  const writes = tags[DATA_WRITES_TAG];
  const reads = tags[DATA_READS_TAG];
  if (writes === undefined || reads === undefined) return undefined;
  const numbers = [writes, ...reads.split(" ")].map(Number);
  // Somebody changed the tags by hand: a contract that cannot be read must not pass for one that fits.
  if (numbers.some((number) => !Number.isInteger(number))) {
    throw new RangeError(`tags ${DATA_WRITES_TAG}="${writes}" and ${DATA_READS_TAG}="${reads}" are no data contract`);
  }
  return { writes: numbers[0] as number, reads: numbers.slice(1) };
}

/** What is wrong with a contract in itself, one sentence each. */
export function contractProblems(data: DataContract): string[] {
  const problems: string[] = [];
  if (!isVersion(data.writes)) problems.push(`data.writes is ${data.writes}, expected a whole number of at least 0`);
  if (!Array.isArray(data.reads) || !data.reads.every(isVersion)) {
    problems.push(`data.reads is ${JSON.stringify(data.reads)}, expected a list of whole numbers of at least 0`);
  } else if (!data.reads.includes(data.writes)) {
    problems.push(`data.reads is ${list(data.reads)}, which lacks ${data.writes}, the version that it writes itself`);
  }
  return problems;
}

function isVersion(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0;
}

function list(numbers: readonly number[]): string {
  return numbers.length > 0 ? numbers.join(", ") : "nothing";
}
