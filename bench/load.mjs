// The load generator by itself: how punctual it is at 10,000 requests/s on one core, and whether it sees what wrk sees.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { openLoop } from "./balancer/openLoop.mjs";
import { has, LOAD_CORE, PROXY_CORE, Servers, wrk } from "./balancer/servers.mjs";
import { median } from "./statistics.mjs";

export async function benchLoad({ root, verdict, runs = 3, seconds = 4 }) {
  for (const tool of ["nginx", "wrk", "taskset"]) {
    if (!has(tool)) return console.log(`skip  load: ${tool} is not installed (Debian: apt install ${tool})`);
  }
  await punctuality({ root, verdict, runs, seconds });
  await agreement({ root, verdict, runs, seconds });
}

async function punctuality({ root, verdict, runs, seconds }) {
  const servers = new Servers();
  try {
    const { port } = await servers.upstream();
    const lateness = [];
    for (let n = 0; n < runs; n++) {
      const summary = await openLoop(root, port, { rate: 10_000, seconds, core: PROXY_CORE });
      if (summary.lost > 0)
        throw new Error(`${summary.lost} requests were lost: ${JSON.stringify(summary.evidence[0])}`);
      const reached = (summary.sent / (summary.endedAt - summary.startedAt)) * 1000;
      verdict.atLeast(
        "load generator's rate against the 10,000 requests/s asked for",
        reached / 10_000,
        0.99,
        `${summary.sent} requests`,
      );
      lateness.push(summary.schedulingMs.p99);
    }
    verdict.ratio(
      "load generator's scheduling error at 10,000 requests/s, p99 ms",
      median(lateness),
      2,
      `of ${lateness.join(", ")}`,
    );
  } finally {
    await servers.close();
  }
}

/** A server that takes 50 ms for every answer: each tool's median latency, and the rate that 50 connections then make. */
async function agreement({ root, verdict, runs, seconds }) {
  const child = fork(path.join(root, "bench/balancer/slowServer.cjs"), ["50"]);
  try {
    const [port] = await once(child, "message");
    const [ours, theirs] = [[], []];
    for (let n = 0; n < runs; n++) {
      const closed = await wrk(port, { seconds, connections: 50 });
      const open = await openLoop(root, port, { rate: closed.rate, seconds, core: LOAD_CORE });
      theirs.push(closed);
      ours.push({ p50: open.latencyMs.p50, rate: (open.completed / (open.endedAt - open.startedAt)) * 1000 });
    }
    for (const key of ["p50", "rate"]) {
      const [left, right] = [ours, theirs].map((all) => median(all.map((one) => one[key])));
      const off = Math.abs(left / right - 1) * 100;
      verdict.ratio(
        `load generator against wrk on a server of 50 ms, ${key}, % apart`,
        off,
        3,
        `${left.toFixed(2)} / ${right.toFixed(2)}`,
      );
    }
  } finally {
    child.kill("SIGTERM");
  }
}
