import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { TOOLCHAIN_VERSION } from "../../../src/rehearsal/engine/cache";
import { resolveEngine } from "../../../src/rehearsal/engine/engine";
import { installLanguageHost } from "../../../src/rehearsal/engine/installLanguageHost";
import { isAtLeast } from "../../../src/rehearsal/engine/versions";

jest.mock("../../../src/rehearsal/engine/installLanguageHost", () => {
  const real = jest.requireActual("../../../src/rehearsal/engine/installLanguageHost");
  // The host's compiled file exists only in a build; where it would go is what these tests are about.
  return { ...real, installLanguageHost: jest.fn((pulumi: string) => pulumi.slice(0, pulumi.lastIndexOf("/"))) };
});

let scratch: string;
const before = { PATH: process.env.PATH, PULUMI_HOME: process.env.PULUMI_HOME };

beforeEach(() => {
  scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-engine-"));
  process.env.PATH = path.join(scratch, "bin");
  process.env.PULUMI_HOME = path.join(scratch, "home");
});

afterEach(() => {
  jest.clearAllMocks();
  Object.assign(process.env, before);
  if (before.PULUMI_HOME === undefined) delete process.env.PULUMI_HOME;
  rmSync(scratch, { recursive: true, force: true });
});

function executable(file: string, text: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
  return file;
}

const inPath = (name: string, text: string): string => executable(path.join(scratch, "bin", name), text);
const saying = (version: string): string => `#!/bin/sh\necho v${version}\n`;
const cached = (): string => path.join(scratch, "home", "versions", TOOLCHAIN_VERSION, "bin", "pulumi");

test("a pulumi on PATH that is new enough comes first", async () => {
  const pulumi = inPath("pulumi", saying("3.300.1"));
  executable(cached(), saying(TOOLCHAIN_VERSION));
  expect(await resolveEngine()).toMatchObject({ pulumi, version: "3.300.1", origin: "pulumi on PATH" });
});

test("one that is too old is passed over for the cache", async () => {
  inPath("pulumi", saying("3.100.0"));
  executable(cached(), saying(TOOLCHAIN_VERSION));
  expect(await resolveEngine()).toMatchObject({ pulumi: cached(), version: TOOLCHAIN_VERSION });
});

test("the npm package is asked before Go is, and its result is taken from the cache", async () => {
  inPath(
    "npx",
    `#!/bin/sh\n/bin/mkdir -p '${path.dirname(cached())}'\nprintf '#!/bin/sh\\necho v${TOOLCHAIN_VERSION}\\n' > '${cached()}'\n/bin/chmod +x '${cached()}'\n`,
  );
  inPath("go", "#!/bin/sh\nexit 9\n");
  expect(await resolveEngine()).toMatchObject({ pulumi: cached(), origin: "the npm package pulumi" });
});

test("Go builds it where the download host is out of reach", async () => {
  inPath("npx", "#!/bin/sh\necho 'pulumi: fetch failed' >&2\nexit 1\n");
  inPath(
    "go",
    `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\nprintf '#!/bin/sh\\necho v${TOOLCHAIN_VERSION}\\n' > "$2"\n`,
  );
  const progress: string[] = [];
  expect(await resolveEngine((line) => progress.push(line))).toMatchObject({ pulumi: cached(), origin: "a Go build" });
  expect(progress.join("\n")).toContain("building the Pulumi CLI");
  expect(existsSync(cached())).toBe(true);
});

test("when nothing helps, one message says what was tried, why, and how to get it", async () => {
  inPath("pulumi", saying("3.100.0"));
  inPath("npx", "#!/bin/sh\necho 'pulumi: fetch failed' >&2\nexit 1\n");
  const failure = await resolveEngine().catch((error: Error) => error.message);
  expect(failure).toMatch(/No Pulumi engine: a rehearsal runs your program through the real Pulumi CLI/);
  expect(failure).toMatch(/version 3\.100\.0, older than 3\.238\.0/);
  expect(failure).toMatch(/fetch failed/);
  expect(failure).toMatch(/there is no go on PATH/);
  expect(failure).toMatch(/Fix: install Pulumi/);
});

test("Pulumi's own language host is left alone and preferred to ours", async () => {
  const pulumi = inPath("pulumi", saying("3.300.1"));
  const host = inPath("pulumi-language-nodejs", "\x7fELF of the official host");
  const engine = await resolveEngine();
  expect(installLanguageHost).not.toHaveBeenCalled();
  expect(readFileSync(host, "utf8")).toContain("ELF");
  expect(engine.environment().PATH?.split(path.delimiter)[0]).toBe(path.dirname(pulumi));
});

test.each([
  ["3.238.0", "3.238.0", true],
  ["v3.259.0", "3.238.0", true],
  ["3.237.9", "3.238.0", false],
  ["4.0.0", "3.238.0", true],
  ["3.238.0-alpha.1", "3.238.0", true],
])("%s is at least %s: %s", (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});
