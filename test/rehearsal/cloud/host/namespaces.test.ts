import { existsSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { type Host, startHost } from "../../../../src/rehearsal/cloud/host/host.js";
import { instanceSpec } from "../instances/spec.js";
import { describeInNamespaces, eventually, exitOf, keepingLogger, oddSleep, processesWith } from "./support.js";

describeInNamespaces("instances in namespaces", () => {
  let host: Host;
  let next = 10;
  const spec = (script?: string, more = {}) => instanceSpec(next++, script, more);

  beforeAll(async () => {
    process.env.AWS_SECRET_ACCESS_KEY = "the caller's";
    process.env.PULUMI_ACCESS_TOKEN = "the caller's";
    host = await startHost({
      speed: 10,
      log: keepingLogger().log,
      isolation: "namespace",
      imageCommands: { "ami-baked": "echo from the image; exit 4" },
    });
  });

  afterAll(() => host.close());

  /** Runs a script to its end and returns what it wrote. */
  async function run(script: string, more = {}): Promise<string> {
    const one = spec(script, more);
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.start(one);
    await exit;
    return host.runtime.console(one.instanceId);
  }

  test("an instance has its private address, its host name and its own files", async () => {
    const path = `/etc/hitless-${process.pid}-${Date.now()}`;
    const console = await run(`#!/bin/sh
      hostname; ip -4 -o address show eth0; id -u; pwd; echo home=$HOME
      echo inside >${path}; echo "10.0.0.9 added" >>/etc/hosts; cat ${path}; tail -1 /etc/hosts
      mkdir -p /opt/app /var/www/html; echo written >/var/www/html/index.html; cat /var/www/html/index.html
      ls -A /tmp | wc -l; env`);
    expect(console).toMatch(/^ip-172-31-1-\d+$/m);
    expect(console).toMatch(/inet 172\.31\.1\.\d+\/20/);
    expect(console).toContain("\n0\n/\nhome=/root\ninside\n10.0.0.9 added\nwritten\n");
    expect(console).not.toMatch(/AWS_|PULUMI_|the caller's|BOOT_/);
    expect(existsSync(path)).toBe(false);
  });

  test("the metadata service answers at 169.254.169.254, version 2, to each instance about itself", async () => {
    const script = `#!/bin/sh
      cd /tmp; cat >ask.js <<'END'
      const base = "http://169.254.169.254/latest/";
      (async () => {
        console.log("without", (await fetch(base + "meta-data/instance-id")).status);
        const token = await (await fetch(base + "api/token", { method: "PUT", headers: { "x-aws-ec2-metadata-token-ttl-seconds": "60" } })).text();
        const get = async (path) => (await fetch(base + path, { headers: { "x-aws-ec2-metadata-token": token } })).text();
        for (const path of ["instance-id", "local-ipv4", "tags/instance/Name"]) console.log(path, await get("meta-data/" + path));
      })();
END
      node ask.js`;
    const [first, second] = [next, next + 1];
    const consoles = await Promise.all([run(script), run(script)]);
    for (const [index, n] of [first, second].entries()) {
      expect(consoles[index]).toContain(
        `without 401\ninstance-id i-${String(n).padStart(17, "0")}\nlocal-ipv4 172.31.1.${n}\ntags/instance/Name web\n`,
      );
    }
  });

  test("what its processes use of a processor is told while it runs, daemons' work included", async () => {
    const one = spec("#!/bin/sh\n(while :; do :; done) &\nexec sleep 100\n");
    const used = async () => (await host.runtime.cpuSeconds())[one.instanceId];
    await host.runtime.start(one);
    await eventually("it has worked", async () => ((await used()) ?? 0) > 0.1);
    await host.runtime.kill(one.instanceId);
    expect(await used()).toBeUndefined();
  });

  test("a script's exit code is told, with what it wrote", async () => {
    const one = spec("#!/bin/sh\necho to stdout; echo to stderr >&2; echo by name >/dev/stdout; exit 3\n");
    const exit = exitOf(host.runtime, one.instanceId);
    expect(await host.runtime.start(one)).toEqual({ host: one.privateIpAddress });
    expect(await exit).toEqual({ instanceId: one.instanceId, exitCode: 3, signal: null, expected: false });
    expect(await host.runtime.console(one.instanceId)).toBe(
      "to stdout\nto stderr\nby name\n[hitless] the user data script ended with status 3\n[hitless] no process is left: the instance has ended (exit code 3)\n",
    );
  });

  test("an interpreter is honoured, gzipped data unpacked, and a script's death by a signal is told", async () => {
    const script = `#!${process.execPath}\nconsole.log("node", 6 * 7); process.kill(process.pid, "SIGKILL");\n`;
    const one = spec(undefined, { userData: gzipSync(script).toString("base64") });
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.start(one);
    expect(await exit).toMatchObject({ exitCode: null, signal: "SIGKILL", expected: false });
    expect(await host.runtime.console(one.instanceId)).toContain("node 42\n");
  });

  test("a daemon keeps the instance going after the script, and goes with it", async () => {
    const seconds = oddSleep();
    const one = spec(`#!/bin/sh\nsetsid sleep ${seconds} </dev/null >/dev/null 2>&1 &\n`);
    await host.runtime.start(one);
    await eventually("the script has ended", async () =>
      (await host.runtime.console(one.instanceId)).includes("ended with status 0"),
    );
    expect(processesWith(`sleep ${seconds}`)).toHaveLength(1);
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.stop(one.instanceId, 5_000);
    expect(processesWith(`sleep ${seconds}`)).toHaveLength(0);
    expect(await exit).toMatchObject({ expected: true });
  });

  test("when the last daemon ends by itself, so does the instance", async () => {
    const console = await run("#!/bin/sh\n(sleep 0.3; echo last words) &\n");
    expect(console).toMatch(/ended with status 0\nlast words\n\[hitless\] no process is left/);
  });

  test("SIGTERM reaches every process; who obeys is heard to the end", async () => {
    const one = spec(`#!/bin/sh
      sh -c 'trap "echo child obeys; exit 0" TERM; echo ready; while :; do sleep 0.05; done' &
      trap 'wait; echo parent obeys; exit 5' TERM
      while :; do sleep 0.05; done`);
    const exit = exitOf(host.runtime, one.instanceId);
    await host.runtime.start(one);
    await eventually("it runs", async () => (await host.runtime.console(one.instanceId)).includes("ready"));
    await host.runtime.stop(one.instanceId, 10_000);
    expect(await exit).toEqual({ instanceId: one.instanceId, exitCode: 5, signal: null, expected: true });
    expect(await host.runtime.console(one.instanceId)).toMatch(/child obeys[\s\S]*parent obeys/);
  });

  test("who ignores SIGTERM is killed after the grace period; kill does not wait", async () => {
    const stubborn = "#!/bin/sh\ntrap '' TERM\necho ready\nwhile :; do sleep 1; done\n";
    for (const end of [(id: string) => host.runtime.stop(id, 100), (id: string) => host.runtime.kill(id)]) {
      const one = spec(stubborn);
      const exit = exitOf(host.runtime, one.instanceId);
      await host.runtime.start(one);
      await eventually("it runs", async () => (await host.runtime.console(one.instanceId)).includes("ready"));
      await end(one.instanceId);
      expect(await exit).toMatchObject({ signal: "SIGKILL", expected: true });
    }
  });

  test("without anything to run an instance idles until it is stopped, and its address can be used again", async () => {
    const one = spec();
    await host.runtime.start(one);
    expect(await host.runtime.console(one.instanceId)).toContain("the instance idles");
    await expect(host.runtime.start(one)).rejects.toThrow("runs already");
    await host.runtime.stop(one.instanceId, 1_000);
    await host.runtime.start({ ...one, instanceId: "i-again" });
    await host.runtime.kill("i-again");
    await host.runtime.stop("i-unknown", 1_000);
  });

  test("an image's command runs beside the user data", async () => {
    expect(await run("#!/bin/sh\necho from the script\n", { imageId: "ami-baked" })).toMatch(
      /from the (image|script)[\s\S]*from the (script|image)/,
    );
    const baked = spec(undefined, { imageId: "ami-baked" });
    const exit = exitOf(host.runtime, baked.instanceId);
    await host.runtime.start(baked);
    expect(await exit).toMatchObject({ exitCode: 4 });
  });

  test("what only cloud-init can carry out is refused, in the error and on the console", async () => {
    const one = spec("#cloud-config\npackages: [nginx]\n");
    await expect(host.runtime.start(one)).rejects.toThrow("the local cloud runs scripts only");
    expect(await host.runtime.console(one.instanceId)).toContain("the user data is cloud-config");
  });

  test("instances of different subnets reach each other; what is outside is refused at once", async () => {
    const server = spec(
      `#!/bin/sh\nexec node -e 'require("http").createServer((q, s) => s.end("served to " + q.socket.remoteAddress)).listen(80, "0.0.0.0")'\n`,
    );
    await host.runtime.start(server);
    const console = await run(
      `#!/bin/sh\nexec node -e '
        const ask = (url) => fetch(url).then((a) => a.text(), (e) => e.cause.code);
        (async () => {
          let answer;
          do answer = await ask("http://${server.privateIpAddress}/"); while (answer === "ECONNREFUSED");
          console.log(answer, await ask("http://198.51.100.7/"), await ask("http://name.example/"));
        })();'\n`,
      { privateIpAddress: "172.31.16.9", subnetCidr: "172.31.16.0/20" },
    );
    expect(console).toMatch(/^served to 172\.31\.16\.9 E(NET|HOST)UNREACH (ECONNREFUSED|EAI_AGAIN|ENOTFOUND)$/m);
    await host.runtime.kill(server.instanceId);
  });
});
