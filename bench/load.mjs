// The load generator by itself: how punctual it is at 10,000 requests/s on one core, and whether it sees what wrk sees.
import { fork, spawn } from "node:child_process";
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

/**
 * The error is that of a process whose code is compiled: in its first two seconds it is still slow, and how late requests are then is
 * told apart. A loop that does nothing but look at the clock, run before on the same core, shows what the machine itself adds.
 */
async function punctuality({ root, verdict, runs, seconds }) {
  const servers = new Servers();
  try {
    const { port } = await servers.upstream();
    const all = [];
    for (let n = 0; n < runs; n++) {
      const machine = await machineStalls(root, seconds);
      const summary = await openLoop(root, port, { rate: 10_000, seconds: seconds + 2, core: PROXY_CORE });
      if (summary.lost > 0)
        throw new Error(`${summary.lost} requests were lost: ${JSON.stringify(summary.evidence[0])}`);
      const reached = (summary.sent / (summary.endedAt - summary.startedAt)) * 1000;
      verdict.atLeast(
        "load generator's rate against the 10,000 requests/s asked for",
        reached / 10_000,
        0.99,
        `${summary.sent} requests`,
      );
      all.push({ steady: summary.steadySchedulingMs, whole: summary.schedulingMs, machine });
    }
    const each = (key) => all.map((one) => told(one[key])).join(", ");
    verdict.ratio(
      "load generator's scheduling error at 10,000 requests/s, p99 ms",
      median(all.map(({ steady }) => steady.p99)),
      2,
      `p50/p99/max of each run: ${each("steady")}`,
    );
    console.log(`      with the first two seconds of a new process: ${each("whole")} ms`);
    console.log(`      the machine itself, beside a loop that only looks at the clock: ${each("machine")} ms`);
  } finally {
    await servers.close();
  }
}

/** How late a loop that does nothing else would begin 10,000 requests a second on the same core. */
async function machineStalls(root, seconds) {
  const script = path.join(root, "bench/balancer/clockLoop.cjs");
  const child = spawn("taskset", ["-c", PROXY_CORE, process.execPath, script, String(seconds)], {
    stdio: ["ignore", 2, 2, "ipc"],
  });
  const [lateness] = await once(child, "message");
  return lateness;
}

const told = ({ p50, p99, max }) => [p50, p99, max].map((ms) => ms.toFixed(2)).join("/");

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
