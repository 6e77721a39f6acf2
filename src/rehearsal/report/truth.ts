/** One thing done to one resource, as the engine tells it. */
export interface Operation {
  readonly urn: string;
  readonly operation: string;
}

/** How far a preview told the truth about the update after it. */
export interface PreviewTruth {
  /** Real seconds that the preview took. */
  readonly seconds: number;
  /** How many operations it announced. */
  readonly announced: number;
  /** Announced, and not done. */
  readonly notDone: readonly string[];
  /** Done, and not announced. */
  readonly notAnnounced: readonly string[];
  /** Why the preview itself failed; empty when it did not. */
  readonly refused: string;
}

/** What was announced against what was done, as `update urn:…`; each list is sorted. */
export function compareWithPreview(
  announced: readonly Operation[],
  done: readonly Operation[],
): Pick<PreviewTruth, "announced" | "notDone" | "notAnnounced"> {
  const [promised, kept] = [new Set(announced.map(written)), new Set(done.map(written))];
  return {
    announced: promised.size,
    notDone: [...promised].filter((operation) => !kept.has(operation)).sort(),
    notAnnounced: [...kept].filter((operation) => !promised.has(operation)).sort(),
  };
}

/** What a preview promised and the update did not keep. An update that was refused may leave things undone. */
export function untruths(truth: PreviewTruth, outcome: string): string[] {
  if (truth.refused !== "" && outcome === "success") {
    return [`the preview was refused and the update was not: ${truth.refused.trim().split("\n")[0]}`];
  }
  const undone = outcome === "success" ? truth.notDone : [];
  return [
    ...truth.notAnnounced.map((operation) => `the update did what its preview had not announced: ${operation}`),
    ...undone.map((operation) => `the update did not do what its preview had announced: ${operation}`),
  ];
}

function written({ urn, operation }: Operation): string {
  return `${operation} ${urn}`;
}
