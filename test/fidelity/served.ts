import { pino } from "pino";
import { AutoScaling } from "../../src/rehearsal/cloud/autoscaling/autoScaling.js";
import { Clock } from "../../src/rehearsal/cloud/clock.js";
import { CloudWatch } from "../../src/rehearsal/cloud/cloudwatch/cloudWatch.js";
import { Ec2 } from "../../src/rehearsal/cloud/ec2/ec2.js";
import { LoadBalancing } from "../../src/rehearsal/cloud/elbv2/loadBalancing.js";
import type { Service, ServiceId } from "../../src/rehearsal/cloud/service.js";
import { ParameterStore } from "../../src/rehearsal/cloud/ssm/parameterStore.js";
import { createSsm } from "../../src/rehearsal/cloud/ssm/ssm.js";
import { createSts } from "../../src/rehearsal/cloud/sts/sts.js";
import { FakeRuntime } from "../rehearsal/cloud/ec2/fakeRuntime.js";
import { FakeDataPlane } from "../rehearsal/cloud/elbv2/fakes.js";

/** The services of a local cloud that starts no process, for as long as `use` runs. */
export async function withServices<T>(use: (services: readonly Service[]) => T | Promise<T>): Promise<T> {
  const common = {
    clock: new Clock(100),
    log: pino({ level: "silent" }),
    region: "us-east-1",
    accountId: "123456789012",
  };
  const parameters = new ParameterStore(common.region);
  const ec2 = new Ec2({ ...common, runtime: new FakeRuntime(), parameter: (name) => parameters.value(name) });
  const monitoring = new CloudWatch(common);
  const targets = new LoadBalancing({ ...common, compute: ec2, dataPlane: new FakeDataPlane(), monitoring });
  const autoScaling = new AutoScaling({ ...common, compute: ec2, targets, monitoring });
  try {
    return await use([
      ec2.service,
      targets.service,
      autoScaling.service,
      monitoring.service,
      createSts(common),
      createSsm({ ...common, parameters }),
    ]);
  } finally {
    await autoScaling.close();
    await targets.close();
    await monitoring.close();
    await ec2.close();
  }
}

/** The names of the operations that the local cloud serves, by service. */
export function servedOperations(): Promise<Readonly<Record<ServiceId, readonly string[]>>> {
  return withServices(
    (services) =>
      Object.fromEntries(services.map(({ id, operations }) => [id, Object.keys(operations).sort()])) as Record<
        ServiceId,
        string[]
      >,
  );
}
