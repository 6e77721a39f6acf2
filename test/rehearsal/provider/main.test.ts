/** The plugin's process: it announces its port, serves, and ends with the engine. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";
import { EngineDouble } from "./engineDouble.js";

let engine: ChildProcess;
let port: number;
/** Ends when neither the engine nor the plugin holds the other end any more. */
let outputClosed: Promise<unknown>;

beforeEach(async () => {
  engine = fork(path.join(__dirname, "fakeEngine.cjs"), { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const stdout = engine.stdout as NodeJS.ReadableStream;
  outputClosed = once(stdout, "close");
  const [line] = await once(createInterface(stdout), "line");
  port = Number(line);
}, 30_000);

afterEach(() => {
  if (engine.exitCode === null) engine.kill("SIGKILL");
});

test("prints its port on the first line, serves there, and ends with a killed engine", async () => {
  const double = new EngineDouble(port);
  expect(await double.checkConfig({ region: "us-east-1" })).toEqual([]);
  double.close();
  engine.kill("SIGKILL");
  await outputClosed;
}, 20_000);

test("ends at once when the engine tells it to", async () => {
  const ended = once(engine, "message");
  engine.send("stop");
  expect((await ended)[0]).toEqual({ code: 0, signal: null });
  engine.kill("SIGKILL");
  await outputClosed;
}, 20_000);

test("does not leave before it is told to while the engine lives, though the engine's server is closed", async () => {
  engine.send("close server");
  const double = new EngineDouble(port);
  // Some round trips later it is still there.
  for (let look = 0; look < 5; look++) await double.checkConfig({});
  double.close();
  const ended = once(engine, "message");
  engine.send("stop");
  expect((await ended)[0]).toEqual({ code: 0, signal: null });
  engine.kill("SIGKILL");
  await outputClosed;
}, 20_000);
