// The balancer against ministack's, another local AWS, in front of the same upstreams. ministack comes from PyPI into the user's cache.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { freePort, has, PROXY_CORE, Servers, wrk } from "./balancer/servers.mjs";
import { paired } from "./statistics.mjs";

const VERSION = "1.5.33";
const require = createRequire(import.meta.url);

export async function benchMinistack({ root, verdict, runs = 3, seconds = 2 }) {
  for (const tool of ["nginx", "wrk", "taskset", "python3"]) {
    if (!has(tool)) return console.log(`skip  ministack: ${tool} is not installed`);
  }
  const command = install();
  if (command === undefined) return;
  const servers = new Servers();
  try {
    const upstreams = [await servers.upstream(), await servers.upstream()];
    const ours = await servers.hitless(root, upstreams);
    const port = await freePort();
    const environment = { ...process.env, GATEWAY_PORT: String(port), MINISTACK_HOST: "127.0.0.1" };
    await servers.start("ministack", port, PROXY_CORE, command, [], environment);
    await balance(port, upstreams);
    const rate = async (to, host) => {
      const result = await wrk(to, { seconds, connections: 32, host });
      if (result.failed) throw new Error(`port ${to}: ${result.failed}`);
      return { rate: result.rate };
    };
    const throughput = await paired(runs, {
      hitless: () => rate(ours.port),
      ministack: () => rate(port, "bench.alb.localhost"),
    });
    const [left, right] = [throughput("hitless", "rate"), throughput("ministack", "rate")];
    verdict.atLeast(
      "balancer's throughput against ministack's",
      left / right,
      5,
      `${left.toFixed(0)} / ${right.toFixed(0)} requests/s`,
    );
  } finally {
    await servers.close();
  }
}

/** The command in a virtual environment of its own; undefined, with the reason printed, where it cannot be had. */
function install() {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  const directory = path.join(cache, "hitless", "bench", `ministack-${VERSION}`);
  const command = path.join(directory, "bin", "ministack");
  if (existsSync(command)) return command;
  try {
    mkdirSync(path.dirname(directory), { recursive: true });
    execFileSync("python3", ["-m", "venv", directory], { stdio: ["ignore", 2, 2] });
    execFileSync(path.join(directory, "bin", "pip"), ["install", "--quiet", `ministack==${VERSION}`], {
      stdio: ["ignore", 2, 2],
    });
    return command;
  } catch (error) {
    console.log(`skip  ministack: it could not be installed (${error.message.split("\n")[0]})`);
    return undefined;
  }
}

/** A load balancer named "bench" with a listener that forwards to the upstreams. */
async function balance(port, upstreams) {
  const elb = require("@aws-sdk/client-elastic-load-balancing-v2");
  const client = new elb.ElasticLoadBalancingV2Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    credentials: { accessKeyId: "bench", secretAccessKey: "bench" },
  });
  const { LoadBalancers } = await client.send(
    new elb.CreateLoadBalancerCommand({ Name: "bench", Subnets: ["subnet-1", "subnet-2"] }),
  );
  const { TargetGroups } = await client.send(
    new elb.CreateTargetGroupCommand({ Name: "bench", Protocol: "HTTP", Port: 80, VpcId: "vpc-1", TargetType: "ip" }),
  );
  const { TargetGroupArn } = TargetGroups[0];
  const Targets = upstreams.map((upstream) => ({ Id: "127.0.0.1", Port: upstream.port }));
  await client.send(new elb.RegisterTargetsCommand({ TargetGroupArn, Targets }));
  const { LoadBalancerArn } = LoadBalancers[0];
  const DefaultActions = [{ Type: "forward", TargetGroupArn }];
  await client.send(new elb.CreateListenerCommand({ LoadBalancerArn, Protocol: "HTTP", Port: 80, DefaultActions }));
  client.destroy();
}
