import type * as sdk from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import type { Operation } from "../../service.js";
import type { Elb } from "../context.js";
import { listTags, mergeTags } from "../tagging.js";

/** Tags of load balancers, target groups, listeners and rules. */
export function tagOperations(elb: Elb): Record<string, Operation> {
  return {
    DescribeTags: (input: sdk.DescribeTagsCommandInput) => ({
      TagDescriptions: (input.ResourceArns ?? []).map((ResourceArn) => ({
        ResourceArn,
        Tags: listTags(tagsOf(elb, ResourceArn)),
      })),
    }),
    AddTags: (input: sdk.AddTagsCommandInput) => {
      const arns = input.ResourceArns ?? [];
      const merged = arns.map((arn) => [arn, mergeTags(tagsOf(elb, arn), input.Tags ?? [])] as const);
      for (const [arn, tags] of merged) elb.store.tags.set(arn, tags);
      return {};
    },
    RemoveTags: (input: sdk.RemoveTagsCommandInput) => {
      const gone = new Set(input.TagKeys);
      const arns = input.ResourceArns ?? [];
      const kept = arns.map((arn) => [arn, [...tagsOf(elb, arn)].filter(([key]) => !gone.has(key))] as const);
      for (const [arn, tags] of kept) elb.store.tags.set(arn, new Map(tags));
      return {};
    },
  };
}

function tagsOf(elb: Elb, arn: string): ReadonlyMap<string, string> {
  const { store } = elb;
  const known =
    store.loadBalancers.has(arn) || store.targetGroups.has(arn) || store.listeners.has(arn) || store.rules.has(arn);
  if (known) return store.tags.get(arn) ?? new Map();
  const [code, kind] = kindOf(arn);
  throw new AwsError(code, `${kind} '${arn}' not found`);
}

/** The part after the account tells what an ARN names: loadbalancer/app/…, listener-rule/app/… */
function kindOf(arn: string): [code: string, kind: string] {
  const resource = arn.split(":")[5]?.split("/")[0];
  switch (resource) {
    case "loadbalancer":
      return ["LoadBalancerNotFound", "Load balancer"];
    case "targetgroup":
      return ["TargetGroupNotFound", "Target group"];
    case "listener":
      return ["ListenerNotFound", "Listener"];
    case "listener-rule":
      return ["RuleNotFound", "Rule"];
    default:
      return ["ValidationError", "Resource"];
  }
}
