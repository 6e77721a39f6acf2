import { pino } from "pino";
import { WireServer } from "../../../src/rehearsal/cloud/wire/wireServer.js";
import { withServices } from "../served.js";
import { statement } from "../statement.js";

async function ask(signingName: string, body: string): Promise<string> {
  return withServices(async (services) => {
    const log = pino({ level: "silent" });
    const server = await WireServer.start({ port: 0, services, accountId: "123456789012", log });
    const credential = `AKID/20260131/us-east-1/${signingName}/aws4_request`;
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
    };
    try {
      return await (await fetch(server.url, { method: "POST", body, headers })).text();
    } finally {
      await server.close();
    }
  });
}

statement("D-16", async () => {
  expect(await ask("sts", "Action=GetCallerIdentity&Version=2011-06-15")).toMatch(
    /^<GetCallerIdentityResponse xmlns="[^"]+"><GetCallerIdentityResult>.*<\/GetCallerIdentityResult><ResponseMetadata><RequestId>[0-9a-f-]+<\/RequestId><\/ResponseMetadata><\/GetCallerIdentityResponse>$/s,
  );
  expect(await ask("ec2", "Action=DescribeVpcs&Version=2016-11-15")).toMatch(
    /^<DescribeVpcsResponse xmlns="[^"]+"><requestId>[0-9a-f-]+<\/requestId>.*<vpcSet><item>.*<\/vpcSet>.*<\/DescribeVpcsResponse>$/s,
  );
});
