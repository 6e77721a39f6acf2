/** Security groups and their rules, each through its whole life. */
import { Lifecycle } from "../lifecycle.js";

const SG = "aws:ec2/securityGroup:SecurityGroup";
const SG_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";

let life: Lifecycle;
beforeAll(async () => {
  life = await Lifecycle.start();
}, 30_000);
afterAll(() => life.close());

test("security group: closed by default, rules compared one by one", async () => {
  const open = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] };
  const given = {
    vpcId: life.ids.vpc,
    tags: { app: "web" },
    ingress: [open, { ...open, fromPort: 443, toPort: 443, self: true }],
  };
  const state = await life.make(SG, "web", given, "sg");
  expect(state).toMatchObject({ description: "Managed by Pulumi", egress: [], tagsAll: { app: "web" } });
  await life.expectImportable(SG, "sg", life.ids.sg as string, { ...given, name: state.name });
  const { detailed } = await life.change(SG, "sg", {
    ...given,
    tags: {},
    ingress: [open],
    egress: [{ protocol: "-1", fromPort: 0, toPort: 0, cidrBlocks: ["0.0.0.0/0"] }],
  });
  expect(detailed).toEqual({ "ingress[1]": "delete", "egress[0]": "add", "tags.app": "delete" });
});

test("a security group without rules of its own leaves those of others alone", async () => {
  await life.make(SG, "shared", { vpcId: life.ids.vpc });
  const given = {
    type: "ingress",
    securityGroupId: life.ids.shared,
    protocol: "tcp",
    fromPort: 8080,
    toPort: 8080,
    cidrBlocks: ["10.1.0.0/16"],
  };
  await life.make(SG_RULE, "rule", given, "sgRule");
  await life.expectImportable(SG_RULE, "sgRule", `${life.ids.shared}_ingress_tcp_8080_8080_10.1.0.0/16`, given);
  await life.change(SG_RULE, "sgRule", { ...given, description: "from the office" });
  const ingress = {
    securityGroupId: life.ids.shared,
    ipProtocol: "tcp",
    fromPort: 9000,
    toPort: 9010,
    cidrIpv4: "10.2.0.0/16",
    tags: { a: "b" },
  };
  await life.make(INGRESS, "ingress", ingress);
  await life.expectImportable(INGRESS, "ingress", life.ids.ingress as string, ingress);
  await life.change(INGRESS, "ingress", { ...ingress, toPort: 9020, tags: {} });
  await life.make(EGRESS, "egress", { securityGroupId: life.ids.shared, ipProtocol: "-1", cidrIpv4: "0.0.0.0/0" });
  const refreshed = await life.engine.read(SG, life.ids.shared as string, life.states.shared, {});
  const { inputs } = await life.engine.check(SG, "shared", { vpcId: life.ids.vpc, name: refreshed.state.name });
  expect((await life.engine.diff(SG, life.ids.shared as string, refreshed.state, inputs)).detailed).toEqual({});
  for (const [type, key] of [
    [EGRESS, "egress"],
    [INGRESS, "ingress"],
    [SG_RULE, "sgRule"],
    [SG, "shared"],
  ] as const) {
    await life.remove(type, key);
  }
});
