// Paired runs: both sides in turn within one run of the bench, so that the machine's mood hits both; the result is the ratio of medians.
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Runs each side `runs` times, alternately, after one unmeasured run of each; a side returns an object of numbers. */
export async function paired(runs, sides) {
  const results = Object.fromEntries(Object.keys(sides).map((name) => [name, []]));
  for (const side of Object.values(sides)) await side();
  for (let i = 0; i < runs; i++) {
    for (const [name, side] of Object.entries(sides)) results[name].push(await side());
  }
  return (name, key) => median(results[name].map((result) => result[key]));
}

/** Prints one ratio with its aim, and remembers whether the aim was met. */
export class Verdict {
  missed = 0;
  ratio(what, value, aim, detail) {
    const met = value <= aim;
    if (!met) this.missed++;
    console.log(`${met ? "ok  " : "MISS"}  ${what}: ${value.toFixed(2)} (aim at most ${aim.toFixed(2)})  ${detail}`);
  }

  /** As `ratio`, for what should be large. */
  atLeast(what, value, aim, detail) {
    const met = value >= aim;
    if (!met) this.missed++;
    console.log(`${met ? "ok  " : "MISS"}  ${what}: ${value.toFixed(2)} (aim at least ${aim.toFixed(2)})  ${detail}`);
  }
}
