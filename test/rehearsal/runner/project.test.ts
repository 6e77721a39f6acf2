import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { programEnvironment } from "../../../src/rehearsal/runner/programEnvironment.js";
import { findProject } from "../../../src/rehearsal/runner/project.js";
import { StackConfig } from "../../../src/rehearsal/runner/stackConfig.js";
import { writeTrust } from "../../../src/rehearsal/runner/trustFile.js";
import { scratch } from "./scratch.js";

const own = scratch();
afterAll(own.remove);

function directory(name: string, files: Record<string, string> = {}): string {
  const made = path.join(own.directory, name);
  mkdirSync(made, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(made, file), text);
  return made;
}

describe("the project", () => {
  test.each(["Pulumi.yaml", "Pulumi.yml"])("is found by its %s", (file) => {
    const made = directory(file, { [file]: "name: web\nruntime: nodejs\n" });
    expect(findProject(made)).toEqual({ directory: made, name: "web", isolatedModules: false });
  });

  test.each([
    ['{ "compilerOptions": { "isolatedModules": true } }', true],
    [
      '{\n  // comments are allowed here\n  "compilerOptions": {\n    "strict": true,\n    "verbatimModuleSyntax" : true,\n  },\n}',
      true,
    ],
    ['{\n  "compilerOptions": {\n    // "isolatedModules": true,\n    "strict": true\n  }\n}', false],
    ['{ "compilerOptions": { "isolatedModules": false } }', false],
  ])("%j: files that stand alone: %s", (tsconfig, isolatedModules) => {
    const made = directory(`tsconfig-${Buffer.from(tsconfig).length}`, {
      "Pulumi.yaml": "name: web\nruntime: nodejs\n",
      "tsconfig.json": tsconfig,
    });
    expect(findProject(made)).toMatchObject({ isolatedModules });
  });

  test.each<[string, () => string, string]>([
    ["a directory that does not exist", () => path.join(own.directory, "nowhere"), "does not exist"],
    ["a file", () => path.join(directory("a", { file: "" }), "file"), "no directory"],
    ["an empty directory", () => directory("b"), "no Pulumi.yaml"],
    ["a project without a name", () => directory("c", { "Pulumi.yaml": "runtime: nodejs" }), "has no name"],
    ["a project that is no YAML", () => directory("d", { "Pulumi.yaml": "a: [" }), "cannot be read"],
  ])("%s is refused", (_, made, words) => {
    const where = made();
    expect(() => findProject(where)).toThrow(new RegExp(`^HIT401 .*${words}[\\s\\S]*Fix: name the directory`));
  });
});

describe("the program's environment", () => {
  const mine = {
    PATH: "/bin",
    HOME: "/home/me",
    AWS_PROFILE: "production",
    AWS_ACCESS_KEY_ID: "AKIAREAL",
    AWS_SESSION_TOKEN: "token",
    aws_secret_access_key: "lower",
    AWS_ENDPOINT_URL_EC2: "https://elsewhere",
    PULUMI_ACCESS_TOKEN: "pul-real",
    PULUMI_BACKEND_URL: "s3://real",
    PULUMI_HOME: "/home/me/.pulumi",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    HITLESS_SPEED: "3",
  };
  const cloud = { url: "http://127.0.0.1:4566", region: "eu-central-1", speed: 10 };
  const environment = programEnvironment(mine, { PATH: "/engine:/bin" }, cloud, "/work", "secret");

  test("holds nothing of the user's own accounts", () => {
    const text = JSON.stringify(environment);
    for (const leak of ["production", "AKIAREAL", "token", "lower", "elsewhere", "pul-real", "s3://real"]) {
      expect(text).not.toContain(leak);
    }
    // Files with credentials are not read either.
    expect(environment.AWS_SHARED_CREDENTIALS_FILE).toMatch(/^\/work\//);
    expect(environment.AWS_EC2_METADATA_DISABLED).toBe("true");
  });

  test("trusts the cloud's certificates, beside those that the user trusts", () => {
    const theirs = path.join(directory("trusted", { "corporate.pem": "THEIRS" }), "corporate.pem");
    const file = writeTrust(directory("work", {}), "OURS", { NODE_EXTRA_CA_CERTS: theirs });
    expect(readFileSync(file, "utf8")).toBe("THEIRS\nOURS");
    const user = { ...mine, NODE_EXTRA_CA_CERTS: theirs };
    expect(programEnvironment(user, {}, { ...cloud, trustFile: file }, "/work", "").NODE_EXTRA_CA_CERTS).toBe(file);
    expect(programEnvironment(user, {}, cloud, "/work", "").NODE_EXTRA_CA_CERTS).toBe(theirs);
  });

  test("points to the local cloud and the rehearsal's own state", () => {
    expect(environment).toMatchObject({
      PATH: "/engine:/bin",
      HOME: "/home/me",
      PULUMI_HOME: "/home/me/.pulumi",
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      AWS_ENDPOINT_URL: "http://127.0.0.1:4566",
      AWS_REGION: "eu-central-1",
      HITLESS_SPEED: "10",
      PULUMI_BACKEND_URL: "file:///work/state?metadata=skip",
    });
  });
});

test("configuration keeps what Pulumi wrote, completes keys, and forgets what is set to null", () => {
  const file = path.join(
    directory("config", { "Pulumi.rehearsal.yaml": "encryptionsalt: v1:abc\n" }),
    "Pulumi.rehearsal.yaml",
  );
  const config = new StackConfig(file, "web");
  config.set({ version: "v1", "aws:region": "us-east-1", health: "never" });
  config.set({ version: "v2", health: null, limits: { servers: 6 } });
  expect(parse(readFileSync(file, "utf8"))).toEqual({
    encryptionsalt: "v1:abc",
    config: { "web:version": "v2", "aws:region": "us-east-1", "web:limits": { servers: 6 } },
  });
});
