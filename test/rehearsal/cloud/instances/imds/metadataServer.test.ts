import { MetadataServer } from "../../../../../src/rehearsal/cloud/instances/imds/metadataServer.js";
import type { InstanceSpec } from "../../../../../src/rehearsal/cloud/instances/runtime.js";
import { instanceSpec } from "../spec.js";

let server: MetadataServer;
let url: string;

async function serve(more: Partial<InstanceSpec> = {}): Promise<void> {
  server = new MetadataServer(() => "me");
  server.add("me", instanceSpec(5, "#!/bin/sh\necho hi\n", more));
  url = `http://127.0.0.1:${await server.listen("127.0.0.1", 0)}`;
}

afterEach(() => server.close());

const token = async (
  headers: Record<string, string> = { "x-aws-ec2-metadata-token-ttl-seconds": "60" },
): Promise<Response> => fetch(`${url}/latest/api/token`, { method: "PUT", headers });

async function read(path: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${url}${path}`, {
    headers: { "x-aws-ec2-metadata-token": await (await token()).text() },
  });
  return { status: answer.status, body: await answer.text() };
}

test.each([
  ["ami-id", "ami-1"],
  ["instance-id", "i-00000000000000005"],
  ["instance-type", "t3.micro"],
  ["local-ipv4", "172.31.1.5"],
  ["local-hostname", "ip-172-31-1-5.ec2.internal"],
  ["hostname", "ip-172-31-1-5.ec2.internal"],
  ["mac", "02:00:ac:1f:01:05"],
  ["placement/availability-zone", "us-east-1a"],
  ["placement/region", "us-east-1"],
  ["tags/instance/Name", "web"],
  ["tags/instance/hitless:version", "v1"],
  ["tags/instance/", "Name\nhitless:version"],
  ["placement", "availability-zone\nregion"],
])("meta-data/%s", async (path, expected) => {
  await serve();
  expect(await read(`/latest/meta-data/${path}`)).toEqual({ status: 200, body: expected });
});

test("user data, and the identity document", async () => {
  await serve();
  expect((await read("/latest/user-data")).body).toBe("#!/bin/sh\necho hi\n");
  expect(JSON.parse((await read("/latest/dynamic/instance-identity/document")).body)).toMatchObject({
    accountId: "123456789012",
    instanceId: "i-00000000000000005",
    privateIp: "172.31.1.5",
    region: "us-east-1",
  });
});

test("what is not there is 404: user data of an instance without, tags not asked for, no profile", async () => {
  await serve({ userData: undefined, metadata: { httpTokens: "required", instanceMetadataTags: false } });
  for (const path of [
    "user-data",
    "meta-data/tags/instance/Name",
    "meta-data/iam/info",
    "meta-data/nothing",
    "meta-data/ami-id/x",
  ]) {
    expect((await read(`/latest/${path}`)).status).toBe(404);
  }
});

test("an instance profile shows its ARN and credentials of its role", async () => {
  await serve({ instanceProfileArn: "arn:aws:iam::123456789012:instance-profile/app" });
  expect(JSON.parse((await read("/latest/meta-data/iam/info")).body).InstanceProfileArn).toBe(
    "arn:aws:iam::123456789012:instance-profile/app",
  );
  expect((await read("/latest/meta-data/iam/security-credentials/")).body).toBe("app");
  expect(JSON.parse((await read("/latest/meta-data/iam/security-credentials/app")).body).Code).toBe("Success");
});

test("without a token 401 where tokens are required; version 1 works where they are optional", async () => {
  await serve();
  expect((await fetch(`${url}/latest/meta-data/instance-id`)).status).toBe(401);
  expect(
    (await fetch(`${url}/latest/meta-data/instance-id`, { headers: { "x-aws-ec2-metadata-token": "invented" } }))
      .status,
  ).toBe(401);
  await server.close();
  await serve({ metadata: { httpTokens: "optional", instanceMetadataTags: false } });
  expect(await (await fetch(`${url}/latest/meta-data/instance-id`)).text()).toBe("i-00000000000000005");
  expect(
    (await fetch(`${url}/latest/meta-data/instance-id`, { headers: { "x-aws-ec2-metadata-token": "invented" } }))
      .status,
  ).toBe(401);
});

test("a token needs a lifetime of 1 to 21600 seconds, a PUT, and no proxy", async () => {
  await serve();
  for (const [lifetime, status] of [
    ["0", 400],
    ["21601", 400],
    ["1.5", 400],
    ["x", 400],
    ["1", 200],
    ["21600", 200],
  ] as const) {
    expect((await token({ "x-aws-ec2-metadata-token-ttl-seconds": lifetime })).status).toBe(status);
  }
  expect((await token({})).status).toBe(400);
  expect((await token({ "x-aws-ec2-metadata-token-ttl-seconds": "60", "x-forwarded-for": "10.0.0.1" })).status).toBe(
    403,
  );
  expect((await fetch(`${url}/latest/api/token`)).status).toBe(405);
});

test("who is not known gets nothing", async () => {
  await serve();
  server.remove("me");
  expect((await token()).status).toBe(404);
});
