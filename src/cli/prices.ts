import { writeFileSync } from "node:fs";
import { Command } from "commander";

interface Flags {
  readonly region: string;
  readonly out: string;
  readonly endpoint?: string;
}

/** `hitless prices`: keeps a region's prices in a file that the team commits. */
export function pricesCommand(): Command {
  const update = new Command("update")
    .description(
      "Fetch a region's on-demand Linux prices through the AWS Pricing API into a file; commit it, and name it as priceFile.",
    )
    .requiredOption("--region <code>", "the region whose prices to fetch, such as eu-central-1")
    .option("--out <file>", "where to write them", "hitless-prices.json")
    .option("--endpoint <url>", "another address of the Pricing API (default: AWS's in us-east-1)")
    .action(async (flags: Flags) => {
      try {
        process.stdout.write(`${await fetchInto(flags)}\n`);
      } catch (error) {
        process.stderr.write(`hitless prices update: ${(error as Error).message}\n`);
        process.exitCode = 2;
      }
    });
  return new Command("prices")
    .description("Prices of servers, for the policies and `hitless cost`.")
    .addCommand(update);
}

async function fetchInto({ region, out, endpoint }: Flags): Promise<string> {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) {
    throw new Error(`--region is "${region}", expected a region's code such as eu-central-1.`);
  }
  const { PricingClient } = await import("@aws-sdk/client-pricing");
  const { fetchPrices } = await import("../policy/prices/fetchPrices.js");
  // The API is served in few regions, and answers for all of them.
  const client = new PricingClient({ region: "us-east-1", ...(endpoint ? { endpoint } : {}) });
  try {
    const prices = await fetchPrices(client, region, new Date());
    writeFileSync(out, `${JSON.stringify(prices, null, 2)}\n`);
    return `${Object.keys(prices.instances).length} prices of ${region} written to ${out}.`;
  } finally {
    client.destroy();
  }
}
