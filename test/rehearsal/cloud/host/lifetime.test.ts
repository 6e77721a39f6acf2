import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { type Host, startHost } from "../../../../src/rehearsal/cloud/host/host.js";
import { RunDirectory, sweepLeftovers } from "../../../../src/rehearsal/cloud/host/runDirectory.js";
import { instanceSpec } from "../instances/spec.js";
import {
  builtHost,
  describeInNamespaces,
  eventually,
  exitOf,
  keepingLogger,
  oddSleep,
  processesWith,
} from "./support.js";

type Isolation = "namespace" | "loopback";

/** A daemon that nothing but the host can end, recognisable by its command line. */
const daemon = (seconds: string): string =>
  `#!/bin/sh\ntrap '' TERM HUP\nsetsid sleep ${seconds} </dev/null >/dev/null 2>&1 &\nsleep ${seconds}\n`;

/** A main process of its own, to be killed: prints a line once its instance runs. */
async function startMain(isolation: Isolation, seconds: string, temporary: string): Promise<ChildProcess> {
  const spec = instanceSpec(90, daemon(seconds));
  const program = `
    const { startHost } = require(${JSON.stringify(join(dirname(builtHost()), "host.js"))});
    const { pino } = require("pino");
    startHost({ speed: 1, log: pino({ level: "warn" }, pino.destination(2)), isolation: ${JSON.stringify(isolation)} })
      .then((host) => host.runtime.start(${JSON.stringify(spec)}))
      .then(() => console.log("running"));`;
  const child = spawn(process.execPath, ["-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, TMPDIR: temporary },
  });
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout as Readable }).once("line", () => resolve());
    child.once("exit", (code) => reject(new Error(`the main process ended with exit code ${code}`)));
  });
  return child;
}

function lifetimes(isolation: Isolation): void {
  let temporary: string;
  beforeEach(() => {
    temporary = mkdtempSync(join(tmpdir(), "hitless-test-"));
  });
  afterEach(() => rmSync(temporary, { recursive: true, force: true }));

  async function startOne(seconds: string): Promise<{ host: Host; lines: { level: number; msg: string }[] }> {
    const { log, lines } = keepingLogger();
    const host = await startHost({ speed: 1, log, isolation });
    await host.runtime.start(instanceSpec(91, daemon(seconds)));
    await eventually("its processes run", () => processesWith(`sleep ${seconds}`).length === 2);
    return { host, lines };
  }

  test("kill -9 of the main process leaves no process, and the next start sweeps its directory", async () => {
    const seconds = oddSleep();
    const main = await startMain(isolation, seconds, temporary);
    await eventually("its processes run", () => processesWith(`sleep ${seconds}`).length === 2);
    main.kill("SIGKILL");
    await eventually("nothing is left", () => processesWith(`sleep ${seconds}`).length === 0);
    await sweepLeftovers(keepingLogger().log, temporary);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("a closed host leaves no process and no directory", async () => {
    const seconds = oddSleep();
    const { host } = await startOne(seconds);
    expect(ownDirectories()).toHaveLength(1);
    await host.close();
    expect(processesWith(`sleep ${seconds}`)).toHaveLength(0);
    expect(ownDirectories()).toEqual([]);
    await expect(host.runtime.console("i-1")).rejects.toThrow();
  });

  test("kill -9 of the host ends its instances, is told loudly, and fails what waits", async () => {
    const seconds = oddSleep();
    const { host, lines } = await startOne(seconds);
    const failed = new Promise<Error>((resolve) => host.events.once("failed", resolve));
    const exit = exitOf(host.runtime, instanceSpec(91).instanceId);
    const waiting = host.runtime.stop(instanceSpec(91).instanceId, 60_000);
    waiting.catch(() => undefined);
    const own = processesWith("hostMain.js", process.pid);
    expect(own).toHaveLength(1);
    process.kill(own[0] as number, "SIGKILL");
    await expect(waiting).rejects.toThrow("has ended unasked");
    expect((await failed).message).toContain("has ended unasked (signal SIGKILL)");
    expect(await exit).toMatchObject({ signal: "SIGKILL", expected: false });
    await eventually("nothing is left", () => processesWith(`sleep ${seconds}`).length === 0);
    expect(lines.some(({ level, msg }) => level === 60 && msg.includes("has ended unasked"))).toBe(true);
    await expect(host.runtime.start(instanceSpec(92))).rejects.toThrow("has ended unasked");
    await host.close();
    expect(ownDirectories()).toEqual([]);
  });
}

describeInNamespaces("lifetime with namespaces", () => lifetimes("namespace"));
describe("lifetime without namespaces", () => lifetimes("loopback"));

test("the sweep leaves alone what a living process owns, and what is not ours", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "hitless-test-"));
  const [living, dead, other] = ["hitless-host-living", "hitless-host-dead", "something-else"].map((name) =>
    join(temporary, name),
  ) as [string, string, string];
  for (const path of [living, dead, other]) mkdirSync(path);
  try {
    const own = await RunDirectory.create(temporary);
    const owner = JSON.parse(readFileSync(join(own.path, "owner"), "utf8"));
    writeFileSync(join(living, "owner"), JSON.stringify(owner));
    writeFileSync(join(dead, "owner"), JSON.stringify({ ...owner, pid: 2 ** 22 + 1 }));
    await sweepLeftovers(keepingLogger().log, temporary);
    expect([living, dead, other, own.path].map((path) => existsSync(path))).toEqual([true, false, true, true]);
    await own.remove();
    expect(existsSync(own.path)).toBe(false);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
});

/** Directories of this process's hosts; others may run on the machine meanwhile. */
function ownDirectories(): string[] {
  return readdirSync(tmpdir())
    .filter((name) => name.startsWith("hitless-host-"))
    .filter((name) => {
      const owner = join(tmpdir(), name, "owner");
      return existsSync(owner) && JSON.parse(readFileSync(owner, "utf8")).pid === process.pid;
    });
}
