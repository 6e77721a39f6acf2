import { once } from "node:events";
import { createServer } from "node:net";
import type { BalancerConfig } from "../../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { type Host, startHost } from "../../../../src/rehearsal/cloud/host/host.js";
import type { InstanceEndpoint } from "../../../../src/rehearsal/cloud/instances/runtime.js";
import { instanceSpec } from "../instances/spec.js";
import { describeInNamespaces, eventually, keepingLogger } from "./support.js";

const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/web/1";
const groupArn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/1";

function balancer(address: string, port: number, targets: Record<string, InstanceEndpoint>): BalancerConfig {
  return {
    arn,
    name: "web",
    address,
    attributes: { "idle_timeout.timeout_seconds": "60" },
    listeners: [
      {
        arn: `${arn}/listener`,
        port,
        protocol: "HTTP",
        rules: [
          {
            arn: `${arn}/rule`,
            priority: Number.POSITIVE_INFINITY,
            conditions: [],
            actions: [{ Type: "forward", ForwardConfig: { TargetGroups: [{ TargetGroupArn: groupArn, Weight: 1 }] } }],
          },
        ],
      },
    ],
    targetGroups: [
      {
        arn: groupArn,
        name: "web",
        protocol: "HTTP",
        healthCheck: {
          enabled: true,
          protocol: "HTTP",
          path: "/",
          intervalSeconds: 5,
          timeoutSeconds: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 2,
          matcher: "200",
        },
        attributes: {},
        targets: Object.entries(targets).map(([id, endpoint]) => ({
          id,
          port: 80,
          host: endpoint.host,
          connectPort: endpoint.port ?? 80,
          draining: false,
          registeredAt: Date.now(),
        })),
      },
    ],
  };
}

async function freePort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Two instances behind a balancer; resolves with the names that answered. */
async function serveTwo(host: Host, address: string): Promise<Set<string>> {
  const port = await freePort(address);
  const script = `#!/bin/sh
    exec node -e 'require("http").createServer((q, s) => s.end(require("os").hostname() + process.env.PORT)).listen(process.env.PORT ?? 80, process.env.HOST ?? "0.0.0.0")'\n`;
  const specs = [instanceSpec(41, script), instanceSpec(42, script)];
  const endpoints = await Promise.all(specs.map((spec) => host.runtime.start(spec)));
  const healthy = new Set<string>();
  host.dataPlane.events.on("health", (change) => change.state === "healthy" && healthy.add(change.targetId));
  await host.dataPlane.apply(
    balancer(
      address,
      port,
      Object.fromEntries(specs.map((spec, index) => [spec.instanceId, endpoints[index] as InstanceEndpoint])),
    ),
  );
  await eventually("both targets are healthy", () => healthy.size === 2);
  const names = new Set<string>();
  for (let request = 0; request < 10; request += 1) names.add(await (await fetch(`http://${address}:${port}/`)).text());
  await host.dataPlane.remove(arn);
  await expect(fetch(`http://${address}:${port}/`)).rejects.toThrow();
  return names;
}

async function inUse(host: Host): Promise<void> {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as { port: number };
  try {
    const refused = expect(host.dataPlane.apply(balancer("127.0.0.1", port, {}))).rejects;
    await refused.toThrow(new RegExp(`127\\.0\\.0\\.1:${port}.* in use`));
  } finally {
    taken.close();
  }
}

describeInNamespaces("balancers in front of namespaces", () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost({ speed: 20, log: keepingLogger().log, isolation: "namespace" });
  });
  afterAll(() => host.close());

  test("the machine's loopback reaches two instances that both listen on 0.0.0.0:80", async () => {
    expect(await serveTwo(host, "127.77.200.1")).toEqual(
      new Set(["ip-172-31-1-41undefined", "ip-172-31-1-42undefined"]),
    );
  });

  test("a port in use is refused in a sentence", () => inUse(host));
});

describe("balancers without namespaces", () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost({ speed: 20, log: keepingLogger().log, isolation: "loopback" });
  });
  afterAll(() => host.close());

  test("reach instances at the address and port that these were given", async () => {
    expect((await serveTwo(host, "127.0.0.1")).size).toBe(2);
  });

  test("a port in use is refused in a sentence", () => inUse(host));
});
