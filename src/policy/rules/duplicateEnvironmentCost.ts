import { type Bill, billOf } from "../cost/bill.js";
import { cheapestChange } from "../cost/cheaper.js";
import { dollars, table } from "../cost/table.js";
import type { StackModel } from "../model/stack.js";
import { HOURS_PER_MONTH } from "../prices/builtIn.js";
import { readPriceFile } from "../prices/priceFile.js";
import { type PriceOptions, Prices } from "../prices/prices.js";
import type { Level, Rule, Verdict } from "../rule.js";

/** The budget and the prices. */
export interface DuplicateCostOptions {
  maxMonthlyUsd?: number;
  maxMonthlyUsdLevel: Level;
  maxShareOfLive?: number;
  maxShareOfLiveLevel: Level;
  alwaysShow: boolean;
  region?: string;
  priceFile?: string;
  prices?: Record<string, number>;
  savingsPlanPercent: number;
  spotSharePercent: number;
  spotDiscountPercent: number;
  lcu: number;
  nodeType?: string;
  vcpuHourUsd?: number;
  gibHourUsd?: number;
}

const LEVELS = ["advisory", "mandatory"];
const percent = (description: string) => ({ type: "number", minimum: 0, maximum: 100, description }) as const;

/** What stands a second time may cost so much and no more. */
export const duplicateEnvironmentCost: Rule<DuplicateCostOptions> = {
  name: "duplicate-environment-cost",
  title: "Duplicate environments must stay within their budget.",
  severity: "medium",
  level: "mandatory",
  remediation: ["Make the change that the message names, or raise the budget."],
  options: {
    maxMonthlyUsd: {
      type: "number",
      minimum: 0,
      description: "Dollars a month that all duplicates may cost together.",
    },
    maxMonthlyUsdLevel: { type: "string", values: LEVELS, description: "How much a breach of maxMonthlyUsd weighs." },
    maxShareOfLive: {
      type: "number",
      minimum: 0,
      maximum: 100,
      description: "What duplicates may cost, as a multiple of the live fleets (1 is one full copy).",
    },
    maxShareOfLiveLevel: { type: "string", values: LEVELS, description: "How much a breach of maxShareOfLive weighs." },
    alwaysShow: { type: "boolean", description: "Show the table also within the budget, as advice." },
    region: {
      type: "string",
      pattern: /^[a-z]{2}(-[a-z]+)+-\d$/,
      description: "The stack's region, where its provider does not say it.",
    },
    priceFile: {
      type: "string",
      description: "A file written by `npx hitless prices update`; relative to the directory of the policy pack.",
    },
    prices: { type: "numbers", minimum: 0, description: "Own dollars per hour by instance type." },
    savingsPlanPercent: percent("Percent off the on-demand price."),
    spotSharePercent: percent("Percent of the servers that are spot instances."),
    spotDiscountPercent: percent("Percent off for spot instances."),
    lcu: { type: "number", minimum: 0, description: "LCU that each load balancer carries on average." },
    nodeType: {
      type: "string",
      pattern: /^[a-z0-9-]+\.[a-z0-9-]+$/,
      description: "Instance type of the nodes that pods run on, where the stack's node groups do not say it.",
    },
    vcpuHourUsd: {
      type: "number",
      minimum: 0,
      description: "Dollars per hour of a vCPU that pods ask for, instead of their share of a node.",
    },
    gibHourUsd: {
      type: "number",
      minimum: 0,
      description: "Dollars per hour of a GiB of memory that pods ask for; goes with vcpuHourUsd.",
    },
  },
  defaults: {
    maxMonthlyUsdLevel: "mandatory",
    maxShareOfLive: 2,
    maxShareOfLiveLevel: "mandatory",
    alwaysShow: false,
    savingsPlanPercent: 0,
    spotSharePercent: 0,
    spotDiscountPercent: 0,
    lcu: 0,
  },
  stack: (model, options, { now }) => {
    const prices = new Prices(priceOptions(options, model));
    const bill = billOf(model, prices);
    const about = `${table(bill)}\n  ${prices.provenance(now)}`;
    const breaches = breachesOf(bill, options).map(({ level, problem, excess }): Verdict => {
      const change = cheapestChange(bill, excess);
      const way = change
        ? `The cheapest change that fits: ${change.what}, ${dollars(change.perHour * HOURS_PER_MONTH)} a month less.`
        : "No change of a duplicate alone fits.";
      return { problem: `${problem}\n${about}\n  ${way}`, level };
    });
    const hidden = [
      ...bill.unseen.map((problem): Verdict => ({ problem, unseen: true })),
      ...bill.unpriced.map((problem): Verdict => ({ problem: `Not priced: ${problem}.`, level: "advisory" })),
    ];
    const shown: Verdict[] =
      options.alwaysShow && breaches.length === 0 && bill.lines.length > 0
        ? [
            {
              problem: `Duplicates cost ${dollars(bill.duplicatePerHour * HOURS_PER_MONTH)} a month.\n${about}`,
              level: "advisory",
            },
          ]
        : [];
    return [...breaches, ...hidden, ...shown];
  },
};

interface Breach {
  readonly level: Level;
  readonly problem: string;
  /** Dollars an hour too much. */
  readonly excess: number;
}

function breachesOf(bill: Bill, options: DuplicateCostOptions): Breach[] {
  const { maxMonthlyUsd, maxMonthlyUsdLevel, maxShareOfLive, maxShareOfLiveLevel } = options;
  const { duplicatePerHour: duplicate, livePerHour: live } = bill;
  const month = duplicate * HOURS_PER_MONTH;
  const breaches: Breach[] = [];
  if (maxMonthlyUsd !== undefined && month > maxMonthlyUsd + 0.005) {
    const problem = `Duplicates cost ${dollars(month)} a month, expected at most ${dollars(maxMonthlyUsd)} (maxMonthlyUsd).`;
    breaches.push({ level: maxMonthlyUsdLevel, problem, excess: duplicate - maxMonthlyUsd / HOURS_PER_MONTH });
  }
  // Without a live fleet there is nothing to compare with: maxMonthlyUsd is the limit then.
  if (maxShareOfLive !== undefined && live > 0 && duplicate > maxShareOfLive * live * (1 + 1e-9)) {
    const problem = `Duplicates cost ${(duplicate / live).toFixed(2)} times the live fleets, expected at most ${maxShareOfLive} times (maxShareOfLive).`;
    breaches.push({ level: maxShareOfLiveLevel, problem, excess: duplicate - maxShareOfLive * live });
  }
  return breaches;
}

/** What the options say about prices. @param found the region and the nodes that the stack itself shows */
export function priceOptions(
  options: Partial<DuplicateCostOptions>,
  found: Pick<StackModel, "region" | "nodeType"> = {},
): PriceOptions {
  const { priceFile, prices, savingsPlanPercent, spotSharePercent, spotDiscountPercent, lcu } = options;
  const { vcpuHourUsd, gibHourUsd } = options;
  const region = options.region ?? found.region;
  const nodeType = options.nodeType ?? found.nodeType;
  return {
    ...(region !== undefined ? { region } : {}),
    ...(nodeType !== undefined ? { nodeType } : {}),
    ...(vcpuHourUsd !== undefined ? { vcpuHourUsd } : {}),
    ...(gibHourUsd !== undefined ? { gibHourUsd } : {}),
    ...(priceFile !== undefined ? { file: readPriceFile(priceFile) } : {}),
    ...(prices !== undefined ? { own: prices } : {}),
    savingsPlanPercent: savingsPlanPercent ?? 0,
    spotSharePercent: spotSharePercent ?? 0,
    spotDiscountPercent: spotDiscountPercent ?? 0,
    lcu: lcu ?? 0,
  };
}
