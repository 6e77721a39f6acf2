/** Both sides of each limit of target groups and load balancers. */
import { code, world } from "../../rehearsal/cloud/elbv2/fakes.js";
import { statement } from "../statement.js";

let w: ReturnType<typeof world>;
let made: number;
beforeEach(() => {
  w = world();
  made = 0;
});
afterEach(() => w.elb.close());

const group = (settings: object): Promise<string> => code(w.targetGroup(`g${made++}`, settings));
const attributes = async (changes: Record<string, string>): Promise<string> => {
  const TargetGroupArn = await w.targetGroup(`g${made++}`);
  const Attributes = Object.entries(changes).map(([Key, Value]) => ({ Key, Value }));
  return code(w.call("ModifyTargetGroupAttributes", { TargetGroupArn, Attributes }));
};
async function defaults(): Promise<Record<string, string>> {
  const TargetGroupArn = await w.targetGroup(`g${made++}`);
  const { Attributes } = await w.call("DescribeTargetGroupAttributes", { TargetGroupArn });
  return Object.fromEntries(Attributes.map(({ Key, Value }: { Key: string; Value: string }) => [Key, Value]));
}

/** The values of one attribute that are taken, and those that are not. */
async function range(key: string, taken: string[], refused: string[], beside: Record<string, string> = {}) {
  for (const value of taken)
    expect([value, await attributes({ ...beside, [key]: value })]).toEqual([value, "accepted"]);
  for (const value of refused) {
    expect([value, await attributes({ ...beside, [key]: value })]).toEqual([value, "InvalidConfigurationRequest"]);
  }
}

statement("A-10", async () => {
  const [longest, tooLong] = ["a".repeat(32), "a".repeat(33)];
  expect(await code(w.loadBalancer(longest))).toBe("accepted");
  expect(await code(w.loadBalancer(tooLong))).toBe("ValidationError");
  expect(await code(w.targetGroup(longest))).toBe("accepted");
  expect(await code(w.targetGroup(tooLong))).toBe("ValidationError");
});

statement("A-31", async () => {
  const interval = (HealthCheckIntervalSeconds: number) =>
    group({ HealthCheckIntervalSeconds, HealthCheckTimeoutSeconds: 2 });
  for (const seconds of [5, 300]) expect(await interval(seconds)).toBe("accepted");
  for (const seconds of [4, 301]) expect(await interval(seconds)).toBe("ValidationError");
});

statement("A-32", async () => {
  const timeout = (HealthCheckTimeoutSeconds: number) =>
    group({ HealthCheckIntervalSeconds: 300, HealthCheckTimeoutSeconds });
  for (const seconds of [2, 120]) expect(await timeout(seconds)).toBe("accepted");
  for (const seconds of [1, 121]) expect(await timeout(seconds)).toBe("ValidationError");
  const TargetGroupArn = await w.targetGroup("secure", { Protocol: "HTTPS", HealthCheckProtocol: "HTTPS" });
  const { TargetGroups } = await w.call("DescribeTargetGroups", { TargetGroupArns: [TargetGroupArn] });
  expect(TargetGroups[0].HealthCheckTimeoutSeconds).toBe(5);
});

statement("A-33", async () => {
  for (const key of ["HealthyThresholdCount", "UnhealthyThresholdCount"]) {
    for (const count of [2, 10]) expect(await group({ [key]: count })).toBe("accepted");
    for (const count of [1, 11]) expect(await group({ [key]: count })).toBe("ValidationError");
  }
});

statement("A-34", async () => {
  for (const HttpCode of ["200", "499", "200-499"]) expect(await group({ Matcher: { HttpCode } })).toBe("accepted");
  for (const HttpCode of ["199", "500", "200-500", "101"]) {
    expect(await group({ Matcher: { HttpCode } })).toBe("ValidationError");
  }
});

statement("A-47", async () => {
  const key = "deregistration_delay.timeout_seconds";
  expect((await defaults())[key]).toBe("300");
  await range(key, ["0", "3600"], ["-1", "3601", "", "5s"]);
});

statement("A-51", async () => {
  const key = "slow_start.duration_seconds";
  expect((await defaults())[key]).toBe("0");
  await range(key, ["0", "30", "900"], ["1", "29", "901"]);
  await range(key, ["0"], ["30"], { "load_balancing.algorithm.type": "least_outstanding_requests" });
});

statement("A-53", async () => {
  const [type, mitigation] = ["load_balancing.algorithm.type", "load_balancing.algorithm.anomaly_mitigation"];
  expect(await defaults()).toMatchObject({ [type]: "round_robin", [mitigation]: "off" });
  await range(type, ["round_robin", "least_outstanding_requests", "weighted_random"], ["random"]);
  await range(mitigation, ["on", "off"], ["true"], { [type]: "weighted_random" });
  await range(mitigation, ["off"], ["on"]);
});

statement("A-55", async () => {
  expect(await defaults()).toMatchObject({
    "stickiness.enabled": "false",
    "stickiness.type": "lb_cookie",
    "stickiness.lb_cookie.duration_seconds": "86400",
    "stickiness.app_cookie.duration_seconds": "86400",
  });
  await range("stickiness.type", ["lb_cookie", "app_cookie"], ["source_ip"]);
  for (const kind of ["lb_cookie", "app_cookie"]) {
    await range(`stickiness.${kind}.duration_seconds`, ["1", "604800"], ["0", "604801"]);
  }
});

statement("A-73", async () => {
  const app = { "stickiness.enabled": "true", "stickiness.type": "app_cookie" };
  await range("stickiness.app_cookie.cookie_name", ["SESSION"], ["", "AWSALB", "AWSALBAPP", "AWSALBTG"], app);
});
