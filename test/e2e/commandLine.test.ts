import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { familyWith, remaining } from "./support/processes.js";
import { cli, hitless, rollingFleet, root } from "./support/rehearse.js";

const MINUTES = 60_000;
const engine = /\/pulumi up /;

test("in a clone the command is called as the README calls it", async () => {
  const { stdout } = await promisify(execFile)("npx", ["hitless", "rehearse", "--help"], { cwd: root });
  expect(stdout).toContain("Usage: hitless rehearse [options] <dir>");
}, 60_000);

test("the local cloud on a port in use: one fault, exit code 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  try {
    expect(await hitless("cloud", "--port", String(port), "--log-level", "warn")).toEqual({
      exitCode: 2,
      output: [
        `HIT413 Port ${port} on 127.0.0.1: another program listens there.`,
        "  Why: Two servers cannot listen on one port.",
        "  Fix: stop it, or give another port with --port.",
        "",
      ].join("\n"),
    });
  } finally {
    server.close();
  }
}, 60_000);

test("a rehearsal in a cloud that is not there: what is wrong and what to do, exit code 2", async () => {
  const { exitCode, output } = await hitless("rehearse", rollingFleet, "--cloud", "http://127.0.0.1:1");
  expect(output).toMatch(/^HIT410 http:\/\/127\.0\.0\.1:1: no local cloud answers there \(.+\)\n/m);
  expect(output).toMatch(/^ {2}Fix: start one with `npx hitless cloud`/m);
  expect(output).not.toMatch(/^\s+at /m);
  expect(exitCode).toBe(2);
}, 60_000);

describe("Ctrl-C", () => {
  let temporary: string;
  let child: ChildProcess | undefined;

  beforeEach(() => {
    temporary = mkdtempSync(path.join(os.tmpdir(), "hitless-e2e-interrupt-"));
  });

  afterEach(() => {
    if (child?.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    rmSync(temporary, { recursive: true, force: true });
  });

  test.each([
    ["while the first release is made", /▸ create the fleet on v1/],
    ["under load, in mid-rollout", /▸ roll v1 to v2[\s\S]*\n {2}… /],
  ])(
    "%s: exit code 130, and nothing is left",
    async (_, moment) => {
      const before = readdirSync(rollingFleet);
      // A process group of its own, as a shell gives it: Ctrl-C goes to all of the group.
      const rehearsal = spawn(process.execPath, [cli, "rehearse", rollingFleet], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TMPDIR: temporary },
      });
      child = rehearsal;
      const closed = once(rehearsal, "close") as Promise<[number | null, NodeJS.Signals | null]>;
      const output = await shows(rehearsal, moment);
      const family = await familyWith(rehearsal.pid as number, engine);
      // Otherwise little would have to be taken down.
      expect(family.map(({ command }) => command)).toEqual(
        expect.arrayContaining([expect.stringMatching(/ cloud --port 0/), expect.stringMatching(engine)]),
      );
      expect(readdirSync(temporary)).toContainEqual(expect.stringMatching(/^hitless-rehearsal-/));

      process.kill(-(rehearsal.pid as number), "SIGINT");
      const end = await closed;

      expect({ end, output: output() }).toEqual({
        end: [130, null],
        output: expect.stringMatching(/Interrupted: everything that was started has been taken down\.\n$/),
      });
      expect(await remaining(family, temporary)).toEqual([]);
      // What Pulumi's TypeScript loader has compiled is its own cache for every later run.
      expect(readdirSync(temporary).filter((name) => !name.startsWith("ts-node-"))).toEqual([]);
      expect(readdirSync(rollingFleet)).toEqual(before);
    },
    5 * MINUTES,
  );

  test(
    "a second one does not wait: exit code 130, and nothing is left either",
    async () => {
      const rehearsal = spawn(process.execPath, [cli, "rehearse", rollingFleet], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, TMPDIR: temporary },
      });
      child = rehearsal;
      const closed = once(rehearsal, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
      await shows(rehearsal, /▸ create the fleet on v1/);
      const family = await familyWith(rehearsal.pid as number, engine);
      const shown = shows(rehearsal, /Taking everything down/);
      rehearsal.kill("SIGINT");
      await shown;
      rehearsal.kill("SIGINT");

      expect(await closed).toEqual([130, null]);
      expect(readdirSync(temporary).filter((name) => name.startsWith("hitless-rehearsal-"))).toEqual([]);
      // The cloud goes, in order, as soon as it notices that nobody is there any more.
      await expectSoon(async () => {
        expect(await remaining(family, temporary)).toEqual([]);
        expect(readdirSync(temporary).filter((name) => !name.startsWith("ts-node-"))).toEqual([]);
      });
    },
    2 * MINUTES,
  );
});

/** Tries until it holds, with a deadline that only a broken test meets. */
async function expectSoon(holds: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

/** Waits until a process has printed what is looked for; answers how to see everything that it prints, then and later. */
function shows(child: ChildProcess, wanted: RegExp): Promise<() => string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      output += chunk;
      if (wanted.test(output)) resolve(() => output);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", hear);
    child.once("error", reject);
    child.once("close", (code) => reject(new Error(`it ended (${code}) before ${wanted} was seen:\n${output}`)));
  });
}
