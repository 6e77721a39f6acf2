import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { transformSync } from "@swc/core";
import { readable } from "../../src/cli/cloudLog.js";
import { createSelfSigned } from "../../src/rehearsal/cloud/balancer/client/selfSigned.js";

const root = path.resolve(__dirname, "../..");
let directory: string;
const running: ChildProcess[] = [];

/** A cloud that is only a listening socket: the command's own behaviour is what is tried here, with real signals and exits. */
const fakeCloud = `
const { EventEmitter } = require("node:events");
const net = require("node:net");
exports.LocalCloud = class {
  static start(options) {
    process.stderr.write("options " + JSON.stringify({ ...options, log: undefined }) + "\\n");
    return new Promise((resolve, reject) => {
      const server = net.createServer().once("error", reject).listen(options.port, "127.0.0.1", () => {
        const port = server.address().port;
        const events = new EventEmitter();
        if (process.env.FAKE === "breaks") setTimeout(() => events.emit("failed", new Error("the host is gone")), 20);
        resolve({ port, url: "http://127.0.0.1:" + port, events, close: () => new Promise((done) => {
          process.stderr.write("closing\\n");
          if (process.env.FAKE !== "hangs") server.close(() => { process.stderr.write("closed\\n"); done(); });
        }) });
      });
    });
  }
};`;

/** Puts a module of ours and whatever it needs into the directory, but for what is `there` already or stood in for. */
function transpile(name: string, there: Set<string>): void {
  if (there.has(name)) return;
  there.add(name);
  const source = readFileSync(path.join(root, "src", `${name}.ts`), "utf8");
  const options = {
    jsc: { target: "es2022", parser: { syntax: "typescript" } },
    module: { type: "commonjs" },
  } as const;
  const { code } = transformSync(source, options);
  mkdirSync(path.dirname(path.join(directory, name)), { recursive: true });
  writeFileSync(path.join(directory, `${name}.js`), code);
  for (const [, needed = ""] of code.matchAll(/require\("(\.[^"]+)\.js"\)/g)) {
    transpile(path.posix.join(path.posix.dirname(name), needed), there);
  }
}

beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), "hitless-cloud-command-"));
  mkdirSync(path.join(directory, "rehearsal/cloud"), { recursive: true });
  transpile("cli/cloud", new Set(["rehearsal/cloud/cloud"]));
  writeFileSync(path.join(directory, "rehearsal/cloud/cloud.js"), fakeCloud);
  writeFileSync(
    path.join(directory, "cli/run.js"),
    'const { Command } = require("commander"); const { cloudCommand } = require("./cloud.js");\n' +
      'new Command("hitless").addCommand(cloudCommand()).parseAsync();',
  );
});

afterEach(() => {
  for (const child of running.splice(0)) child.kill("SIGKILL");
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function start(flags: string[], { ipc = false, fake = "" } = {}) {
  const script = path.join(directory, "cli/run.js");
  const env = { ...process.env, NODE_PATH: path.join(root, "node_modules"), FAKE: fake };
  const args = ["cloud", ...flags];
  const child = ipc
    ? fork(script, args, { env, silent: true, execArgv: [] })
    : spawn(process.execPath, [script, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  const seen = { out: "", err: "" };
  child.stdout?.on("data", (data) => {
    seen.out += data;
  });
  child.stderr?.on("data", (data) => {
    seen.err += data;
  });
  // Not "close": it never comes once the parent itself has closed an IPC channel.
  const exit = Promise.all([
    once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>,
    child.stderr && once(child.stderr, "end"),
  ]).then(([ended]) => ended);
  const says = async (stream: "out" | "err", text: string): Promise<void> => {
    const source = stream === "out" ? child.stdout : child.stderr;
    if (!source) throw new Error("the child has no pipes");
    while (!seen[stream].includes(text)) await once(source, "data");
  };
  return { child, seen, exit, says };
}

test("says how to reach it, and stops cleanly with 0 on a signal", async () => {
  const { child, seen, exit, says } = start([
    "--port",
    "0",
    "--speed",
    "10",
    "--image",
    "ami-1=node a=b.js",
    "--log-level",
    "warn",
  ]);
  await says("out", "Ctrl-C");
  expect(seen.out).toMatch(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:\d+ /);
  expect(seen.out).toContain("10 times faster");
  const options = JSON.parse(/options (.*)/.exec(seen.err)?.[1] ?? "");
  expect(options).toEqual({ port: 0, speed: 10, isolation: "auto", imageCommands: { "ami-1": "node a=b.js" } });
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(seen.err).toContain("closed");
});

test("a certificate is read with its key, and one that is not its key is refused", async () => {
  const [one, two] = [createSelfSigned("127.0.0.1"), createSelfSigned("127.0.0.1")];
  const [cert, key, other] = ["cert.pem", "key.pem", "other.pem"].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(cert, one.cert);
  writeFileSync(key, one.key);
  writeFileSync(other, two.key);
  const arn = "arn:aws:acm:us-east-1:123456789012:certificate/1";
  const { child, seen, exit, says } = start(["--port", "0", "--certificate", `${arn}=${cert},${key}`]);
  await says("out", "Ctrl-C");
  const options = JSON.parse(/options (.*)/.exec(seen.err)?.[1] ?? "");
  expect(options.certificates).toEqual({ [arn]: one });
  child.kill("SIGTERM");
  await exit;
  const wrong = start(["--port", "0", "--certificate", `${arn}=${cert},${other}`]);
  expect(await wrong.exit).not.toEqual([0, null]);
  expect(wrong.seen.err).toMatch(/the key in .*other\.pem is not that of the certificate/);
});

test("a second signal does not wait", async () => {
  const { child, exit, says } = start(["--port", "0"], { fake: "hangs" });
  await says("out", "Ctrl-C");
  child.kill("SIGINT");
  await says("err", "closing");
  child.kill("SIGINT");
  expect(await exit).toEqual([130, null]);
});

test("a port in use is one clear sentence and exit code 2", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const { seen, exit } = start(["--port", String(port)]);
  expect(await exit).toEqual([2, null]);
  expect(seen.err).toContain(`HIT413 Port ${port} on 127.0.0.1: another program listens there.\n`);
  expect(seen.err).toContain("Fix: stop it, or give another port with --port.\n");
  expect(seen.out).toBe("");
  server.close();
});

const onLinux = existsSync("/dev/full") ? test : test.skip;

onLinux("a full disk under the log does not end the cloud, and is told once", async () => {
  const full = openSync("/dev/full", "w");
  const env = { ...process.env, NODE_PATH: path.join(root, "node_modules"), FAKE: "" };
  const args = [path.join(directory, "cli/run.js"), "cloud", "--port", "0"];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", full] });
  running.push(child);
  closeSync(full);
  let out = "";
  child.stdout?.on("data", (data) => {
    out += data;
  });
  while (!out.includes("Ctrl-C")) await once(child.stdout as NodeJS.ReadableStream, "data");
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  expect(await exit).toEqual([0, null]);
  expect(out.match(/Output is lost from here on \(.*ENOSPC.*\)/g)).toHaveLength(1);
});

test("a consistency delay reaches the cloud", async () => {
  const { child, seen, exit, says } = start(["--port", "0", "--consistency-delay", "5"]);
  await says("out", "Ctrl-C");
  expect(JSON.parse(/options (.*)/.exec(seen.err)?.[1] ?? "")).toMatchObject({ consistencyDelaySeconds: 5 });
  child.kill("SIGTERM");
  await exit;
});

test("a cloud that breaks ends the command with 1", async () => {
  const { seen, exit } = start(["--port", "0"], { fake: "breaks" });
  expect(await exit).toEqual([1, null]);
  expect(seen.err).toContain("The local cloud broke: the host is gone");
  expect(seen.err).toContain("closed");
});

test("as a child it tells its address over IPC, and stops when the channel closes", async () => {
  const { child, exit, seen } = start(["--port", "0"], { ipc: true });
  const [ready] = await once(child, "message");
  expect(ready).toEqual({
    type: "ready",
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    port: expect.any(Number),
  });
  child.disconnect();
  expect(await exit).toEqual([0, null]);
  expect(seen.err).toContain("closed");
});

test("it stops when the process named by --parent-pid is gone", async () => {
  const parent = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  running.push(parent);
  const { exit, says, seen } = start(["--port", "0", "--parent-pid", String(parent.pid)]);
  await says("out", "Ctrl-C");
  parent.kill("SIGKILL");
  expect(await exit).toEqual([0, null]);
  expect(seen.err).toContain("closed");
});

test.each([
  [["--port", "70000"]],
  [["--speed", "0"]],
  [["--speed", "fast"]],
  [["--isolation", "docker"]],
  [["--image", "ami-1"]],
  [["--image", "ami-1=a", "--image", "ami-1=b"]],
  [["--log-level", "loud"]],
  [["--consistency-delay", "soon"]],
  [["--consistency-delay", "-1"]],
])("refuses %j", async (flags) => {
  const { seen, exit } = start(flags);
  expect((await exit)[0]).not.toBe(0);
  expect(seen.err).toMatch(/^error: option/);
});

test("log lines for a person", () => {
  const line = JSON.stringify({ level: 40, time: 0, msg: "gone", instanceId: "i-1", err: { message: "no" }, n: 2 });
  expect(readable(line)).toBe("00:00:00 warn  gone instanceId=i-1 n=2 error=no");
});
