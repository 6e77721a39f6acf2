// A small web app whose release decides how it behaves: how long it boots, whether it gets healthy, how fast and how well it
// answers. It ends as a server behind a load balancer should: on SIGTERM it finishes what it has begun.
const http = require("node:http");

const setting = (name, otherwise) => process.env[name] || otherwise;
const version = setting("VERSION", "unknown");
const bootSeconds = Number(setting("BOOT_SECONDS", 0));
const health = setting("HEALTH", "ok"); // ok | never | crash | hungry | for:SECONDS (healthy for so long, then not)
const latencyMs = Number(setting("LATENCY_MS", 0));
const errorPercent = Number(setting("ERROR_PERCENT", 0));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const booted = Date.now() + bootSeconds * 1000;

function isHealthy() {
  if (health === "never") return false;
  if (health.startsWith("for:")) return Date.now() < booted + Number(health.slice("for:".length)) * 1000;
  return true;
}

function answer(response, status, body) {
  const text = JSON.stringify({ version, ...body });
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
    "x-version": version,
  });
  response.end(text);
}

async function serve(request, response) {
  const url = new URL(request.url, "http://app");
  let uploaded = 0;
  for await (const chunk of request) uploaded += chunk.length;

  if (url.pathname === "/health") return answer(response, isHealthy() ? 200 : 503, { healthy: isHealthy() });
  if (Math.random() * 100 < errorPercent) return answer(response, 500, { error: "this release fails on purpose" });
  await pause(latencyMs);
  if (url.pathname === "/slow") await pause(Math.min(60, Number(url.searchParams.get("seconds") ?? 1)) * 1000);
  answer(response, 200, { path: url.pathname, uploaded });
}

if (health === "crash") {
  console.error(`${version} crashes at boot on purpose`);
  process.exit(1);
}

if (health === "hungry") {
  console.log(`${version} takes more memory than it may have, on purpose`);
  for (const taken = []; ; ) taken.push(Buffer.alloc(16 * 1024 * 1024, 1));
}

const server = http.createServer((request, response) => {
  serve(request, response).catch((error) => response.destroy(error));
});
// Longer than the balancer's idle time-out (60 s), so that the balancer is always the one who closes an idle connection.
server.keepAliveTimeout = 75_000;
server.requestTimeout = 0;
// Nobody is answered before the boot is over.
setTimeout(() => {
  server.listen(Number(setting("PORT", 8080)), setting("HOST", "0.0.0.0"), () => console.log(`${version} listens`));
}, bootSeconds * 1000);

process.on("SIGTERM", () => server.close(() => process.exit(0)));
