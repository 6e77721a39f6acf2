/** The counts that chance allows at a confidence. */
export interface Interval {
  readonly least: number;
  readonly most: number;
}

/**
 * The counts among `n` draws at which a share of `p` is not refuted: each tail of the binomial distribution beyond them holds less
 * than (1 − confidence) / 2. These are the counts whose exact interval (Clopper and Pearson, Biometrika 26, 1934) holds `p`.
 *
 * @param n draws, at least 1
 * @param p from 0 to 1
 * @param confidence below 1, such as 0.999
 */
export function countsFor(n: number, p: number, confidence: number): Interval {
  if (p <= 0) return { least: 0, most: 0 };
  if (p >= 1) return { least: n, most: n };
  const tail = (1 - confidence) / 2;
  // The upper tail is the lower tail of what was not drawn.
  return { least: lowest(n, p, tail), most: n - lowest(n, 1 - p, tail) };
}

/** The least k for which P(K ≤ k) ≥ tail, summed from 0; logarithms, because the first terms are far below the least number. */
function lowest(n: number, p: number, tail: number): number {
  let log = n * Math.log1p(-p);
  let sum = Math.exp(log);
  let k = 0;
  while (sum < tail && k < n) {
    log += Math.log((n - k) / (k + 1)) + Math.log(p) - Math.log1p(-p);
    k++;
    sum += Math.exp(log);
  }
  return k;
}
