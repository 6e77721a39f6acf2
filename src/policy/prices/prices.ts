import {
  BALANCER_PER_HOUR,
  BUILT_IN_DATE,
  BUILT_IN_REGION,
  LARGE_PER_HOUR,
  LCU_PER_HOUR,
  sizeFactor,
} from "./builtIn.js";
import { nodeShape } from "./nodes.js";

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
  /** The instance type of the nodes that pods run on: a pod costs its share of a node. */
  readonly nodeType?: string;
  /** Own dollars per hour of what pods ask for, instead of a node's share; both or none. */
  readonly vcpuHourUsd?: number;
  readonly gibHourUsd?: number;
}

/** What pods ask for. */
export interface PodRequests {
  readonly vcpus?: number;
  readonly gib?: number;
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

  /**
   * Dollars per hour of one pod: what it asks for at the prices given, else its share of a node, whose larger part counts, as what is left of
   * the other is of no use to anybody. `undefined` where neither can be told.
   */
  perPodHour({ vcpus = 0, gib = 0 }: PodRequests): number | undefined {
    const { vcpuHourUsd, gibHourUsd, nodeType } = this.options;
    if (vcpus === 0 && gib === 0) return undefined;
    if (vcpuHourUsd !== undefined && gibHourUsd !== undefined) return vcpus * vcpuHourUsd + gib * gibHourUsd;
    const [node, price] = nodeType === undefined ? [] : [nodeShape(nodeType), this.perHour(nodeType)];
    return node === undefined || price === undefined ? undefined : price * Math.max(vcpus / node.vcpus, gib / node.gib);
  }

  /** Dollars per hour of one Application Load Balancer. */
  get balancerPerHour(): number {
    return BALANCER_PER_HOUR + LCU_PER_HOUR * (this.options.lcu ?? 0);
  }

  /** Source and age of the prices, for messages. */
  provenance(now: Date): string {
    const { file, own, region, savingsPlanPercent, spotSharePercent, lcu, nodeType } = this.options;
    const { vcpuHourUsd, gibHourUsd } = this.options;
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
      ...(vcpuHourUsd !== undefined && gibHourUsd !== undefined
        ? [`pods at ${vcpuHourUsd} $ a vCPU and ${gibHourUsd} $ a GiB per hour`]
        : nodeType !== undefined
          ? [`pods as their share of ${nodeType}`]
          : []),
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
