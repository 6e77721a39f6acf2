import { AwsError } from "../awsError.js";
import type { Bucket } from "./bucket.js";

/** Reads one figure from what was observed in a period; undefined where nothing can be said. */
export type Statistic = (bucket: Bucket) => number | undefined;

const plain: Readonly<Record<string, Statistic>> = {
  SampleCount: (bucket) => bucket.count,
  Sum: (bucket) => bucket.sum,
  Average: (bucket) => bucket.sum / bucket.count,
  Minimum: (bucket) => bucket.minimum,
  Maximum: (bucket) => bucket.maximum,
};

/** The percentage of a percentile statistic (`p99.9` → 99.9); undefined for any other. */
export function percentOf(name: string): number | undefined {
  const match = /^p(\d{1,3}(?:\.\d{1,10})?)$/.exec(name);
  const percent = match ? Number(match[1]) : Number.NaN;
  return percent >= 0 && percent <= 100 ? percent : undefined;
}

/** The statistic of a name: one of AWS's five, or a percentile. Trimmed and winsorized means are refused by name. */
export function statisticOf(name: string): Statistic {
  const known = Object.hasOwn(plain, name) ? plain[name] : undefined;
  if (known) return known;
  const percent = percentOf(name);
  if (percent !== undefined) return (bucket) => bucket.percentile(percent);
  if (/^(tm|tc|ts|wm)\d|^IQM$|^(PR|TC|TM|TS|WM)\(/i.test(name)) {
    throw new AwsError(
      "InvalidParameterValue",
      `The local cloud does not serve the statistic ${name}: use ${Object.keys(plain).join(", ")} or a percentile such as p99.`,
    );
  }
  throw new AwsError("InvalidParameterValue", `The value ${name} for parameter Statistic is invalid.`);
}
