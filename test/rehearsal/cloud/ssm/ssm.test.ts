import { ParameterStore } from "../../../../src/rehearsal/cloud/ssm/parameterStore.js";
import { createSsm } from "../../../../src/rehearsal/cloud/ssm/ssm.js";

const context = { requestId: "r", region: "us-east-1", accountId: "123456789012" };

function setUp() {
  const parameters = new ParameterStore("us-east-1");
  const { operations } = createSsm({ region: "us-east-1", accountId: "123456789012", parameters });
  const call = (operation: string, input: object): any => operations[operation]?.(input, context);
  return { call, parameters };
}

const code = (wanted: string) => expect.objectContaining({ code: wanted });

test("the public AMI parameters are there and belong to nobody's account", () => {
  const { call } = setUp();
  const Name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  expect(call("GetParameter", { Name }).Parameter).toMatchObject({
    Name,
    Type: "String",
    Value: expect.stringMatching(/^ami-[0-9a-f]{17}$/),
    ARN: `arn:aws:ssm:us-east-1::parameter${Name}`,
  });
  expect(() => call("PutParameter", { Name, Value: "x", Type: "String" })).toThrow(code("ValidationException"));
});

test("put, overwrite, read by version, delete", () => {
  const { call, parameters } = setUp();
  expect(call("PutParameter", { Name: "/app/v", Value: "1", Type: "String" })).toEqual({
    Version: 1,
    Tier: "Standard",
  });
  expect(() => call("PutParameter", { Name: "/app/v", Value: "2", Type: "String" })).toThrow(
    code("ParameterAlreadyExists"),
  );
  expect(call("PutParameter", { Name: "/app/v", Value: "2", Overwrite: true })).toMatchObject({ Version: 2 });
  expect(call("GetParameter", { Name: "/app/v" }).Parameter).toMatchObject({ Value: "2", Version: 2 });
  expect(call("GetParameter", { Name: "/app/v:1" }).Parameter).toMatchObject({ Value: "1", Selector: ":1" });
  expect(() => call("GetParameter", { Name: "/app/v:9" })).toThrow(code("ParameterVersionNotFound"));
  expect(parameters.value("/app/v")).toBe("2");
  call("DeleteParameter", { Name: "/app/v" });
  expect(() => call("GetParameter", { Name: "/app/v" })).toThrow(code("ParameterNotFound"));
  expect(() => call("DeleteParameter", { Name: "/app/v" })).toThrow(code("ParameterNotFound"));
});

test("GetParameters names those that are not there", () => {
  const { call } = setUp();
  call("PutParameter", { Name: "a", Value: "1", Type: "String" });
  const answer = call("GetParameters", { Names: ["a", "b"] });
  expect(answer).toMatchObject({ Parameters: [{ Name: "a", Value: "1" }], InvalidParameters: ["b"] });
});

test("a secure string is shown with decryption only", () => {
  const { call } = setUp();
  call("PutParameter", { Name: "s", Value: "secret", Type: "SecureString" });
  expect(call("GetParameter", { Name: "s" }).Parameter.Value).not.toBe("secret");
  expect(call("GetParameter", { Name: "s", WithDecryption: true }).Parameter.Value).toBe("secret");
});

test.each([
  [{ Name: "a b", Value: "1", Type: "String" }, "ValidationException"],
  [{ Name: "a", Value: "", Type: "String" }, "ValidationException"],
  [{ Name: "a", Value: "1" }, "ValidationException"],
  [{ Name: "a", Value: "1", Type: "String", Policies: "[]" }, "ValidationException"],
  [{ Name: "a", Value: "1", Type: "String", AllowedPattern: "^x$" }, "ParameterPatternMismatchException"],
  [{ Name: "a", Value: "1", Type: "String", AllowedPattern: "(" }, "InvalidAllowedPatternException"],
])("PutParameter refuses %j", (input, wanted) => {
  const { call } = setUp();
  expect(() => call("PutParameter", input)).toThrow(code(wanted));
});
