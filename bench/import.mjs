// What `import "hitless"` costs over importing the @pulumi/aws modules that it uses.
import { spawnSync } from "node:child_process";
import { paired } from "./statistics.mjs";

const modules = ["@pulumi/pulumi", "@pulumi/aws/autoscaling", "@pulumi/aws/ec2", "@pulumi/aws/lb"];

function measure(names, root) {
  const code = `const t = process.hrtime.bigint();
    for (const name of ${JSON.stringify(names)}) require(name);
    console.log(JSON.stringify({ ms: Number(process.hrtime.bigint() - t) / 1e6, kb: process.resourceUsage().maxRSS }));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", code], { cwd: root, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

export async function benchImport({ root, verdict, runs = 15 }) {
  const median = await paired(runs, {
    hitless: () => measure(["hitless"], root),
    aws: () => measure(modules, root),
  });
  for (const [key, unit] of [
    ["ms", "ms"],
    ["kb", "KB"],
  ]) {
    const [ours, theirs] = [median("hitless", key), median("aws", key)];
    verdict.ratio(
      `import "hitless" against its @pulumi/aws modules, ${unit}`,
      ours / theirs,
      1.1,
      `${ours.toFixed(0)} / ${theirs.toFixed(0)}`,
    );
  }
}
