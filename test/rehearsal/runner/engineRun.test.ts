import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { type EngineCall, EngineRun } from "../../../src/rehearsal/runner/engineRun.js";
import { isAlive } from "../../../src/rehearsal/runner/processTree.js";
import { scratch, until } from "./scratch.js";

const own = scratch();
afterAll(own.remove);

function call(pulumi: string, more: Partial<EngineCall> = {}): EngineCall {
  const environment = { PATH: process.env.PATH ?? "", DIRECTORY: own.directory };
  const outputFile = path.join(own.directory, "output.log");
  return { pulumi, args: ["up"], cwd: own.directory, environment, outputFile, ...more };
}

/** An engine with a plugin in a process group of its own, as the real one's plugins have. */
const withPlugin = (onInterrupt: string): string => `
  const { spawn } = require("node:child_process");
  const { writeFileSync, renameSync } = require("node:fs");
  const plugin = spawn(process.execPath, ["-e", "process.on('SIGINT', () => {}); setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
  process.on("SIGINT", () => { ${onInterrupt} });
  writeFileSync(process.env.DIRECTORY + "/pids.part", JSON.stringify([process.pid, plugin.pid]));
  renameSync(process.env.DIRECTORY + "/pids.part", process.env.DIRECTORY + "/pids");
  setInterval(() => {}, 1000);
`;

async function pids(): Promise<[number, number]> {
  const file = path.join(own.directory, "pids");
  await until(() => existsSync(file));
  const found = JSON.parse(readFileSync(file, "utf8")) as [number, number];
  rmSync(file);
  return found;
}

test("what the engine prints, logs and returns is told", async () => {
  const eventLog = path.join(own.directory, "events.json");
  const engine = own.script(
    "fails",
    `console.log("on stdout"); console.error("on stderr");
     const event = { summaryEvent: { resourceChanges: { update: 1 }, result: "failed" } };
     require("node:fs").writeFileSync(process.argv[4], JSON.stringify(event) + "\\n");
     process.exitCode = 3;`,
  );
  const end = await new EngineRun(call(engine, { args: ["up", "--event-log", eventLog], eventLog })).ended;
  expect(end).toMatchObject({
    exitCode: 3,
    signal: null,
    stdout: "on stdout\n",
    changes: { update: 1 },
    succeeded: false,
  });
  expect(end.tail).toContain("on stderr");
  expect(readFileSync(path.join(own.directory, "output.log"), "utf8")).toContain("$ pulumi up --event-log");
});

test("an engine that is not there is an error", async () => {
  await expect(new EngineRun(call("/no/such/pulumi")).ended).rejects.toThrow("ENOENT");
});

test("kill ends the engine at once, and what it had started with it", async () => {
  const run = new EngineRun(call(own.script("stays", withPlugin(""))));
  const [engine, plugin] = await pids();
  await run.kill(200);
  expect(await run.ended).toMatchObject({ exitCode: null, signal: "SIGKILL" });
  await until(() => !isAlive(engine) && !isAlive(plugin));
});

test("stop interrupts, and an engine that obeys ends by itself", async () => {
  const run = new EngineRun(call(own.script("obeys", withPlugin("plugin.kill('SIGKILL'); process.exit(7)"))));
  const [, plugin] = await pids();
  await run.stop(10_000);
  expect(await run.ended).toMatchObject({ exitCode: 7, signal: null });
  await until(() => !isAlive(plugin));
});

test("stop kills an engine that does not obey, and its plugin", async () => {
  const run = new EngineRun(call(own.script("deaf", withPlugin(""))));
  const [engine, plugin] = await pids();
  await run.stop(200);
  expect(await run.ended).toMatchObject({ signal: "SIGKILL" });
  await until(() => !isAlive(engine) && !isAlive(plugin));
});

test("an orphan that holds the engine's output does not keep us waiting", async () => {
  const orphan = own.script(
    "orphan",
    `const { spawn } = require("node:child_process");
     const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60000)"], { detached: true, stdio: "inherit" });
     console.log(child.pid); child.unref();`,
  );
  const end = await new EngineRun(call(orphan)).ended;
  expect(end.exitCode).toBe(0);
  process.kill(Number(end.stdout), "SIGKILL");
});
