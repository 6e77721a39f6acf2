/** Shares that differ by less are the same: far below a tenth of a percent. */
const EPSILON = 1e-6;

/** True when one share is larger than the other. */
export function more(share: number, than: number): boolean {
  return share > than + EPSILON;
}

/** True when two sets of shares give everybody the same. */
export function equalShares(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  const all = new Set([...one.keys(), ...other.keys()]);
  return [...all].every((arn) => Math.abs((one.get(arn) ?? 0) - (other.get(arn) ?? 0)) <= EPSILON);
}

/** Shares in words: `v1 90 % · v2 10 %`. */
export function describeShares(
  shares: ReadonlyMap<string, number>,
  nameOf: (targetGroupArn: string) => string,
): string {
  if (shares.size === 0) return "nothing";
  return [...shares].map(([arn, percent]) => `${nameOf(arn)} ${shown(percent)} %`).join(" · ");
}

/** A share to show: steps are 0.1, but what others set in AWS may be any fraction. */
export function shown(percent: number): string {
  return String(Math.round(percent * 100) / 100);
}
