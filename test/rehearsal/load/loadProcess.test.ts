import { LoadProcess } from "../../../src/rehearsal/load/loadProcess.js";
import { closeServers, httpServer, options } from "./servers.js";

afterEach(closeServers);

const ever = Number.MAX_SAFE_INTEGER;

test("the generator runs in a process of its own, answers while it sends, and sums up", async () => {
  const url = await httpServer((_, outgoing) => outgoing.setHeader("x-version", "v1").end("ok"));
  const load = await LoadProcess.start(options(url));
  try {
    while ((await load.counts()).sent < 20) await new Promise((resolve) => setImmediate(resolve));
    const summary = await load.stop();
    expect(summary.lost).toBe(0);
    expect(summary.versions).toEqual({ v1: summary.sent });
    // Windows can still be asked for after the end, when no request is in flight any more.
    expect(await load.window(0, ever)).toMatchObject({ sent: summary.sent, inFlight: 0 });
  } finally {
    await load.kill();
  }
  expect(load.child.signalCode).toBe("SIGKILL");
});

test("a generator that dies makes every call fail instead of hanging", async () => {
  const url = await httpServer((_, outgoing) => outgoing.end("ok"));
  const load = await LoadProcess.start(options(url));
  await load.kill();
  await expect(load.counts()).rejects.toThrow("ended unexpectedly (SIGKILL)");
  await expect(load.stop()).rejects.toThrow("ended unexpectedly");
});

test("a load that cannot be started is an error that says why", async () => {
  await expect(LoadProcess.start(options("no url"))).rejects.toThrow("Invalid URL");
});
