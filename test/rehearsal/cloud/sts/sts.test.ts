import { createSts } from "../../../../src/rehearsal/cloud/sts/sts.js";

const context = { requestId: "r", region: "us-east-1", accountId: "111122223333" };
const { operations } = createSts({ accountId: "111122223333" });

test("GetCallerIdentity names the account", () => {
  expect(operations.GetCallerIdentity?.({}, context)).toEqual({
    Account: "111122223333",
    Arn: "arn:aws:iam::111122223333:user/hitless",
    UserId: expect.stringMatching(/^AIDA[A-Z0-9]{16}$/),
  });
});

test("AssumeRole gives fresh credentials that expire", () => {
  const input = { RoleArn: "arn:aws:iam::999988887777:role/path/deploy", RoleSessionName: "ci" };
  const [one, two] = [operations.AssumeRole?.(input, context), operations.AssumeRole?.(input, context)];
  expect(one).toMatchObject({
    AssumedRoleUser: { Arn: "arn:aws:sts::999988887777:assumed-role/deploy/ci" },
    Credentials: { AccessKeyId: expect.stringMatching(/^ASIA/) },
  });
  expect(one.Credentials.SecretAccessKey).not.toBe(two.Credentials.SecretAccessKey);
  expect(one.Credentials.Expiration.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
});

test.each([
  { RoleArn: "deploy", RoleSessionName: "ci" },
  { RoleArn: "arn:aws:iam::999988887777:role/deploy", RoleSessionName: "a b" },
  { RoleArn: "arn:aws:iam::999988887777:role/deploy", RoleSessionName: "ci", DurationSeconds: 60 },
])("AssumeRole refuses %j", (input) => {
  expect(() => operations.AssumeRole?.(input, context)).toThrow(expect.objectContaining({ code: "ValidationError" }));
});
