/**
 * How many servers a share needs.
 * @param total how many carry everything
 * @param percent the share, from 0 to 100
 */
export function serversFor(total: number, percent: number): number {
  if (percent <= 0) return 0;
  // A share of 30 % of 10 is 3, not the 3.0000000000000004 that floating point may make of it.
  return Math.max(1, Math.ceil((total * percent) / 100 - 1e-9));
}
