/** Metric alarms, and the look-up functions. */
import { Lifecycle } from "../lifecycle.js";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

let life: Lifecycle;
beforeAll(async () => {
  life = await Lifecycle.start();
}, 30_000);
afterAll(() => life.close());

test("metric alarm", async () => {
  const given = {
    comparisonOperator: "GreaterThanThreshold",
    evaluationPeriods: 1,
    metricName: "HTTPCode_Target_5XX_Count",
    namespace: "AWS/ApplicationELB",
    period: 60,
    statistic: "Sum",
    threshold: 5,
    treatMissingData: "notBreaching",
    dimensions: { TargetGroup: "targetgroup/a/b", LoadBalancer: "app/c/d" },
    tags: { app: "web" },
  };
  const state = await life.make(ALARM, "alarm", given);
  await life.expectImportable(ALARM, "alarm", life.ids.alarm as string, { ...given, name: state.name });
  const { detailed } = await life.change(ALARM, "alarm", { ...given, threshold: 6, tags: { app: "shop" } });
  expect(detailed).toEqual({ threshold: "update", "tags.app": "update" });
  await life.remove(ALARM, "alarm");
});

test("functions", async () => {
  const zones = await life.engine.invoke("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  expect(zones.result.names).toContain("us-east-1a");
  expect((await life.engine.invoke("aws:index/getRegion:getRegion", {})).result.name).toBe("us-east-1");
  expect((await life.engine.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})).result.accountId).toBe(
    "123456789012",
  );
  const subnet = await life.engine.invoke("aws:ec2/getSubnet:getSubnet", { id: life.ids.subnetA });
  expect(subnet.result).toMatchObject({ id: life.ids.subnetA, vpcId: life.ids.vpc });
  const name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";
  const parameter = await life.engine.invoke("aws:ssm/getParameter:getParameter", { name });
  expect(parameter.result.value).toMatch(/^ami-/);
  expect(JSON.stringify(parameter.raw)).toContain("1b47061264138c4ac30d75fd1eb44270");
  const missing = life.engine.invoke("aws:ssm/getParameter:getParameter", { name: "/none" });
  await expect(missing).rejects.toThrow(/ParameterNotFound/);
});
