// What our policy pack adds to `pulumi preview`, against a pack without any policy: 200 and 1,000 resources. Beside it @pulumi/awsguard,
// Pulumi's own pack for AWS, on the same program. (It is no dependency of ours: it comes from npm into the user's cache, 250 MB.)
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onCloud, timed } from "./onCloud.mjs";
import { paired } from "./statistics.mjs";

/** Five resources a side, as a program by hand has them. */
const program = (resources) => `
const ec2 = require("@pulumi/aws/ec2");
const lb = require("@pulumi/aws/lb");
const autoscaling = require("@pulumi/aws/autoscaling");
const vpcId = "vpc-1";
for (let i = 0; i < ${resources / 5}; i++) {
  const name = "side" + i;
  const inner = new ec2.SecurityGroup(name, { vpcId, ingress: [{ protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["10.0.0.0/8"] }] });
  const target = new lb.TargetGroup(name, { vpcId, port: 80, protocol: "HTTP", deregistrationDelay: 30, healthCheck: { path: "/", interval: 10 } });
  const listener = new lb.Listener(name, { loadBalancerArn: "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/a/1", port: 1000 + i, defaultActions: [{ type: "forward", targetGroupArn: target.arn }] });
  const template = new ec2.LaunchTemplate(name, { imageId: "ami-1", instanceType: "t3.micro", vpcSecurityGroupIds: [inner.id], metadataOptions: { httpTokens: "required" } });
  new autoscaling.Group(name, {
    minSize: 2, maxSize: 4, desiredCapacity: 2, vpcZoneIdentifiers: ["subnet-1"], targetGroupArns: [target.arn], healthCheckType: "ELB",
    launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
  }, { dependsOn: [listener] });
}
`;

const empty = {
  "PulumiPolicy.yaml": "runtime: nodejs\nmain: index.js\n",
  "package.json": '{ "name": "empty", "version": "0.0.1", "main": "index.js" }',
  "index.js": 'const { PolicyPack } = require("@pulumi/policy");\nnew PolicyPack("empty", { policies: [] });\n',
};

const GUARD = "0.3.1";

/** A pack of awsguard's policies, all of them as advice; undefined, with the reason printed, where it cannot be had. */
function guardPack() {
  const cache = process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache");
  const pack = path.join(cache, "hitless", "bench", `awsguard-${GUARD}`);
  const files = {
    "PulumiPolicy.yaml": "runtime: nodejs\nmain: index.js\n",
    "package.json": '{ "name": "guard", "version": "0.0.1", "private": true, "main": "index.js" }',
    "index.js": 'const { AwsGuard } = require("@pulumi/awsguard");\nnew AwsGuard({ all: "advisory" });\n',
  };
  try {
    mkdirSync(pack, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(pack, name), text);
    if (!existsSync(path.join(pack, "node_modules/@pulumi/awsguard/package.json"))) {
      const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--no-save"];
      execFileSync("npm", ["install", ...flags, `@pulumi/awsguard@${GUARD}`], { cwd: pack, stdio: ["ignore", 2, 2] });
    }
    return pack;
  } catch (error) {
    console.log(`skip  awsguard: it could not be installed (${error.message.split("\n")[0]})`);
    return undefined;
  }
}

export async function benchPolicy({ root, verdict, runs = 5 }) {
  await onCloud(root, async ({ scratch, pulumi }) => {
    symlinkSync(path.join(root, "node_modules"), path.join(scratch, "node_modules"));
    mkdirSync(path.join(scratch, "empty"));
    for (const [name, text] of Object.entries(empty)) writeFileSync(path.join(scratch, "empty", name), text);
    const guard = guardPack();
    for (const resources of [200, 1000]) {
      const cwd = path.join(scratch, `stack${resources}`);
      mkdirSync(cwd);
      writeFileSync(path.join(cwd, "Pulumi.yaml"), `name: bench${resources}\nruntime: nodejs\n`);
      writeFileSync(path.join(cwd, "package.json"), '{ "main": "index.js" }');
      writeFileSync(path.join(cwd, "index.js"), program(resources));
      await pulumi(cwd, ["stack", "init", "bench"]);
      const preview = (pack) => async () => ({
        ms: await timed(() => pulumi(cwd, ["preview", "--stack", "bench", "--policy-pack", pack])),
      });
      const median = await paired(runs, {
        ours: preview(path.join(scratch, "node_modules/hitless/policy")),
        none: preview(path.join(scratch, "empty")),
        ...(guard ? { guard: preview(guard) } : {}),
      });
      const [ours, none] = [median("ours", "ms"), median("none", "ms")];
      verdict.ratio(
        `preview of ${resources} resources with our policies against an empty pack, ms`,
        ours / none,
        1.3,
        `${ours.toFixed(0)} / ${none.toFixed(0)}`,
      );
      if (!guard) continue;
      const theirs = median("guard", "ms");
      const detail = `${theirs.toFixed(0)} / ${none.toFixed(0)}`;
      verdict.ratio(`  the same with @pulumi/awsguard ${GUARD}, ms`, theirs / none, Number.POSITIVE_INFINITY, detail);
    }
  });
}
