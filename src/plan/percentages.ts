/** What an instance refresh is told: shares of the desired capacity, whole percentages (EC2 Auto Scaling API). */
export interface RefreshPercentages {
  /** `MinHealthyPercentage`, 0 to 100. AWS rounds the number of servers it stands for up. */
  readonly minHealthyPercentage: number;
  /** `MaxHealthyPercentage`, 100 to 200; at most 100 above the minimum. */
  readonly maxHealthyPercentage: number;
}

/**
 * The percentages that replace `batch` of `size` servers at a time.
 *
 * AWS takes whole percentages only. It rounds the minimum up (documented); how it rounds the maximum is not documented. So
 * under every way of rounding the maximum these hold:
 * - at least one server can always be replaced;
 * - healthy servers never fall below the promise: `size` with surge, `size - batch` without;
 * - with surge the surplus is exactly `batch` where a whole percentage allows it, otherwise at most one more (up to 200
 *   servers; above, one percent is more than two servers, and the surplus may be that one percent).
 *
 * Without surge the maximum is *given* as 100, never left out: given, AWS starts a server first where it cannot keep both
 * bounds; left out, it would stop and start at the same time (botocore model, `MaxHealthyPercentage`). It needs that where no
 * whole percentage lies between `size - batch` and `size - 1` (200 servers in batches of 1): the minimum is then 100 too.
 */
export function refreshPercentages(size: number, batch: number, surge: boolean): RefreshPercentages {
  if (!Number.isInteger(size) || size < 1)
    throw new RangeError(`size is ${size}, expected a whole number of at least 1`);
  if (!Number.isInteger(batch) || batch < 1 || batch > size) {
    throw new RangeError(`batch is ${batch}, expected a whole number from 1 to ${size}`);
  }
  if (surge) return { minHealthyPercentage: 100, maxHealthyPercentage: 100 + surplusPercentage(size, batch) };
  if (batch === size) throw new RangeError(`batch is ${batch}, expected fewer than ${size} without surge`);
  return { minHealthyPercentage: keptPercentage(size, size - batch), maxHealthyPercentage: 100 };
}

/**
 * The percentages that replace every server at once: all may go, and none is started on top. AWS may then stop and start at the same
 * time, which is as fast as it gets.
 */
export const WHOLE_FLEET: RefreshPercentages = { minHealthyPercentage: 0, maxHealthyPercentage: 100 };

/** The whole percentage nearest to `batch` servers that stands for at least one and at most `batch + 1` however it is rounded. */
function surplusPercentage(size: number, batch: number): number {
  const above = Math.ceil((100 * batch) / size);
  if (serversUp(size, above) <= batch + 1) return above;
  return Math.max(1, Math.floor((100 * batch) / size));
}

/** The percentage that keeps `kept` servers (rounded up) or, where none does, the fewest more that still lets one go. */
function keptPercentage(size: number, kept: number): number {
  // The largest that is rounded up to `kept`: the farther from the next lower number, the less depends on the rounding.
  const exact = Math.floor((100 * kept) / size);
  if (serversUp(size, exact) === kept) return exact;
  return serversUp(size, exact + 1) < size ? exact + 1 : 100;
}

/** `percentage` of `size` servers, rounded up, in whole numbers (0.07 * 100 is more than 7 in floating point). */
function serversUp(size: number, percentage: number): number {
  return Math.floor((size * percentage + 99) / 100);
}
