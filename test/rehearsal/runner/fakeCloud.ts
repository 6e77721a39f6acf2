import http from "node:http";
import type { AddressInfo } from "node:net";
import type { CloudFaults, CloudSnapshot, InstanceSnapshot } from "../../../src/rehearsal/cloud/snapshot.js";

/**
 * The admin API of a local cloud and the service behind its load balancer, both in this process. The fake engine posts what it
 * does: `POST /_fake/version` launches two servers of a version, which then answer.
 */
export class FakeCloud {
  readonly faults: CloudFaults[] = [];
  readonly deployed: string[] = [];
  /** Servers that died, in order. */
  readonly powerFailures: string[] = [];
  /** Bodies of the calls that changed the group. */
  readonly updates: string[] = [];
  /** Breaks every answer from the moment that faults are asked for. */
  breaksOnFaults = false;
  isolation = "loopback";
  trust = "";
  /** Breaks every so-manieth answer. */
  breakEvery = 0;
  readonly #instances: InstanceSnapshot[] = [];
  #version = "none";
  #served = 0;

  private constructor(
    readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<FakeCloud> {
    const server = http.createServer((request, response) => void cloud.#answer(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const cloud = new FakeCloud(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    return cloud;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let body = "";
    for await (const chunk of request) body += chunk;
    const json = (value: unknown): unknown => response.end(JSON.stringify(value));
    switch (request.url) {
      case "/_hitless/status":
        return void json({
          version: "0",
          pid: process.pid,
          speed: 10,
          isolation: this.isolation,
          zones: ["us-east-1a"],
        });
      case "/_hitless/trust":
        return void response.end(this.trust);
      case "/_hitless/snapshot":
        return void json(this.#snapshot());
      case "/_hitless/faults":
        this.faults.push(JSON.parse(body) as CloudFaults);
        if (this.breaksOnFaults && body !== "{}") {
          this.breakEvery = 1;
          await new Promise((resolve) => setTimeout(resolve, 150)); // they work before they are answered
        }
        return void json({});
      case "/_fake/version":
        this.#deploy(body);
        return void json({});
    }
    const failing = /^\/_hitless\/instances\/(.*)\/power-failure$/.exec(request.url ?? "");
    if (failing) {
      this.powerFailures.push(failing[1] ?? "");
      return void json({});
    }
    if (body.includes("Action=DescribeAutoScalingGroups")) return void response.end(GROUPS);
    if (body.includes("Action=UpdateAutoScalingGroup")) {
      this.updates.push(body);
      return void response.end("<UpdateAutoScalingGroupResponse/>");
    }
    this.#served++;
    if (this.breakEvery > 0 && this.#served % this.breakEvery === 0) {
      response.writeHead(200, { "content-length": 100 });
      response.write("half");
      return void setImmediate(() => response.destroy());
    }
    response.setHeader("x-version", this.#version);
    response.end("ok");
  }

  #deploy(version: string): void {
    this.deployed.push(version);
    this.#version = version;
    this.#instances.splice(0);
    for (const index of [1, 2]) {
      this.#instances.push({
        instanceId: `i-${version}-${index}`,
        lifecycleState: "InService",
        healthStatus: "Healthy",
        launchedAt: Date.now(),
        firstHealthyAt: Date.now() + 1,
        targetHealth: "healthy",
        tags: { "hitless:version": version },
      });
    }
  }

  #snapshot(): CloudSnapshot {
    const instances = [...this.#instances];
    const group = { name: "web", minSize: 2, desiredCapacity: 2, maxSize: 2, healthCheckGracePeriodSeconds: 0 };
    return {
      at: Date.now(),
      listeners: [],
      targetGroups: [],
      groups: [{ ...group, targetGroupArns: ["arn:web"], instances }],
    };
  }
}

/** What the cloud's Auto Scaling answers about its one group, which has two servers and room for as many again. */
const GROUPS = `<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/">
<DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>web</AutoScalingGroupName><MinSize>2</MinSize>
<MaxSize>2</MaxSize><DesiredCapacity>2</DesiredCapacity></member></AutoScalingGroups></DescribeAutoScalingGroupsResult>
</DescribeAutoScalingGroupsResponse>`;

/** A stand-in for the Pulumi CLI: it keeps what it was told in the backend directory and deploys to the fake cloud. */
export const FAKE_ENGINE = `
const fs = require("node:fs"), path = require("node:path");
const [command, ...rest] = process.argv.slice(2);
const state = new URL(process.env.PULUMI_BACKEND_URL).pathname;
const flag = (name) => rest[rest.indexOf(name) + 1];
const known = path.join(state, "version"), lock = path.join(state, "lock");
const text = (file) => fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
const say = (event) => fs.appendFileSync(flag("--event-log"), JSON.stringify(event) + "\\n");
const done = (changes, result) => say({ summaryEvent: { resourceChanges: changes, result } });
const refuse = (message) => { say({ diagnosticEvent: { severity: "error", message } }); done({}, "failed"); process.exit(1); };
async function main() {
  if (command === "stack" && rest[0] === "init") return fs.writeFileSync("Pulumi.rehearsal.yaml", "encryptionsalt: v1:x\\n");
  if (command === "stack") return console.log(JSON.stringify({ url: process.env.AWS_ENDPOINT_URL + "/app", list: [] }));
  if (command === "cancel") return fs.rmSync(lock, { force: true });
  const config = fs.readFileSync(flag("--config-file"), "utf8");
  const version = /:version: (\\S+)/.exec(config)?.[1] ?? "none";
  const changed = version !== text(known);
  const op = (op, urn) => {
    for (const event of ["resourcePreEvent", "resOutputsEvent"]) say({ [event]: { metadata: { op, urn } } });
  };
  op(changed ? "update" : "same", "urn:web");
  if (command === "preview" && /:promises: true/.test(config)) op("delete", "urn:old");
  if (command === "up" && /:surprises: true/.test(config)) op("create", "urn:new");
  if (command === "preview") return done(changed ? { same: 1, update: 1 } : { same: 2 }, "succeeded");
  if (command === "destroy") return done({ delete: 2 }, "succeeded");
  if (fs.existsSync(lock)) refuse("the stack is currently locked");
  if (version === "broken") refuse("HIT310 RollingFleet: release broken was refused");
  if (version === "hangs") { process.on("SIGINT", () => process.exit(1)); return setInterval(() => {}, 1000); }
  fs.writeFileSync(lock, "");
  if (changed) await fetch(process.env.AWS_ENDPOINT_URL + "/_fake/version", { method: "POST", body: version });
  if (/:slow: true/.test(config)) return setInterval(() => {}, 1000);
  fs.writeFileSync(known, version);
  fs.rmSync(lock);
  done(changed ? { same: 1, update: 1 } : { same: 2 }, "succeeded");
}
main().catch((error) => { console.error(error); process.exit(1); });
`;
