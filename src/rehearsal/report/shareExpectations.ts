import type { ExpectedShare, ExpectedShares } from "../scenario/loadSchema.js";
import { countsFor } from "./binomial.js";

/** Fractions by version, and the number of answers that they are of. */
export interface FoundShares {
  readonly share: Readonly<Record<string, number>>;
  readonly answers: number;
}

/** Every share that is not as expected, one sentence each; a version that is not named is expected to have none. */
export function unmetShares(expected: ExpectedShares, tolerance: number, { share, answers }: FoundShares): string[] {
  if (answers === 0) return ["no answer arrived in the window after the step, so shares are unknown"];
  const versions = new Set([...Object.keys(expected), ...Object.keys(share)]);
  return [...versions].flatMap((version) => {
    const wanted = expected[version] ?? { share: 0 };
    const got = share[version] ?? 0;
    const allowed = allowedFor(wanted, tolerance, answers);
    if (got >= allowed.least - 1e-9 && got <= allowed.most + 1e-9) return [];
    const who = version === "" ? "answers without a version" : version;
    return [`expected a share of ${wanted.share} for ${who}, got ${rounded(got)}${allowed.words}`];
  });
}

interface Allowed {
  readonly least: number;
  readonly most: number;
  readonly words: string;
}

/** 0 and 1 are exact: a version that is to get all or nothing gets no tolerance. */
function allowedFor({ share, confidence }: ExpectedShare, tolerance: number, answers: number): Allowed {
  if (share === 0 || share === 1) return { least: share, most: share, words: "" };
  if (confidence === undefined) return { least: share - tolerance, most: share + tolerance, words: "" };
  const { least, most } = countsFor(answers, share, confidence);
  const words = `; of ${answers} answers, ${least} to ${most} are within the ${confidence * 100} % interval`;
  return { least: least / answers, most: most / answers, words };
}

function rounded(fraction: number): number {
  return Number(fraction.toFixed(4));
}
