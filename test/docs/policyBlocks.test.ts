import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { blocksOf, compile, root } from "./compile.js";

const folder = path.join(root, "docs/policies");

/**
 * What the pages leave out: imports, a few resources, and with an ellipsis the arguments that have nothing to do with the rule. So every
 * top-level argument may be missing here, and no other may be given.
 */
const PRELUDE = `
import * as autoscaling from "@pulumi/aws/autoscaling";
import * as cloudwatch from "@pulumi/aws/cloudwatch";
import * as ec2 from "@pulumi/aws/ec2";
import * as lb from "@pulumi/aws/lb";
import * as ssm from "@pulumi/aws/ssm";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1/podDisruptionBudget";
import * as pulumi from "@pulumi/pulumi";
import { hitlessPolicies } from "hitless/policy";
type Loose<M> = {
  [K in keyof M]: M[K] extends new (name: string, args: infer A, opts?: infer O) => infer R
    ? new (name: string, args: Partial<A>, opts?: O) => R
    : M[K];
};
declare const aws: {
  autoscaling: Loose<typeof autoscaling>; cloudwatch: Loose<typeof cloudwatch>; ec2: Loose<typeof ec2>; lb: Loose<typeof lb>; ssm: typeof ssm;
};
const k8s = { apps: { v1: { Deployment } }, core: { v1: { Namespace } }, policy: { v1: { PodDisruptionBudget } } };
declare const [a, b, blue]: lb.TargetGroup[];
declare const balancerGroup: ec2.SecurityGroup;
declare const vpcId: string;
declare const selector: { matchLabels: Record<string, string> };
const config = new pulumi.Config();
`;

/** Names that one page declares by itself and another takes for given. */
const GIVEN: Readonly<Record<string, string>> = {
  green: "declare const green: lb.TargetGroup;\n",
  template: "declare const template: any;\n",
};

test("every TypeScript block of the policies' pages compiles, and a wrong one would not", () => {
  const pages = readdirSync(folder).filter((file) => file.endsWith(".md") && file !== "README.md");
  const texts: Record<string, string> = {};
  for (const page of pages) {
    const blocks = blocksOf(readFileSync(path.join(folder, page), "utf8"));
    expect([page, blocks.length]).toEqual([page, 1]);
    const code = blocks[0] as string;
    const given = Object.keys(GIVEN).filter((name) => !new RegExp(`(const|let) ${name}\\b`).test(code));
    texts[path.join(root, `policy-${page}.ts`)] = PRELUDE + given.map((name) => GIVEN[name]).join("") + code;
  }
  const drain = texts[path.join(root, "policy-drain-shorter-than-requests.md.ts")] as string;
  const wrong = path.join(root, "policy-wrong.ts");
  const faults = compile({ ...texts, [wrong]: drain.replace("deregistrationDelay", "deregistrationDelays") }, []);
  expect(faults.filter((fault) => !fault.startsWith(wrong))).toEqual([]);
  expect(faults.filter((fault) => fault.startsWith(wrong))).toHaveLength(1);
}, 120_000);
