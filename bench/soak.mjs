// Whether the local cloud's memory stays flat under load: two paper instances behind its load balancer at 1,000 requests/s, for ten minutes.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Inspected } from "./balancer/inspected.mjs";
import { openLoop } from "./balancer/openLoop.mjs";
import { freePort, has } from "./balancer/servers.mjs";
import { clients, createFleet, healthyVersions, startPaperCloud, until } from "./paperFleet.mjs";
import { median } from "./statistics.mjs";

const RATE = 1000;
const SERVERS = 2;
/** A typical rehearsal's: health checks, metrics and alarms come so much more often. */
const SPEED = 10;
const MOST_MB_PER_MINUTE = 0.5;
/** Until code is compiled, pools are filled, and the metrics' finest data (the last five AWS minutes) has its size. */
const WARM_SECONDS = 40;
const SAMPLES = 60;

/** HITLESS_BENCH_SOAK_SECONDS sets how long. */
export async function benchSoak({ root, verdict, seconds = Number(process.env.HITLESS_BENCH_SOAK_SECONDS ?? 600) }) {
  if (!has("taskset")) return console.log("skip  soak: taskset is not installed (Debian: apt install util-linux)");
  const warm = Math.min(WARM_SECONDS, seconds / 3);
  console.log(`      soak: takes ${minutes(seconds + warm)} (HITLESS_BENCH_SOAK_SECONDS sets another length)`);
  const inspectPort = await freePort();
  const cloud = await startPaperCloud(root, { speed: SPEED, execArgv: [`--inspect-port=${inspectPort}`] });
  const inspected = [];
  try {
    const aws = clients(cloud.url);
    const fleet = await createFleet(aws, SERVERS);
    await until("the servers are healthy", 60, async () => (await healthyVersions(aws, fleet)).get(1) === SERVERS);
    const processes = [
      ["the API", cloud.pid, inspectPort],
      ["balancers and instances", onlyChildOf(cloud.pid), undefined],
    ];
    for (const [name, pid, port] of processes) inspected.push(await Inspected.open(name, pid, port));

    const load = openLoop(root, 8080, { host: fleet.address, rate: RATE, seconds: warm + seconds });
    // Told at once, not after ten minutes.
    load.catch((error) => console.error(error));
    await sleep(warm * 1000);
    const samples = await sample(inspected, seconds);
    const { sent, lost, evidence } = await load;
    const why = lost > 0 ? `; ${lost} lost, the first: ${JSON.stringify(evidence[0])}` : "";
    verdict.atLeast("requests answered during the soak", 1 - lost / sent, 0.99, `of ${sent}${why}`);
    for (const { name } of inspected) {
      const own = samples.filter((one) => one.name === name);
      verdict.ratio(
        `memory of the cloud's process for ${name}, MB per minute`,
        slope(own, "heap"),
        MOST_MB_PER_MINUTE,
        `heap and buffers after collection ${own[0].heap.toFixed(1)} to ${own.at(-1).heap.toFixed(1)} MB; resident memory ${slope(own, "resident").toFixed(2)} MB per minute; ${minutes(seconds)}`,
      );
    }
  } finally {
    for (const one of inspected) one.close();
    await cloud.close();
  }
}

async function sample(inspected, seconds) {
  const samples = [];
  const started = performance.now();
  let toldMinutes = 0;
  for (let n = 0; n < SAMPLES; n++) {
    await sleep(started + ((n + 1) * seconds * 1000) / SAMPLES - performance.now());
    const minute = (performance.now() - started) / 60_000;
    const now = [];
    for (const one of inspected) now.push({ name: one.name, minute, ...(await one.memory()) });
    samples.push(...now);
    if (Math.floor(minute) === toldMinutes) continue;
    toldMinutes = Math.floor(minute);
    const each = now.map(({ name, heap, resident }) => `${name} ${heap.toFixed(1)} (resident ${resident.toFixed(0)})`);
    console.log(`      soak: after ${toldMinutes} of ${minutes(seconds)}, MB: ${each.join(", ")}`);
  }
  return samples;
}

/** The median of all slopes between two samples: single peaks do not move it. */
function slope(samples, key) {
  const slopes = samples.flatMap((one, n) =>
    samples.slice(n + 1).map((other) => (other[key] - one[key]) / (other.minute - one.minute)),
  );
  return median(slopes);
}

function onlyChildOf(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ").filter(Boolean);
  if (children.length !== 1) throw new Error(`the cloud has ${children.length} child processes, expected one`);
  return Number(children[0]);
}

const minutes = (seconds) => `${+(seconds / 60).toFixed(1)} minutes`;
