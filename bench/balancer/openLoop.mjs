// The load generator of the rehearsal against one port, in a process of its own on the load's core.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { cpuSeconds, LOAD_CORE } from "./servers.mjs";

/** @returns the generator's summary, and the processor time that it took for each request as `microseconds` */
export async function openLoop(root, port, options) {
  const { rate, seconds, host = "127.0.0.1", core = LOAD_CORE, maxConnections = 512 } = options;
  const main = path.join(root, "dist/rehearsal/load/loadMain.js");
  const child = spawn("taskset", ["-c", core, process.execPath, main], { stdio: ["ignore", 2, 2, "ipc"] });
  const request = { path: "/", method: "GET", share: 1, timeoutSeconds: 10, headers: {}, bodyBytes: 0, bodySeconds: 0 };
  const load = {
    url: `http://${host}:${port}`,
    rate,
    requests: [request],
    maxConnections,
    idleConnectionMs: 20_000,
  };
  try {
    const told = async (type) => {
      for (;;) {
        const [message] = await once(child, "message");
        if (message.type === "failed") throw new Error(message.reason);
        if (message.type === type) return message;
      }
    };
    child.send({ type: "start", options: load });
    await told("started");
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    child.send({ type: "stop" });
    const { summary } = await told("summary");
    return { ...summary, microseconds: (cpuSeconds(child.pid) * 1e6) / summary.sent };
  } finally {
    child.kill("SIGKILL");
  }
}
