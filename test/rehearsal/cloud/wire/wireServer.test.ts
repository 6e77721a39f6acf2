import { connect } from "node:net";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { pino } from "pino";
import { throttled } from "../../../../src/rehearsal/cloud/wire/throttle.js";
import { WireServer } from "../../../../src/rehearsal/cloud/wire/wireServer.js";
import { speakers } from "./clients.js";
import { services } from "./smallServices.js";

const warnings: string[] = [];
const log = pino({ level: "warn" }, { write: (line: string) => void warnings.push(JSON.parse(line).msg) });

let server: WireServer;
let share = 0;
beforeAll(async () => {
  server = await WireServer.start({
    port: 0,
    services,
    accountId: "123456789012",
    log,
    before: ({ service }) => {
      if (share > 0) throw throttled(service);
    },
    admin: async (request, response) => {
      if (request.url !== "/_hitless/status") return false;
      response.end("{}");
      return true;
    },
  });
});
afterAll(() => server.close());
beforeEach(() => {
  warnings.length = 0;
  share = 0;
});

async function send(title: string, name: string, input: unknown): Promise<any> {
  const speaker = speakers.find((candidate) => candidate.title === title);
  if (!speaker) throw new Error(`no speaker ${title}`);
  const client = speaker.connect({ endpoint: server.url });
  const Command = speaker.commands[`${name}Command`] as new (input: unknown) => unknown;
  try {
    return await client.send(new Command(input));
  } catch (error) {
    return error;
  } finally {
    client.destroy();
  }
}

describe("through the SDK's clients", () => {
  test("an answer carries its request id; region and account reach the operation [D-08, D-13]", async () => {
    const answer = await send("sts (query)", "GetCallerIdentity", {});
    expect(answer).toMatchObject({ Account: "123456789012", Arn: "region eu-west-1" });
    expect(answer.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["elbv2 (query)", "DeleteTargetGroup", { TargetGroupArn: "arn" }, "TargetGroupNotFoundException", 400],
    ["autoscaling (query)", "DeleteAutoScalingGroup", { AutoScalingGroupName: "web" }, "ResourceInUseFault", 400],
    ["ec2 (EC2 query)", "DeleteSecurityGroup", { GroupId: "sg-1" }, "InvalidGroup.NotFound", 400],
    ["ssm (JSON 1.1)", "GetParameter", { Name: "/none" }, "ParameterNotFound", 400],
    ["cloudwatch (JSON 1.0)", "DeleteAlarms", { AlarmNames: ["none"] }, "ResourceNotFound", 404],
    ["cloudwatch (CBOR)", "DeleteAlarms", { AlarmNames: ["none"] }, "ResourceNotFound", 404],
    ["cloudwatch (query)", "DeleteAlarms", { AlarmNames: ["none"] }, "ResourceNotFound", 404],
    ["cloudwatch (JSON 1.0)", "ListTagsForResource", { ResourceARN: "arn" }, "ResourceNotFoundException", 404],
  ])("%s reads a refusal of %s [D-10, D-11, D-12, D-14]", async (title, name, input, expected, status) => {
    const error = await send(title, name, input);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(expected);
    expect(error.$metadata).toMatchObject({
      httpStatusCode: status,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  });

  test.each([
    ["elbv2 (query)", "DescribeTargetGroups", "Throttling"],
    ["ec2 (EC2 query)", "DeleteSecurityGroup", "RequestLimitExceeded"],
    ["ssm (JSON 1.1)", "GetParameter", "ThrottlingException"],
    ["cloudwatch (JSON 1.0)", "DeleteAlarms", "Throttling"],
    ["cloudwatch (CBOR)", "DeleteAlarms", "Throttling"],
  ])("%s is throttled as AWS does it", async (title, name, expected) => {
    share = 1;
    const error = await send(title, name, { Name: "n", AlarmNames: [], GroupId: "g" });
    expect(error.name).toBe(expected);
  });

  test("the SDK takes a throttling for one, and tries again", async () => {
    share = 1;
    const client = new STSClient({
      endpoint: server.url,
      region: "us-east-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 2,
    });
    const error = await client.send(new GetCallerIdentityCommand({})).catch((caught: unknown) => caught);
    client.destroy();
    expect(error).toMatchObject({ name: "Throttling", $metadata: { attempts: 2 } });
  });

  test("an operation that AWS has and the cloud has not is InvalidAction, and the log names it", async () => {
    const error = await send("elbv2 (query)", "CreateTrustStore", {
      Name: "n",
      CaCertificatesBundleS3Bucket: "b",
      CaCertificatesBundleS3Key: "k",
    });
    expect(error.name).toBe("InvalidAction");
    expect(error.message).toContain("CreateTrustStore");
    expect(warnings).toEqual([expect.stringContaining("unknown operation elbv2:CreateTrustStore")]);
  });

  test("a failure of our own is a 500 that says so, and so is an answer that the schema does not have", async () => {
    const broken = await send("elbv2 (query)", "DescribeTags", { ResourceArns: ["a"] });
    expect(broken).toMatchObject({ name: "InternalFailure", message: expect.stringContaining("broken") });
    const misspelt = await send("elbv2 (query)", "DescribeListeners", {});
    expect(misspelt).toMatchObject({ name: "InternalFailure", message: expect.stringContaining('"Listenres"') });
  });

  test("a compressed body is unpacked", async () => {
    const MetricData = Array.from({ length: 1000 }, (_, i) => ({ MetricName: `metric-${i}`, Value: i }));
    const answer = await send("cloudwatch (JSON 1.0)", "PutMetricData", { Namespace: "n", MetricData });
    expect(answer).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  });
});

describe("the server", () => {
  test("administration paths go to the admin API; unknown ones are 404", async () => {
    expect((await fetch(`${server.url}/_hitless/status`)).status).toBe(200);
    expect((await fetch(`${server.url}/_hitless/none`)).status).toBe(404);
  });

  test("a port in use is one sentence", async () => {
    const second = WireServer.start({ port: server.port, services, accountId: "1", log });
    await expect(second).rejects.toThrow(`Port ${server.port} is in use`);
  });

  test("close ends idle connections", async () => {
    const other = await WireServer.start({ port: 0, services, accountId: "1", log });
    const socket = connect(other.port, "127.0.0.1");
    await new Promise((resolve) => socket.once("connect", resolve));
    const ended = new Promise((resolve) => socket.once("close", resolve));
    socket.resume();
    await other.close();
    await ended;
  });
});
