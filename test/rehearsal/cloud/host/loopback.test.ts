import { type Host, startHost } from "../../../../src/rehearsal/cloud/host/host.js";
import { instanceSpec } from "../instances/spec.js";
import { eventually, exitOf, keepingLogger, oddSleep, processesWith } from "./support.js";

describe("instances without namespaces", () => {
  let host: Host;
  let next = 60;
  const spec = (script?: string, more = {}) => instanceSpec(next++, script, more);

  beforeAll(async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "the caller's";
    host = await startHost({
      speed: 10,
      log: keepingLogger().log,
      isolation: "loopback",
      imageCommands: { "ami-baked": "echo from the image" },
    });
  });
  afterAll(() => host.close());

  async function run(script: string, more = {}): Promise<string> {
    const one = spec(script, more);
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.start(one);
    await exit;
    return host.runtime.console(one.instanceId);
  }

  test("what its processes use of a processor is told while it runs, daemons' work included", async () => {
    const one = spec("#!/bin/sh\n(while :; do :; done) &\nexec sleep 100\n");
    const used = async () => (await host.runtime.cpuSeconds())[one.instanceId];
    await host.runtime.start(one);
    await eventually("it has worked", async () => ((await used()) ?? 0) > 0.1);
    await host.runtime.kill(one.instanceId);
    expect(await used()).toBeUndefined();
  });

  test("say why, and give each an address, a port and directories of its own", async () => {
    expect(host.runtime.isolation).toBe("loopback");
    expect(host.runtime.isolationReason).toContain("asked for");
    const one = spec(
      '#!/bin/sh\necho "$HOST $PORT"; [ "$PWD" = "$HOME" ] && echo at home; touch "$TMPDIR/x" && echo temporary; env\n',
    );
    const exit = exitOf(host.runtime, one.instanceId);
    const endpoint = await host.runtime.start(one);
    await exit;
    const console = await host.runtime.console(one.instanceId);
    expect(console).toContain(`${endpoint.host} ${endpoint.port}\nat home\ntemporary\n`);
    expect(console).not.toMatch(/the caller's|BOOT_/);
  });

  test("have the metadata service where AWS's SDKs look for it", async () => {
    const console = await run(`#!/bin/sh
      exec node -e '
        const base = process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT + "/latest/";
        (async () => {
          const token = await (await fetch(base + "api/token", { method: "PUT", headers: { "x-aws-ec2-metadata-token-ttl-seconds": "60" } })).text();
          console.log(await (await fetch(base + "meta-data/local-ipv4", { headers: { "x-aws-ec2-metadata-token": token } })).text());
        })();'\n`);
    expect(console).toContain(`172.31.1.${next - 1}\n`);
  });

  test("tell exit code and console", async () => {
    const one = spec("#!/bin/sh\necho out; echo err >&2; echo by name >/dev/stdout; exit 3\n");
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.start(one);
    expect(await exit).toEqual({ instanceId: one.instanceId, exitCode: 3, signal: null, expected: false });
    expect(await host.runtime.console(one.instanceId)).toMatch(
      /^out\nerr\nby name\n\[hitless\] the user data script ended with status 3\n/,
    );
  });

  test("end with their daemons, on Linux also with those that left the process group", async () => {
    const seconds = oddSleep();
    const leave = process.platform === "linux" ? "setsid " : "";
    const one = spec(`#!/bin/sh\n${leave}sleep ${seconds} </dev/null >/dev/null 2>&1 &\n`);
    await host.runtime.start(one);
    await eventually("the script has ended", async () =>
      (await host.runtime.console(one.instanceId)).includes("ended with status 0"),
    );
    await eventually("the daemon runs", () => processesWith(`sleep ${seconds}`).length === 1);
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.stop(one.instanceId, 5_000);
    expect(processesWith(`sleep ${seconds}`)).toHaveLength(0);
    expect(await exit).toMatchObject({ expected: true });
  });

  test("get SIGTERM, then SIGKILL", async () => {
    const obeying = spec("#!/bin/sh\ntrap 'echo obeys; exit 5' TERM\necho ready\nwhile :; do sleep 0.05; done\n");
    const stubborn = spec("#!/bin/sh\ntrap '' TERM\necho ready\nwhile :; do sleep 1; done\n");
    for (const [one, grace, end] of [
      [obeying, 10_000, { exitCode: 5, signal: null }],
      [stubborn, 100, { signal: "SIGKILL" }],
    ] as const) {
      const exit = exitOf(host.runtime, one.instanceId);
      await host.runtime.start(one);
      await eventually("it runs", async () => (await host.runtime.console(one.instanceId)).includes("ready"));
      await host.runtime.stop(one.instanceId, grace);
      expect(await exit).toMatchObject({ ...end, expected: true });
    }
  });

  test("idle when there is nothing to run; run an image's command where there is one", async () => {
    const idle = spec();
    await host.runtime.start(idle);
    await host.runtime.stop(idle.instanceId, 1_000);
    expect(await host.runtime.console(idle.instanceId)).toContain("the instance idles");
    expect(await run("#!/bin/sh\necho from the script\n", { imageId: "ami-baked" })).toMatch(/from the image/);
  });
});
