// The balancer alone, without the rest of the cloud: `node balancerMain.cjs DIST PORT UPSTREAM_PORT …`; tells its parent when it serves.
const { once } = require("node:events");
const { createServer } = require("node:net");
const path = require("node:path");

const [dist, port, ...upstreams] = process.argv.slice(2);
const { BalancerDataPlane } = require(path.join(dist, "rehearsal/cloud/balancer/balancerDataPlane.js"));
const { Clock } = require(path.join(dist, "rehearsal/cloud/clock.js"));
const pino = require("pino");

const plane = new BalancerDataPlane({
  clock: new Clock(1),
  log: pino({ level: "warn" }, pino.destination(2)),
  listen: async (host, at) => {
    const server = createServer().listen({ host, port: at, backlog: 1024 });
    await once(server, "listening");
    return server;
  },
});
plane.events.on("counts", () => undefined); // as the cloud does: counts are handed over every second
const forward = { Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: "group", Weight: 1 }] } };
const rules = [{ arn: "rule", priority: Infinity, conditions: [], actions: [forward] }];
const healthCheck = { enabled: true, protocol: "HTTP", path: "/", matcher: "200" };
Object.assign(healthCheck, { intervalSeconds: 30, timeoutSeconds: 5, healthyThreshold: 2, unhealthyThreshold: 2 });
const targets = upstreams.map((upstream, n) => ({
  id: `i-${n}`,
  port: Number(upstream),
  host: "127.0.0.1",
  connectPort: Number(upstream),
  draining: false,
  registeredAt: Date.now(),
}));
plane
  .apply({
    arn: "balancer",
    name: "bench",
    address: "127.0.0.1",
    attributes: {},
    listeners: [{ arn: "listener", port: Number(port), protocol: "HTTP", rules }],
    targetGroups: [{ arn: "group", name: "group", protocol: "HTTP", healthCheck, attributes: {}, targets }],
  })
  .then(
    () => process.send("serving"),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
process.on("disconnect", () => process.exit(0));
