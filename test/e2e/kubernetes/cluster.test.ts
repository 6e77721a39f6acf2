/** A cluster of our own: real pods, real reasons, and nothing left of it, however it ends. */
import { execFile, fork } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Cluster } from "../../../src/rehearsal/cluster/cluster.js";
import { describeWithCluster } from "../../support/cluster.js";
import { root } from "../support/rehearse.js";

const MINUTE = 60_000;
const run = promisify(execFile);

/** What a cluster leaves on the machine while it is there: its directory, cgroups, interface, processes. */
async function traces(directory: string): Promise<string[]> {
  const name = path.basename(directory);
  const found = existsSync(directory) ? [directory] : [];
  for (const parent of ["/sys/fs/cgroup", ...readdirSync("/sys/fs/cgroup").map((each) => `/sys/fs/cgroup/${each}`)])
    if (existsSync(path.join(parent, name))) found.push(path.join(parent, name));
  const { stdout: processes } = await run("ps", ["-A", "-o", "pid=,args="], { maxBuffer: 16 * 1024 * 1024 });
  found.push(...processes.split("\n").filter((line) => line.includes(directory)));
  const { stdout: mounts } = await run("cat", ["/proc/self/mounts"]);
  found.push(...mounts.split("\n").filter((line) => line.includes(directory)));
  return found;
}

async function interfaces(): Promise<string[]> {
  const { stdout } = await run("ip", ["-o", "link", "show"]);
  return [...stdout.matchAll(/(hlk\d+)/g)].map(([, name]) => name as string);
}

/** Waits up to ten seconds for the kernel to have taken everything away. */
async function expectNothingLeft(directory: string, interfaceName: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  const look = async () => [
    ...(await traces(directory)),
    ...(await interfaces()).filter((name) => name === interfaceName),
  ];
  let left = await look();
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(100);
    left = await look();
  }
  expect(left).toEqual([]);
}

/** The interface that leads to a cluster. */
async function interfaceOf(kubeconfig: string): Promise<string> {
  const { clusters } = JSON.parse(readFileSync(kubeconfig, "utf8")) as { clusters: [{ cluster: { server: string } }] };
  const { stdout } = await run("ip", ["-o", "route", "get", new URL(clusters[0].cluster.server).hostname]);
  return /dev (hlk\d+)/.exec(stdout)?.[1] as string;
}

describeWithCluster(
  "a cluster",
  (cluster) => {
    const kubectl = async (...words: string[]): Promise<string> =>
      (await run(cluster().kubectl, ["--kubeconfig", cluster().kubeconfig, ...words])).stdout;

    test("has nodes, our kinds, and no trouble", async () => {
      expect(await kubectl("get", "nodes", "-o", "name")).toBe("node/node-1\n");
      const kinds = await kubectl("get", "customresourcedefinitions", "-o", "name");
      for (const kind of ["targetgroupbindings.elbv2.k8s.aws", "httproutes.gateway.networking.k8s.io"])
        expect(kinds).toContain(kind);
      expect(cluster().ended()).toBeUndefined();
    });

    test(
      "runs a pod of an image that is written here, which answers on its own address and tells its log",
      async () => {
        const server = 'require("node:http").createServer((q, s) => s.end("hello")).listen(8080); console.log("up")';
        await cluster().importImage({
          name: "tiny:1",
          programs: [process.execPath],
          entrypoint: [process.execPath, "-e", server],
        });
        await kubectl("run", "tiny", "--image=tiny:1");
        await kubectl("wait", "--for=condition=Ready", "pod/tiny", "--timeout=40s");
        const address = await kubectl("get", "pod", "tiny", "-o", "jsonpath={.status.podIP}");
        const answer = await fetch(`http://${address}:8080`);
        expect(await answer.text()).toBe("hello");
        expect(await kubectl("logs", "tiny")).toBe("up\n");
        await kubectl("delete", "pod", "tiny", "--grace-period=1");
      },
      MINUTE,
    );

    test(
      "tells an image that is nowhere, and a container that takes too much memory",
      async () => {
        const greedy = "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))";
        await cluster().importImage({
          name: "greedy:1",
          programs: [process.execPath],
          entrypoint: [process.execPath, "-e", greedy],
        });
        await kubectl("run", "absent", "--image=example.com/absent:1", "--restart=Never");
        const limits = {
          spec: { containers: [{ name: "greedy", image: "greedy:1", resources: { limits: { memory: "96Mi" } } }] },
        };
        await kubectl("run", "greedy", "--image=greedy:1", "--restart=Never", `--overrides=${JSON.stringify(limits)}`);
        const reason = "jsonpath={.status.containerStatuses[0].state.waiting.reason}";
        const killed = "--for=jsonpath={.status.containerStatuses[0].state.terminated.reason}=OOMKilled";
        await kubectl("wait", killed, "pod/greedy", "--timeout=40s");
        const deadline = Date.now() + 30_000;
        while (!/ImagePull/.test(await kubectl("get", "pod", "absent", "-o", reason)) && Date.now() < deadline)
          await sleep(100);
        expect(await kubectl("get", "pod", "absent", "-o", reason)).toMatch(/ErrImagePull|ImagePullBackOff/);
        await kubectl("delete", "pod", "absent", "greedy", "--grace-period=1");
      },
      2 * MINUTE,
    );

    test(
      "another one beside it has addresses of its own, and is gone without a trace when it is closed",
      async () => {
        const other = await Cluster.start({ nodes: 1 });
        const name = await interfaceOf(other.kubeconfig);
        try {
          expect(other.cidr).not.toBe(cluster().cidr);
          expect((await traces(other.directory)).length).toBeGreaterThan(5);
        } finally {
          await other.close();
        }
        await expectNothingLeft(other.directory, name);
        expect(await kubectl("get", "nodes", "-o", "name")).toBe("node/node-1\n");
      },
      2 * MINUTE,
    );

    test(
      "is gone without a trace when the process that started it is killed",
      async () => {
        const child = fork(path.join(root, "dist/cli/main.js"), ["cluster", "--nodes", "1"], {
          stdio: ["ignore", "ignore", "inherit", "ipc"],
        });
        const ready = new Promise<{ kubeconfig: string }>((resolve, reject) => {
          child.once("message", (message) => resolve(message as { kubeconfig: string }));
          child.once("exit", (code) => reject(new Error(`hitless cluster ended with ${code}`)));
        });
        const { kubeconfig } = await ready;
        const name = await interfaceOf(kubeconfig);
        const directory = path.dirname(path.dirname(kubeconfig));
        expect(directory.startsWith(os.tmpdir())).toBe(true);
        const gone = new Promise((resolve) => child.once("exit", resolve));
        child.kill("SIGKILL");
        await gone;
        await expectNothingLeft(directory, name);
      },
      2 * MINUTE,
    );

    test("says in a sentence what it cannot be asked for", async () => {
      await expect(Cluster.start({ nodes: 9 })).rejects.toThrow("a cluster has 1 to 4 nodes, not 9");
      const image = { name: "none:1", files: { "/app": "/no/such/directory" } };
      await expect(cluster().importImage(image)).rejects.toThrow(
        'image "none:1" cannot be brought into the cluster: the image\'s /app is to be /no/such/directory, which does not exist',
      );
    });
  },
  { nodes: 1 },
);
