import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { PricingClient } from "@aws-sdk/client-pricing";
import * as fc from "fast-check";
import { billOf, monthly } from "../../src/policy/cost/bill.js";
import { cheapestChange } from "../../src/policy/cost/cheaper.js";
import { difference, differenceText } from "../../src/policy/cost/difference.js";
import { readStack } from "../../src/policy/model/stack.js";
import { LARGE_PER_HOUR } from "../../src/policy/prices/builtIn.js";
import { fetchPrices } from "../../src/policy/prices/fetchPrices.js";
import { Prices } from "../../src/policy/prices/prices.js";
import { program } from "./program.js";

/** On-demand Linux prices as AWS publishes them for us-east-1, size by size; the table has one figure a family. */
const published =
  `t2.nano .0058, t2.micro .0116, t2.small .023, t2.medium .0464, t3.nano .0052, t3.micro .0104, t3.small .0208,
t3.medium .0416, t3.large .0832, t3.xlarge .1664, t3.2xlarge .3328, t3a.micro .0094, t3a.medium .0376, t4g.micro .0084, t4g.small .0168,
t4g.medium .0336, m4.large .1, m4.10xlarge 2, m5.large .096, m5.xlarge .192, m5.4xlarge .768, m5.24xlarge 4.608, m5a.2xlarge .344,
m6a.large .0864, m6g.4xlarge .616, m6i.2xlarge .384, m7g.16xlarge 2.6112, m7i.xlarge .2016, c4.8xlarge 1.591, c5.xlarge .17,
c5.9xlarge 1.53, c5.18xlarge 3.06, c5n.18xlarge 3.888, c6a.8xlarge 1.224, c6g.large .068, c6g.16xlarge 2.176, c6i.4xlarge .68,
c7g.medium .0363, c7g.xlarge .145, r4.large .133, r5.large .126, r5.2xlarge .504, r5.24xlarge 6.048, r6g.xlarge .2016, r6i.4xlarge 1.008,
r7g.2xlarge .4284`
    .split(",")
    .map((entry) => entry.trim().split(" ") as [string, string])
    .map(([type, price]): [string, number] => [type, Number(price)]);

test("at least forty types are tried", () => expect(published.length).toBeGreaterThanOrEqual(40));

test.each(published)("%s costs %d dollars an hour, within 2 %%", (type, price) => {
  expect(Math.abs((new Prices().perHour(type) ?? 0) / price - 1)).toBeLessThanOrEqual(0.02);
});

test("doubling the size doubles the price, in every family", () => {
  fc.assert(
    fc.property(fc.constantFrom(...LARGE_PER_HOUR.keys()), fc.integer({ min: 1, max: 12 }), (family, size) => {
      const prices = new Prices();
      const one = prices.perHour(`${family}.${size === 1 ? "" : size}xlarge`) ?? 0;
      expect(prices.perHour(`${family}.${2 * size}xlarge`)).toBeCloseTo(2 * one, 10);
    }),
  );
});

test.each(["x9.large", "m5.metal", "m5", "", "m5.large.search", "__proto__.large", "m5.toString"])(
  "%j has no price, rather than 0",
  (type) => expect(new Prices().perHour(type)).toBeUndefined(),
);

test("own prices, Savings Plan and spot", () => {
  expect(new Prices({ own: { "x9.huge": 3 } }).perHour("x9.huge")).toBe(3);
  expect(new Prices({ savingsPlanPercent: 28 }).perHour("m5.large")).toBeCloseTo(0.096 * 0.72, 10);
  const half = { spotSharePercent: 50, spotDiscountPercent: 70 };
  expect(new Prices(half).perHour("m5.large")).toBeCloseTo(0.096 * (0.5 + 0.5 * 0.3), 10);
});

test("prices say their source, age and what they leave out", () => {
  const now = new Date("2026-11-24T00:00:00Z");
  expect(new Prices({ region: "eu-central-1", savingsPlanPercent: 20 }).provenance(now)).toBe(
    "Prices: AWS on-demand Linux prices built into Hitless, us-east-1, of 2026-07-20 (127 days old); " +
      "the stack is in eu-central-1: run `npx hitless prices update --region eu-central-1`; Savings Plan 20 % off; " +
      "load balancers without traffic (LCU).",
  );
});

describe("a bill computed by hand", () => {
  const before = readStack(program([{ name: "blue", servers: 4, type: "m5.large" }]));
  const after = readStack(
    program([
      { name: "blue", servers: 4, type: "m5.large" },
      { name: "green", weight: 0, servers: 4, type: "m5.xlarge" },
      { name: "old", weight: 0, servers: 2, type: "x9.huge" },
    ]),
  );
  const prices = new Prices();

  test("each fleet, the load balancer, and what is not priced", () => {
    const bill = billOf(after, prices);
    expect(bill.livePerHour).toBeCloseTo(4 * 0.096, 10);
    expect(bill.duplicatePerHour).toBeCloseTo(4 * 0.192, 10);
    expect(bill.balancersPerHour).toBeCloseTo(0.0225, 10);
    // 0.384 + 0.768 + 0.0225 = 1.1745 dollars an hour, 730 hours.
    expect(monthly(bill)).toBeCloseTo(857.385, 6);
    expect(bill.unpriced).toEqual([expect.stringMatching(/^old: no price is known for x9\.huge; add it/)]);
  });

  test("the difference of an update, and its worst case", () => {
    const found = difference(billOf(before, prices), billOf(after, prices));
    expect(found.monthly).toBeCloseTo(0.768 * 730, 6);
    expect(found.worstPerHour).toBeCloseTo(1.1745, 6);
    expect(differenceText(found)).toContain("This update adds $560.64 a month.");
    // Deletions come last: on the way back both are there once more.
    const back = difference(billOf(after, prices), billOf(before, prices));
    expect(back.monthly).toBeCloseTo(-560.64, 6);
    expect(back.worstPerHour).toBeCloseTo(1.1745, 6);
  });

  test("the cheapest change that fits saves enough, and no single smaller one would", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
        fc.double({ min: 0.001, max: 1, noNaN: true }),
        (sizes, wanted) => {
          const idle = sizes.map((servers, index) => ({ name: `idle${index}`, weight: 0, servers }));
          const bill = billOf(readStack(program([{ name: "blue" }, ...idle])), prices);
          const change = cheapestChange(bill, wanted);
          const all = bill.duplicatePerHour;
          if (wanted > all + 1e-6) expect(change).toBeUndefined();
          else if (wanted < all - 1e-6) expect(change?.perHour).toBeGreaterThanOrEqual(wanted - 1e-6);
        },
      ),
    );
  });
});

test("prices are fetched page by page (from a small server that speaks the protocol of the Pricing API)", async () => {
  const asked: any[] = [];
  const product = (type: string, usd: string) =>
    JSON.stringify({
      product: { attributes: { instanceType: type } },
      terms: { OnDemand: { one: { priceDimensions: { one: { unit: "Hrs", pricePerUnit: { USD: usd } } } } } },
    });
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const input = JSON.parse(Buffer.concat(chunks).toString());
    asked.push({ target: request.headers["x-amz-target"], ...input });
    const first = input.NextToken === undefined;
    const page = first
      ? {
          FormatVersion: "aws_v1",
          PriceList: [product("m5.large", "0.115"), product("zero.large", "0")],
          NextToken: "more",
        }
      : { FormatVersion: "aws_v1", PriceList: [product("c5.large", "0.097")] };
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(page));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new PricingClient({
    region: "us-east-1",
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    expect(await fetchPrices(client, "eu-central-1", new Date("2026-11-24T10:00:00Z"))).toEqual({
      source: "AWS Pricing API (GetProducts, AmazonEC2)",
      region: "eu-central-1",
      date: "2026-11-24",
      instances: { "c5.large": 0.097, "m5.large": 0.115 },
    });
    expect(asked.map(({ target }) => target)).toEqual(Array(2).fill("AWSPriceListService.GetProducts"));
    expect(asked[0].Filters).toContainEqual({ Type: "TERM_MATCH", Field: "regionCode", Value: "eu-central-1" });
  } finally {
    client.destroy();
    server.close();
  }
});
