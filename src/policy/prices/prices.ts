import {
  BALANCER_PER_HOUR,
  BUILT_IN_DATE,
  BUILT_IN_REGION,
  LARGE_PER_HOUR,
  LCU_PER_HOUR,
  sizeFactor,
} from "./builtIn.js";

/** A region's prices, as `hitless prices update` writes them. */
export interface PriceFile {
  readonly source: string;
  readonly region: string;
  /** The day it was fetched, `2026-11-24`. */
  readonly date: string;
  /** Dollars per hour by instance type. */
  readonly instances: Readonly<Record<string, number>>;
}

/** What a team may say about its own prices. */
export interface PriceOptions {
  /** The region that the stack runs in. */
  readonly region?: string;
  /** Prices of that region, fetched before. */
  readonly file?: PriceFile;
  /** Own dollars per hour by instance type; they come first. */
  readonly own?: Readonly<Record<string, number>>;
  /** Percent off the on-demand price, 0 to 100. */
  readonly savingsPlanPercent?: number;
  /** Percent of the servers that are spot, and percent off for those. */
  readonly spotSharePercent?: number;
  readonly spotDiscountPercent?: number;
  /** What the load balancers carry, in LCU. */
  readonly lcu?: number;
}

/** Prices of one stack, with where they come from. */
export class Prices {
  constructor(readonly options: PriceOptions = {}) {}

  /** Dollars per hour and server, after discounts; `undefined` for a type of which no price is known: it is never taken for 0. */
  perHour(type: string): number | undefined {
    const { own, file } = this.options;
    if (own && Object.hasOwn(own, type)) return own[type];
    const list = file && Object.hasOwn(file.instances, type) ? file.instances[type] : builtIn(type);
    return list === undefined ? undefined : list * this.#factor();
  }

  /** Dollars per hour of one Application Load Balancer. */
  get balancerPerHour(): number {
    return BALANCER_PER_HOUR + LCU_PER_HOUR * (this.options.lcu ?? 0);
  }

  /** Source and age of the prices, for messages. */
  provenance(now: Date): string {
    const { file, own, region, savingsPlanPercent, spotSharePercent, lcu } = this.options;
    const date = file?.date ?? BUILT_IN_DATE;
    const days = Math.max(0, Math.floor((now.getTime() - Date.parse(date)) / 86_400_000));
    const source = file
      ? `${file.source}, ${file.region}`
      : `AWS on-demand Linux prices built into Hitless, ${BUILT_IN_REGION}`;
    const priced = file?.region ?? BUILT_IN_REGION;
    const notes = [
      ...(region !== undefined && region !== priced
        ? [`the stack is in ${region}: run \`npx hitless prices update --region ${region}\``]
        : []),
      ...(own && Object.keys(own).length > 0 ? [`own prices for ${Object.keys(own).join(", ")}`] : []),
      ...(savingsPlanPercent ? [`Savings Plan ${savingsPlanPercent} % off`] : []),
      ...(spotSharePercent ? [`${spotSharePercent} % spot`] : []),
      lcu ? `load balancers at ${lcu} LCU` : "load balancers without traffic (LCU)",
    ];
    return `Prices: ${source}, of ${date} (${days} days old); ${notes.join("; ")}.`;
  }

  #factor(): number {
    const { savingsPlanPercent = 0, spotSharePercent = 0, spotDiscountPercent = 0 } = this.options;
    const spot = spotSharePercent / 100;
    return (1 - spot) * (1 - savingsPlanPercent / 100) + spot * (1 - spotDiscountPercent / 100);
  }
}

function builtIn(type: string): number | undefined {
  const [family = "", size = "", ...rest] = type.split(".");
  const large = LARGE_PER_HOUR.get(family);
  const factor = rest.length === 0 ? sizeFactor(size) : undefined;
  return large === undefined || factor === undefined ? undefined : large * factor;
}
