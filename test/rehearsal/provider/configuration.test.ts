/** The provider's own configuration. */
import { checkConfig, resolveConfig } from "../../../src/rehearsal/provider/config/config.js";
import { startProviderServer } from "../../../src/rehearsal/provider/server.js";
import { speedFrom } from "../../../src/rehearsal/provider/wait.js";
import { ACCOUNT, type CloudDouble, startCloudDouble } from "./cloudDouble.js";
import { EngineDouble } from "./engineDouble.js";

let cloud: CloudDouble;
beforeAll(async () => {
  cloud = await startCloudDouble();
}, 30_000);
afterAll(() => cloud.close());

async function configured(args: Record<string, unknown>, environment: NodeJS.ProcessEnv): Promise<EngineDouble> {
  const server = await startProviderServer({ environment, speed: 100 });
  closers.push(() => server.close());
  const engine = new EngineDouble(server.port);
  closers.push(async () => engine.close());
  await engine.configure(args);
  return engine;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

test("values that are no text come as JSON text, and are checked inside", () => {
  const good = {
    region: "eu-west-1",
    endpoints: '[{"ec2":"http://x"}]',
    skipCredentialsValidation: "true",
    version: "7.48.0",
  };
  expect(checkConfig(good).failures).toEqual([]);
  const bad = { insecure: "true", endpoints: '[{"ec3":"http://x"}]', maxRetries: "many" };
  expect(checkConfig(bad).failures.map(({ property }) => property)).toEqual([
    "insecure",
    "endpoints[0].ec3",
    "maxRetries",
  ]);
});

test("what the program gives goes before the environment", () => {
  const environment = {
    AWS_REGION: "us-east-1",
    AWS_ENDPOINT_URL: "http://all",
    AWS_ENDPOINT_URL_EC2: "http://ec2",
    AWS_ACCESS_KEY_ID: "k",
    AWS_SECRET_ACCESS_KEY: "s",
  };
  const config = resolveConfig(
    { region: "eu-west-1", endpoints: '[{"elasticloadbalancingv2":"http://lb"}]' },
    environment,
  );
  expect(config).toMatchObject({ region: "eu-west-1", accessKey: "k" });
  expect(config.endpoints).toMatchObject({ ec2: "http://ec2", elbv2: "http://lb", autoscaling: "http://all" });
  expect(resolveConfig({ profile: "work", region: "r" }, environment).accessKey).toBeUndefined();
});

test("no region is an error with a remedy", () => {
  expect(() => resolveConfig({}, {})).toThrow(/aws:region.*AWS_REGION/);
});

test("without an endpoint nothing is called: a rehearsal never reaches a real account", async () => {
  const { AWS_ENDPOINT_URL: _none, ...environment } = cloud.environment;
  await expect(configured({}, environment)).rejects.toThrow(/never to a real AWS account.*AWS_ENDPOINT_URL/s);
});

test("a cloud that does not answer is one clear error", async () => {
  const environment = { ...cloud.environment, AWS_ENDPOINT_URL: "http://127.0.0.1:1" };
  await expect(configured({ maxRetries: "0" }, environment)).rejects.toThrow(
    /no AWS endpoint answers at 127.0.0.1:1 \(ECONNREFUSED\).*hitless cloud/,
  );
});

test("credentials that are nowhere are an error with a remedy", async () => {
  const environment = { AWS_REGION: "us-east-1", AWS_ENDPOINT_URL: cloud.url };
  const nowhere = {
    sharedConfigFiles: '["/nonexistent/config"]',
    sharedCredentialsFiles: '["/nonexistent/credentials"]',
  };
  await expect(configured(nowhere, environment)).rejects.toThrow(/no AWS credentials were found.*AWS_ACCESS_KEY_ID/);
});

test("account rules are kept", async () => {
  await expect(configured({ forbiddenAccountIds: JSON.stringify([ACCOUNT]) }, cloud.environment)).rejects.toThrow(
    /not allowed/,
  );
  await configured({ allowedAccountIds: JSON.stringify([ACCOUNT]) }, cloud.environment);
});

test("a role is assumed", async () => {
  cloud.calls.length = 0;
  const assumeRoles = JSON.stringify([{ roleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`, duration: "15m" }]);
  await configured({ assumeRoles }, cloud.environment);
  expect(cloud.calls).toEqual(["AssumeRole", "GetCallerIdentity"]);
});

test("default tags join the program's own, which win", async () => {
  const engine = await configured({ defaultTags: '{"tags":{"team":"shop","app":"x"}}' }, cloud.environment);
  const { inputs } = await engine.check("aws:lb/loadBalancer:LoadBalancer", "web", { tags: { app: "web" } });
  expect(inputs.tags).toEqual({ team: "shop", app: "web" });
  expect((await engine.create("aws:lb/loadBalancer:LoadBalancer", "web", inputs, true)).state.tagsAll).toEqual(
    inputs.tags,
  );
  expect((await engine.invoke("aws:index/getDefaultTags:getDefaultTags", {})).result.tags).toEqual({
    team: "shop",
    app: "x",
  });
});

test("two engines, or two providers of one, have configurations of their own on one server", async () => {
  const server = await startProviderServer({ environment: cloud.environment, speed: 100 });
  const [first, second] = [new EngineDouble(server.port), new EngineDouble(server.port)];
  closers.push(() => server.close());
  await first.configure({ region: "us-east-1" });
  await second.configure({ region: "us-east-1", defaultTags: '{"tags":{"team":"shop"}}' });
  const lb = "aws:lb/loadBalancer:LoadBalancer";
  expect((await first.check(lb, "web", {})).inputs.tags).toBeUndefined();
  expect((await second.check(lb, "web", {})).inputs.tags).toEqual({ team: "shop" });
  first.close();
  second.close();
});

test("an endpoint of each service alone is enough", async () => {
  const { AWS_ENDPOINT_URL: _none, ...environment } = cloud.environment;
  const engine = await configured({ endpoints: JSON.stringify([{ sts: cloud.url, ec2: cloud.url }]) }, environment);
  expect((await engine.invoke("aws:ec2/getVpc:getVpc", { default: true })).result.default).toBe(true);
  await expect(engine.invoke("aws:ssm/getParameter:getParameter", { name: "/a" })).rejects.toThrow(
    /no endpoint is set for ssm/,
  );
});

test("HITLESS_SPEED must be a number greater than 0", () => {
  expect(speedFrom({})).toBe(1);
  expect(speedFrom({ HITLESS_SPEED: "10" })).toBe(10);
  expect(() => speedFrom({ HITLESS_SPEED: "0" })).toThrow(/HITLESS_SPEED is "0"/);
});
