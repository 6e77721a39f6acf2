import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { credentialsFor, endpointOf, seconds } from "../../../src/gates/aws/credentials.js";
import { type ProviderSettings, providerSettings } from "../../../src/gates/aws/providerSettings.js";
import { setHitlessMocks } from "../../../src/testing/index.js";

test("a provider's settings are those that it was given", async () => {
  await setHitlessMocks();
  const provider = new aws.Provider("elsewhere", {
    region: "eu-west-1",
    accessKey: pulumi.secret("AKIA"),
    secretKey: pulumi.secret("shh"),
    maxRetries: 40,
    endpoints: [{ autoscaling: "http://127.0.0.1:1", elbv2: "http://127.0.0.1:2" }],
    assumeRoles: [
      { roleArn: "arn:aws:iam::1:role/a", externalId: "x", duration: "1h" },
      { roleArn: "arn:aws:iam::2:role/b" },
    ],
  });
  expect(await providerSettings(provider)).toMatchObject({
    region: "eu-west-1",
    accessKey: "AKIA",
    secretKey: "shh",
    maxRetries: 40,
    endpoints: [{ autoscaling: "http://127.0.0.1:1", elbv2: "http://127.0.0.1:2" }],
    assumeRoles: [
      { roleArn: "arn:aws:iam::1:role/a", externalId: "x", duration: "1h" },
      { roleArn: "arn:aws:iam::2:role/b" },
    ],
  });
});

test("without a provider the stack's configuration counts", async () => {
  await setHitlessMocks();
  pulumi.runtime.setAllConfig({
    "aws:region": "eu-north-1",
    "aws:profile": "shop",
    "aws:endpoints": '[{"autoscaling":"http://127.0.0.1:3"}]',
    "aws:maxRetries": "7",
  });
  expect(await providerSettings(undefined)).toEqual({
    region: "eu-north-1",
    profile: "shop",
    endpoints: [{ autoscaling: "http://127.0.0.1:3" }],
    maxRetries: 7,
  });
});

test("an endpoint is found under any of a service's names", () => {
  const settings: ProviderSettings = { endpoints: [{ ec2: "" }, { elb: "http://a" }, { elbv2: "http://b" }] };
  expect(endpointOf(settings, "elbv2", "elb")).toBe("http://a");
  expect(endpointOf(settings, "ec2")).toBeUndefined();
});

test("keys are used as they are; nothing given leaves it to the SDK", async () => {
  expect(await credentialsFor({}, "us-east-1")).toBeUndefined();
  const keys = await credentialsFor({ accessKey: "A", secretKey: "S", token: "T" }, "us-east-1");
  expect(typeof keys === "function" ? await keys() : keys).toEqual({
    accessKeyId: "A",
    secretAccessKey: "S",
    sessionToken: "T",
  });
});

test.each([
  ["900s", 900],
  ["1h", 3600],
  ["1h30m", 5400],
  ["1.5h", 5400],
])("%s are %i seconds", (text, expected) => {
  expect(seconds(text)).toBe(expected);
});

test.each(["", "900", "1 h", "1d"])("%p is no duration", (text) => {
  expect(() => seconds(text)).toThrow(/expected a form such as/);
});
