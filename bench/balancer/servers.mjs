// Upstreams, other proxies and load tools of the balancer's bench: all on loopback, each pinned to a core, all ended by `close`.
import { execFileSync, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/** The proxy under test has core 0 to itself; upstreams and load share core 1. */
export const PROXY_CORE = "0";
export const LOAD_CORE = "1";

export const has = (command) => {
  try {
    execFileSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

export async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function reachable(port, child, name) {
  const deadline = Date.now() + 15_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`${name} ended at once (exit code ${child.exitCode})`);
    const socket = net.connect(port, "127.0.0.1");
    const connected = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    socket.destroy();
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${name} does not listen on port ${port}`);
}

export class Servers {
  #scratch = mkdtempSync(path.join(os.tmpdir(), "hitless-bench-"));
  #children = [];

  /** Starts a command on a core; resolves when it listens. */
  async start(name, port, core, command, args, env = process.env) {
    const child = spawn("taskset", ["-c", core, command, ...args], { stdio: ["ignore", "ignore", 2], env });
    this.#children.push(child);
    await reachable(port, child, name);
    return { name, port, pid: child.pid };
  }

  /** An nginx with one worker, started from `http`, the inside of its http block. */
  async #nginx(name, port, core, http) {
    const directory = path.join(this.#scratch, `${name}-${port}`);
    mkdirSync(directory);
    const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (kind) => `${kind}_temp_path ${directory}/${kind};`,
    );
    const file = path.join(directory, "nginx.conf");
    writeFileSync(
      file,
      `daemon off; master_process off; pid ${directory}/pid; error_log ${directory}/error.log;
      events { worker_connections 4096; }
      http { access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s; ${temporary.join(" ")} ${http} }`,
    );
    return this.start(name, port, core, "nginx", ["-c", file, "-e", `${directory}/error.log`]);
  }

  /** Answers 1 KB. */
  async upstream() {
    const port = await freePort();
    const http = `server { listen 127.0.0.1:${port} backlog=1024; location / { return 200 "${"x".repeat(1024)}"; } }`;
    return this.#nginx("upstream", port, LOAD_CORE, http);
  }

  async nginx(upstreams) {
    const port = await freePort();
    const servers = upstreams.map(({ port }) => `server 127.0.0.1:${port};`).join(" ");
    return this.#nginx(
      "nginx",
      port,
      PROXY_CORE,
      `upstream servers { ${servers} keepalive 256; keepalive_requests 1000000000; }
      server { listen 127.0.0.1:${port} backlog=1024; location / {
        proxy_pass http://servers; proxy_http_version 1.1; proxy_set_header Connection "";
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto $scheme; proxy_set_header X-Forwarded-Port $server_port; } }`,
    );
  }

  async haproxy(upstreams) {
    const port = await freePort();
    const file = path.join(this.#scratch, "haproxy.cfg");
    writeFileSync(
      file,
      `global
  nbthread 1
  maxconn 8000
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  option forwardfor
  http-reuse always
frontend public
  bind 127.0.0.1:${port}
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Port ${port}
  default_backend servers
backend servers
  balance roundrobin
${upstreams.map(({ port }, n) => `  server s${n} 127.0.0.1:${port}`).join("\n")}
`,
    );
    return this.start("haproxy", port, PROXY_CORE, "haproxy", ["-f", file]);
  }

  /** The balancer of the local cloud, built, in a process of its own as in a rehearsal. */
  async hitless(root, upstreams) {
    const port = await freePort();
    const ports = upstreams.map((upstream) => String(upstream.port));
    const args = [path.join(root, "dist"), String(port), ...ports];
    const child = fork(path.join(root, "bench/balancer/balancerMain.cjs"), args);
    this.#children.push(child);
    await once(child, "message");
    execFileSync("taskset", ["-a", "-c", "-p", PROXY_CORE, String(child.pid)], { stdio: "ignore" });
    return { name: "hitless", port, pid: child.pid };
  }

  async close() {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const cut = setTimeout(() => child.kill("SIGKILL"), 3000);
      await exited;
      clearTimeout(cut);
    }
    rmSync(this.#scratch, { recursive: true, force: true });
  }
}

/** Processor seconds that a process has used. */
export function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** As many requests as go through, by wrk: requests per second, milliseconds of the 50th and the 99th percentile, and errors. */
export async function wrk(port, { seconds, connections, host }) {
  const args = [
    "-c",
    LOAD_CORE,
    "wrk",
    "-t1",
    `-c${connections}`,
    `-d${seconds}s`,
    "--latency",
    `http://127.0.0.1:${port}/`,
  ];
  if (host) args.push("-H", `Host: ${host}`);
  const child = spawn("taskset", args, { stdio: ["ignore", "pipe", 2] });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await once(child, "close");
  const number = (pattern) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
  const unit = { us: 1e-3, ms: 1, s: 1e3 };
  const percentile = (percent) => {
    const found = new RegExp(`\\s${percent}%\\s+([\\d.]+)(us|ms|s)`).exec(text);
    return found ? Number(found[1]) * unit[found[2]] : Number.NaN;
  };
  return {
    rate: number(/Requests\/sec:\s+([\d.]+)/),
    requests: number(/(\d+) requests in/),
    p50: percentile(50),
    p99: percentile(99),
    failed: /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(text)?.[0],
  };
}
