// The balancer against haproxy and nginx in front of the same two upstreams: one core for the proxy, keep-alive, answers of 1 KB.
import { openLoop } from "./balancer/openLoop.mjs";
import { cpuSeconds, has, Servers, wrk } from "./balancer/servers.mjs";
import { paired } from "./statistics.mjs";

const CONNECTIONS = 32;

export async function benchBalancer({ root, verdict, runs = 5, seconds = 2 }) {
  for (const tool of ["nginx", "haproxy", "wrk", "taskset"]) {
    if (!has(tool))
      return console.log(
        `skip  balancer: ${tool} is not installed (Debian: apt install ${tool === "taskset" ? "util-linux" : tool})`,
      );
  }
  const servers = new Servers();
  try {
    const upstreams = [await servers.upstream(), await servers.upstream()];
    const proxies = [
      await servers.hitless(root, upstreams),
      await servers.haproxy(upstreams),
      await servers.nginx(upstreams),
    ];
    const throughput = await paired(
      runs,
      Object.fromEntries(proxies.map((proxy) => [proxy.name, () => saturate(proxy, seconds)])),
    );
    for (const other of ["haproxy", "nginx"]) {
      const [ours, theirs] = [throughput("hitless", "rate"), throughput(other, "rate")];
      const aim = other === "haproxy" ? 0.4 : 0;
      verdict.atLeast(
        `balancer's throughput against ${other}`,
        ours / theirs,
        aim,
        `${ours.toFixed(0)} / ${theirs.toFixed(0)} requests/s`,
      );
      const [cost, theirCost] = [throughput("hitless", "microseconds"), throughput(other, "microseconds")];
      // Load and upstreams share the other core: a proxy whose core is not busy could do more than they ask of it.
      const busy = (name) => `${(100 * throughput(name, "busy")).toFixed(0)} %`;
      console.log(
        `      processor time per request: ${cost.toFixed(1)} / ${theirCost.toFixed(1)} µs; the proxy's core was busy ${busy("hitless")} / ${busy(other)}`,
      );
    }
    const latency = await paired(
      runs,
      Object.fromEntries(
        [{ name: "none", port: upstreams[0].port }, ...proxies].map((proxy) => [
          proxy.name,
          async () => ({ p99: (await checked(openLoop(root, proxy.port, { rate: 1000, seconds }))).latencyMs.p99 }),
        ]),
      ),
    );
    const direct = latency("none", "p99");
    const added = (name) => Math.max(0.01, latency(name, "p99") - direct);
    for (const other of ["haproxy", "nginx"]) {
      const detail = `${added("hitless").toFixed(2)} / ${added(other).toFixed(2)} ms over ${direct.toFixed(2)} ms without a proxy`;
      const ratio = added("hitless") / added(other);
      verdict.ratio(
        `balancer's added p99 at 1,000 requests/s against ${other}`,
        ratio,
        other === "haproxy" ? 2 : Infinity,
        detail,
      );
    }
  } finally {
    await servers.close();
  }
}

async function saturate(proxy, seconds) {
  const before = cpuSeconds(proxy.pid);
  const result = await wrk(proxy.port, { seconds, connections: CONNECTIONS });
  if (result.failed) throw new Error(`${proxy.name}: ${result.failed}`);
  const used = cpuSeconds(proxy.pid) - before;
  return { ...result, microseconds: (used * 1e6) / result.requests, busy: used / seconds };
}

async function checked(run) {
  const summary = await run;
  if (summary.lost > 0) throw new Error(`${summary.lost} requests were lost: ${JSON.stringify(summary.evidence[0])}`);
  return summary;
}
