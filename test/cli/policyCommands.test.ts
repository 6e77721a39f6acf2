import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { program as commandLine } from "../../src/cli/main.js";
import { program } from "../policy/program.js";

let scratch: string;
let written: { out: string; err: string };

beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-cli-policy-"));
  written = { out: "", err: "" };
  const into = (stream: "out" | "err") => (text: unknown) => {
    written[stream] += String(text);
    return true;
  };
  jest.spyOn(process.stdout, "write").mockImplementation(into("out"));
  jest.spyOn(process.stderr, "write").mockImplementation(into("err"));
});

afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  rmSync(scratch, { recursive: true, force: true });
});

const run = (...args: string[]) => commandLine().parseAsync(args, { from: "user" });

function file(name: string, json: unknown): string {
  const target = path.join(scratch, name);
  writeFileSync(target, JSON.stringify(json));
  return target;
}

const written1 = (sides: Parameters<typeof program>[0]) =>
  program(sides).map(({ urn, type, props, references }) => ({
    urn,
    type,
    inputs: props,
    propertyDependencies: references,
  }));
const state = (sides: Parameters<typeof program>[0]) => ({ deployment: { resources: written1(sides) } });

test("cost --diff: what an update adds, from a state and a preview", async () => {
  const [before] = [file("state.json", state([{ name: "blue", servers: 2, type: "m5.large" }]))];
  const steps = written1([
    { name: "blue", servers: 2, type: "m5.large" },
    { name: "green", weight: 0, servers: 2, type: "m5.large" },
  ]).map((newState) => ({ op: newState.urn.endsWith("green") ? "create" : "same", newState }));
  await run("cost", "--diff", "--state", before, "--preview", file("preview.json", { steps }));
  expect(written.err).toBe("");
  expect(written.out).toMatch(/green +2 +m5\.large +0\.1920 +idle +140\.16/);
  expect(written.out).toContain("green: $0.00/h → $0.1920/h (+$140.16 a month)");
  expect(written.out).toContain("This update adds $140.16 a month.");
  expect(written.out).toContain("Worst case while it runs: $0.4065 an hour.");
  expect(written.out).not.toContain("failed");
});

test("cost --diff: a preview that failed is told beside the bill, which a budget's violation needs all the same", async () => {
  const steps = written1([{ name: "blue", servers: 2, type: "m5.large" }]).map((newState) => ({
    op: "create",
    newState,
  }));
  const diagnostics = [
    { severity: "warning", message: "warning: deprecated" },
    { severity: "error", message: "error: preview failed\n" },
  ];
  const preview = file("preview.json", { steps, diagnostics });
  await run("cost", "--diff", "--state", file("state.json", state([])), "--preview", preview);
  expect(written.out).toContain(
    "Not sure: the preview failed (preview failed); what it had not come to is missing here.",
  );
  expect(written.out).not.toContain("deprecated");
  expect(written.out).toMatch(/blue +2 +m5\.large/);
});

test.each([
  [{ nothing: 1 }, /this is no state of `pulumi stack export`/],
  [[], /this is no state/],
])("cost of something else: %j", async (json, message) => {
  await run("cost", "--state", file("state.json", json));
  expect(written.err).toMatch(message);
  expect(process.exitCode).toBe(2);
});

test("a price file that is none says what is wrong in it", async () => {
  const prices = file("prices.json", { source: "me", region: "mars", date: "soon", instances: { "m5.large": -1 } });
  await run("cost", "--state", file("state.json", state([{ name: "blue" }])), "--prices", prices);
  expect(written.err).toMatch(/is no price file[\s\S]*region: [\s\S]*date: [\s\S]*instances\.m5\.large: /);
});

test("policy init writes a pack, and leaves what is there alone", async () => {
  const directory = path.join(scratch, "policy");
  await run("policy", "init", directory);
  expect(readdirSync(directory).sort()).toEqual(["PulumiPolicy.yaml", "index.js", "package.json"]);
  expect(readFileSync(path.join(directory, "index.js"), "utf8")).toContain('require("hitless/policy")');
  await run("policy", "init", directory);
  expect(written.err).toMatch(/exists already, and is left alone/);
  expect(process.exitCode).toBe(2);
});

test("prices update refuses what is no region", async () => {
  await run("prices", "update", "--region", "Frankfurt");
  expect(written.err).toMatch(/--region is "Frankfurt", expected a region's code such as eu-central-1/);
  expect(process.exitCode).toBe(2);
});

test("cost without Pulumi says what is missing and what to do without it", async () => {
  const { PATH } = process.env;
  process.env.PATH = scratch;
  try {
    await run("cost", "--cwd", scratch);
  } finally {
    process.env.PATH = PATH;
  }
  expect(process.exitCode).toBe(2);
  expect(written.err).toMatch(/there is no pulumi on PATH.*--state FILE/);
});
