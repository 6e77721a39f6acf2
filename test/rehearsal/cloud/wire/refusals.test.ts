import { pino } from "pino";
import { WireServer } from "../../../../src/rehearsal/cloud/wire/wireServer.js";
import { services } from "./smallServices.js";

const warnings: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) });
let server: WireServer;
beforeAll(async () => {
  server = await WireServer.start({ port: 0, services, accountId: "123456789012", log });
});
afterAll(() => server.close());
beforeEach(() => {
  warnings.length = 0;
});

const authorization = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=AKID/20260131/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

async function post(body: string | Uint8Array, headers: Record<string, string>, path = "/"): Promise<Response> {
  return fetch(server.url + path, {
    method: "POST",
    body: body as never,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });
}

describe("malformed requests", () => {
  const elb = { authorization: authorization("elasticloadbalancing") };
  const ec2 = { authorization: authorization("ec2") };
  const monitoring = {
    authorization: authorization("monitoring"),
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": "GraniteServiceVersion20100801.DeleteAlarms",
  };
  const v = "Version=2015-12-01";

  test.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ["no authorization", `Action=DescribeTags&${v}`, {}, 403, "MissingAuthenticationToken"],
    ["garbled authorization", `Action=DescribeTags&${v}`, { authorization: "Basic Zm9v" }, 400, "IncompleteSignature"],
    [
      "a credential without scope",
      "",
      { authorization: "AWS4-HMAC-SHA256 Credential=AKID" },
      400,
      "IncompleteSignature",
    ],
    [
      "an unknown service",
      "",
      { authorization: authorization("dynamodb") },
      400,
      "does not serve &quot;dynamodb&quot;",
    ],
    ["classic load balancing", "Action=DescribeTags&Version=2012-06-01", elb, 400, "NoSuchVersion"],
    ["no action", v, elb, 400, "MissingAction"],
    ["no version", "Action=DescribeTags", elb, 400, "NoSuchVersion"],
    ["an unknown action", `Action=DoIt&${v}`, elb, 400, "InvalidAction"],
    ["an action named like a property of objects", `Action=constructor&${v}`, elb, 400, "InvalidAction"],
    ["a broken percent code", `Action=DescribeTags&${v}&A=%zz`, elb, 400, "MalformedQueryString"],
    ["bytes that are not UTF-8", Buffer.from([0x41, 0xff]), elb, 400, "SerializationException"],
    ["a value given twice", `Action=DescribeTags&${v}&A=1&A=2`, elb, 400, "MalformedQueryString"],
    ["an empty part of a name", `Action=DescribeTags&${v}&A..B=1`, elb, 400, "MalformedQueryString"],
    ["a missing member", `Action=DescribeTags&${v}`, elb, 400, "Value null at &apos;ResourceArns&apos;"],
    [
      "a missing nested member",
      `Action=RegisterTargets&${v}&TargetGroupArn=a&Targets.member.1.Port=1`,
      elb,
      400,
      "InvalidAction",
    ],
    [
      "an unknown member",
      `Action=DeleteTargetGroup&${v}&TargetGroupArn=a&Frce=true`,
      elb,
      400,
      "parameter Frce is not recognized",
    ],
    [
      "__proto__ as a member",
      `Action=DeleteTargetGroup&${v}&TargetGroupArn=a&__proto__.x=1`,
      elb,
      400,
      "__proto__ is not recognized",
    ],
    ["a list without numbers", `Action=DescribeTags&${v}&ResourceArns.member.x=a`, elb, 400, "ResourceArns.member.x"],
    ["a text for a list", `Action=DescribeTags&${v}&ResourceArns=a`, elb, 400, "ResourceArns"],
    [
      "a text for a number",
      `Action=DescribeTargetGroups&${v}&PageSize=ten`,
      elb,
      400,
      "&quot;ten&quot; is not a number",
    ],
    ["EC2: a missing member", "Action=CreateSecurityGroup&Version=2016-11-15", ec2, 400, "MissingParameter"],
    ["EC2: an unknown member", "Action=DeleteSecurityGroup&Version=2016-11-15&Group=1", ec2, 400, "UnknownParameter"],
    [
      "EC2: a bad boolean",
      "Action=DeleteSecurityGroup&Version=2016-11-15&DryRun=maybe",
      ec2,
      400,
      "InvalidParameterValue",
    ],
    ["JSON: not JSON", "{", monitoring, 400, "SerializationException"],
    ["JSON: a list for the body", "[]", monitoring, 400, "the request body"],
    ["JSON: a missing member", "{}", monitoring, 400, "The parameter AlarmNames is required."],
    ["JSON: an unknown member", '{"AlarmNames":[],"Names":1}', monitoring, 400, "Names is not recognized"],
    ["JSON: a wrong type", '{"AlarmNames":[1]}', monitoring, 400, "AlarmNames[0]"],
    [
      "JSON: another service's target",
      "{}",
      { ...monitoring, "x-amz-target": "AmazonSSM.GetParameter" },
      400,
      "UnknownOperation",
    ],
    ["JSON: no target", "{}", { ...monitoring, "x-amz-target": "" }, 400, "UnknownOperation"],
    ["JSON to a query service", "{}", { ...monitoring, ...elb }, 400, "UnsupportedProtocol"],
    ["too large a body", "A=".padEnd(1024 * 1024 + 1, "a"), elb, 413, "RequestEntityTooLarge"],
    ["an encoding that is not gzip", "A=1", { ...elb, "content-encoding": "br" }, 415, "UnsupportedMediaType"],
    ["gzip that is not gzip", "A=1", { ...elb, "content-encoding": "gzip" }, 400, "SerializationException"],
  ])("%s is refused", async (_title, body, headers, status, part) => {
    const response = await post(body, headers);
    const text = await response.text();
    expect(text).toContain(part);
    expect(response.status).toBe(status);
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("CBOR that ends too early, or is nested a hundred thousand deep, is refused", async () => {
    const headers = {
      authorization: authorization("monitoring"),
      "content-type": "application/cbor",
      "smithy-protocol": "rpc-v2-cbor",
    };
    const path = "/service/GraniteServiceVersion20100801/operation/DeleteAlarms";
    for (const body of [Buffer.from([0xa1, 0x61]), Buffer.alloc(100_000, 0x81)]) {
      const response = await post(body, headers, path);
      expect(response.status).toBe(400);
      expect(Buffer.from(await response.arrayBuffer()).toString("latin1")).toContain("SerializationException");
    }
  });

  test("a form a hundred thousand parts deep is refused", async () => {
    const response = await post(`Action=DescribeTags&${v}&${"a.".repeat(100_000)}a=1`, elb);
    expect(await response.text()).toContain("is not recognized");
  });

  test("GET is refused in words", async () => {
    const response = await fetch(`${server.url}/?Action=DescribeTags`);
    expect(await response.text()).toContain("POST requests only");
  });

  test("each refusal of an unknown member is logged with its name", async () => {
    await post(`Action=DeleteTargetGroup&${v}&TargetGroupArn=a&Frce=true`, elb);
    expect(warnings).toEqual(["refused: The parameter Frce is not recognized"]);
  });
});
