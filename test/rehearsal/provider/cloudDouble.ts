/** The local cloud's real services behind their real wire, with instances that are no processes and targets that are healthy at once. */
import { EventEmitter } from "node:events";
import { pino } from "pino";
import { AutoScaling } from "../../../src/rehearsal/cloud/autoscaling/autoScaling.js";
import type { BalancerConfig, DataPlane } from "../../../src/rehearsal/cloud/balancer/dataPlane.js";
import { Clock } from "../../../src/rehearsal/cloud/clock.js";
import { CloudWatch } from "../../../src/rehearsal/cloud/cloudwatch/cloudWatch.js";
import { Ec2 } from "../../../src/rehearsal/cloud/ec2/ec2.js";
import { LoadBalancing } from "../../../src/rehearsal/cloud/elbv2/loadBalancing.js";
import type { InstanceRuntime } from "../../../src/rehearsal/cloud/instances/runtime.js";
import { createSsm } from "../../../src/rehearsal/cloud/ssm/ssm.js";
import { createSts } from "../../../src/rehearsal/cloud/sts/sts.js";
import { WireServer } from "../../../src/rehearsal/cloud/wire/wireServer.js";

export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";
/** AWS seconds per real second: fast enough that no test waits for long. */
export const SPEED = 200;

export interface CloudDouble {
  readonly url: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Every operation that was called, by AWS's name, in order. */
  readonly calls: string[];
  close(): Promise<void>;
}

export async function startCloudDouble(): Promise<CloudDouble> {
  const common = { clock: new Clock(SPEED), log: pino({ level: "silent" }), region: REGION, accountId: ACCOUNT };
  const dataPlane = healthyDataPlane();
  const monitoring = new CloudWatch(common);
  const compute = new Ec2({ ...common, runtime: emptyRuntime() });
  const targets = new LoadBalancing({ ...common, compute, dataPlane, monitoring });
  const autoscaling = new AutoScaling({ ...common, compute, targets, monitoring });
  const calls: string[] = [];
  const services = [
    compute.service,
    targets.service,
    autoscaling.service,
    monitoring.service,
    createSts({ accountId: ACCOUNT }),
    createSsm({ region: REGION, accountId: ACCOUNT }),
  ].map((service) => ({
    ...service,
    operations: Object.fromEntries(
      Object.entries(service.operations).map(([name, operation]) => [
        name,
        (input: unknown, context: Parameters<typeof operation>[1]) => {
          calls.push(name);
          return operation(input, context);
        },
      ]),
    ),
  }));
  const server = await WireServer.start({ port: 0, services, accountId: ACCOUNT, log: common.log });
  return {
    url: server.url,
    calls,
    environment: {
      AWS_ENDPOINT_URL: server.url,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
    close: async () => {
      await server.close();
      await autoscaling.close();
      await targets.close();
      await compute.close();
      await monitoring.close();
    },
  };
}

function emptyRuntime(): InstanceRuntime {
  return {
    isolation: "loopback",
    events: new EventEmitter(),
    start: async () => ({ host: "127.0.0.1", port: 9 }),
    stop: async () => undefined,
    kill: async () => undefined,
    console: async () => "",
    cpuSeconds: async () => ({}),
    close: async () => undefined,
  };
}

function healthyDataPlane(): DataPlane {
  const events: DataPlane["events"] = new EventEmitter();
  return {
    events,
    apply: async (config: BalancerConfig) => {
      for (const { arn, targets } of config.targetGroups) {
        for (const { id, port, draining } of targets) {
          if (!draining) {
            setImmediate(() => events.emit("health", { targetGroupArn: arn, targetId: id, port, state: "healthy" }));
          }
        }
      }
    },
    remove: async () => undefined,
    setFaults: async () => undefined,
    close: async () => undefined,
  };
}
