/** Something in the cloud that a scenario may mean by a name. */
export interface Candidate {
  readonly name: string;
  /** Value of its `Name` tag. */
  readonly tag?: string | undefined;
}

/**
 * The one thing that a scenario means: by its whole name, by its name in the program (the engine adds a random suffix), by its
 * `Name` tag, or by the beginning of its name; the first way that finds anything decides.
 *
 * @throws Error when nothing is found, or more than one thing
 */
export function oneNamed<T extends Candidate>(wanted: string, candidates: readonly T[], what: string): T {
  const ways: ((candidate: Candidate) => boolean)[] = [
    ({ name }) => name === wanted,
    ({ name }) => name.startsWith(`${wanted}-`) && /^-[0-9a-f]{7}$/.test(name.slice(wanted.length)),
    ({ tag }) => tag === wanted,
    ({ name }) => name.startsWith(wanted),
  ];
  for (const way of ways) {
    const found = candidates.filter(way);
    if (found.length > 1) throw new Error(`"${wanted}" may be any of the ${what}s ${namesOf(found)}`);
    if (found[0] !== undefined) return found[0];
  }
  throw new Error(`there is no ${what} "${wanted}" (there are ${namesOf(candidates) || "none"})`);
}

function namesOf(candidates: readonly Candidate[]): string {
  return candidates.map(({ name }) => name).join(", ");
}
