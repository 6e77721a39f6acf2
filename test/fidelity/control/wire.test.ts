import { pino } from "pino";
import { WireServer } from "../../../src/rehearsal/cloud/wire/wireServer.js";
import { withServices } from "../served.js";
import { statement } from "../statement.js";

interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function ask(signingName: string, body: string): Promise<string> {
  return (await call(signingName, body)).text;
}

function call(signingName: string, body: string, more: Record<string, string> = {}): Promise<Answered> {
  return withServices(async (services) => {
    const log = pino({ level: "silent" });
    const server = await WireServer.start({ port: 0, services, accountId: "123456789012", log });
    const credential = `AKID/20260131/us-east-1/${signingName}/aws4_request`;
    const headers = {
      "content-type": "application/x-www-form-urlencoded",
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=host, Signature=00`,
      ...more,
    };
    try {
      const response = await fetch(server.url, { method: "POST", body, headers });
      return { status: response.status, headers: response.headers, text: await response.text() };
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

const REQUEST_ID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

statement("D-08", async () => {
  // Three services have an operation of this name.
  const balancing = await ask(
    "elasticloadbalancing",
    "Action=DescribeTags&Version=2015-12-01&ResourceArns.member.1=none",
  );
  expect(balancing).toContain("http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/");
  expect(await ask("autoscaling", "Action=DescribeTags&Version=2011-01-01")).toContain(
    '<DescribeTagsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">',
  );
  expect(await ask("ec2", "Action=DescribeTags&Version=2016-11-15")).toContain(
    '<DescribeTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">',
  );
  expect(await ask("sts", "Action=DescribeTags&Version=2011-06-15")).toContain("<Code>InvalidAction</Code>");
});

statement("D-10", async () => {
  const { status, text } = await call(
    "elasticloadbalancing",
    "Action=DescribeTargetGroups&Version=2015-12-01&Names.member.1=none",
  );
  expect(status).toBe(400);
  expect(text).toMatch(
    new RegExp(
      `^<ErrorResponse xmlns="http://elasticloadbalancing\\.amazonaws\\.com/doc/2015-12-01/"><Error><Type>Sender</Type><Code>TargetGroupNotFound</Code><Message>[^<]+</Message></Error><RequestId>${REQUEST_ID}</RequestId></ErrorResponse>$`,
    ),
  );
});

statement("D-11", async () => {
  const { status, text } = await call(
    "ec2",
    "Action=DescribeSubnets&Version=2016-11-15&SubnetId.1=subnet-0123456789abcdef0",
  );
  expect(status).toBe(400);
  expect(text).toMatch(
    new RegExp(
      `^<Response><Errors><Error><Code>InvalidSubnetID\\.NotFound</Code><Message>[^<]+</Message></Error></Errors><RequestID>${REQUEST_ID}</RequestID></Response>$`,
    ),
  );
});

statement("D-12", async () => {
  const { status, headers, text } = await call(
    "monitoring",
    '{"AlarmName":"none","StateValue":"OK","StateReason":"x"}',
    {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "GraniteServiceVersion20100801.SetAlarmState",
      "x-amzn-query-mode": "true",
    },
  );
  expect(status).toBe(404);
  expect(headers.get("x-amzn-query-error")).toBe("ResourceNotFound;Sender");
  const { __type, message } = JSON.parse(text) as Record<string, string>;
  expect(__type).toMatch(/#ResourceNotFound$/);
  expect(message).toBeTruthy();
});

statement("D-13", async () => {
  const { headers, text } = await call("sts", "Action=GetCallerIdentity&Version=2011-06-15");
  const id = headers.get("x-amzn-requestid") ?? "";
  expect(id).toMatch(new RegExp(`^${REQUEST_ID}$`));
  expect(text).toContain(`<RequestId>${id}</RequestId>`);
  const ec2 = await call("ec2", "Action=DescribeVpcs&Version=2016-11-15");
  expect(ec2.text).toContain(`<requestId>${ec2.headers.get("x-amzn-requestid")}</requestId>`);
});
