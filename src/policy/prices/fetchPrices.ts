import type { PricingClient } from "@aws-sdk/client-pricing";
import type { PriceFile } from "./prices.js";

/** What is asked of the price list: plain Linux, shared, on demand (the filters that Karpenter uses). */
const FILTERS: Readonly<Record<string, string>> = {
  operatingSystem: "Linux",
  preInstalledSw: "NA",
  capacitystatus: "Used",
  marketoption: "OnDemand",
  tenancy: "Shared",
  productFamily: "Compute Instance",
};

/**
 * A region's current on-demand prices, through the AWS Pricing API (`GetProducts`, all pages).
 *
 * @throws Error when the list has no price, or one that cannot be read: half a list must not pass for a whole one
 */
export async function fetchPrices(client: PricingClient, region: string, now: Date): Promise<PriceFile> {
  const { paginateGetProducts } = await import("@aws-sdk/client-pricing");
  const filters = Object.entries({ regionCode: region, ...FILTERS }).map(([Field, Value]) => ({
    Type: "TERM_MATCH" as const,
    Field,
    Value,
  }));
  const instances: Record<string, number> = {};
  for await (const page of paginateGetProducts({ client }, { ServiceCode: "AmazonEC2", Filters: filters })) {
    for (const entry of page.PriceList ?? []) {
      const { type, dollars } = readProduct(String(entry));
      if (dollars > 0) instances[type] = dollars;
    }
  }
  if (Object.keys(instances).length === 0) {
    throw new Error(
      `The AWS price list has no instance for region "${region}": is it a region's code, such as eu-central-1?`,
    );
  }
  const sorted = Object.fromEntries(Object.entries(instances).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    source: "AWS Pricing API (GetProducts, AmazonEC2)",
    region,
    date: now.toISOString().slice(0, 10),
    instances: sorted,
  };
}

function readProduct(text: string): { type: string; dollars: number } {
  const product = JSON.parse(text);
  const type = product?.product?.attributes?.instanceType;
  const [term] = Object.values<any>(product?.terms?.OnDemand ?? {});
  const dimension = Object.values<any>(term?.priceDimensions ?? {}).find(({ unit }) => unit === "Hrs");
  const dollars = Number(dimension?.pricePerUnit?.USD);
  if (typeof type !== "string" || !Number.isFinite(dollars)) {
    throw new Error(`The AWS price list has an entry without type or hourly price in USD: ${text.slice(0, 200)}`);
  }
  return { type, dollars };
}
