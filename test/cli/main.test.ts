import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const cli = path.join(__dirname, "../../dist/cli/main.js");
const directory = mkdtempSync(path.join(os.tmpdir(), "hitless-test-"));
writeFileSync(path.join(directory, "Pulumi.yaml"), "name: web\nruntime: nodejs\n");
afterAll(() => rmSync(directory, { recursive: true }));

function hitless(...args: string[]): { status: number | null; out: string; err: string } {
  if (!existsSync(cli)) throw new Error(`${cli} is missing: run \`npm run build\``);
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: "utf8", timeout: 30_000 });
  return { status, out: stdout, err: stderr };
}

test("--help names the commands, and each command has a help of its own", () => {
  expect(hitless("--help")).toMatchObject({ status: 0, out: expect.stringMatching(/cloud [\s\S]*rehearse /) });
  expect(hitless("rehearse", "--help").out).toMatch(/--scenario <file>[\s\S]*Exit code: 0/);
});

test("--version is the package's", () => {
  const { version } = jest.requireActual<{ version: string }>("../../package.json");
  expect(hitless("--version").out).toBe(`${version}\n`);
});

test.each<[string, string[], string]>([
  ["an unknown command", ["deploy"], "unknown command 'deploy'"],
  ["an unknown option", ["rehearse", directory, "--sped", "3"], "Did you mean --speed?"],
  ["a speed that is none", ["rehearse", directory, "--speed", "fast"], "Expected a number greater than 0"],
  ["a missing directory", ["rehearse"], "missing required argument 'dir'"],
  ["no project", ["rehearse", os.tmpdir()], "HIT401"],
  ["no scenario", ["rehearse", directory], "HIT402"],
])("%s is bad input: exit code 2 and a sentence", (_, args, words) => {
  const { status, err } = hitless(...args);
  expect(err).toContain(words);
  expect(status).toBe(2);
});

test("a scenario with unknown keys is refused with all of them, before anything is started", () => {
  const scenario = path.join(directory, "bad.yaml");
  writeFileSync(scenario, "lode: 1\nsteps:\n  - up: success\n    sett: 1\n");
  const { status, err } = hitless("rehearse", directory, "--scenario", scenario);
  expect(status).toBe(2);
  expect(err).toMatch(/HIT404 bad\.yaml:4 steps\[0\]\.sett[\s\S]*HIT404 bad\.yaml:1 lode/);
});
