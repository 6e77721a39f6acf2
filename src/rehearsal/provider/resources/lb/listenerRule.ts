/** `aws.lb.ListenerRule`: an entrance, or a preview route, on a listener that others share. */
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  DescribeRulesCommand,
  ModifyRuleCommand,
  type Rule,
  SetRulePrioritiesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { isCode, unlessMissing } from "../../awsErrors.js";
import type { Values } from "../../protocol/values.js";
import type { Call, ResourceType } from "../../resource.js";
import { integer, regional, tagged, text } from "../../schema/property.js";
import { ACTIONS, actionFaults, fromAwsActions, toAwsActions } from "./actions.js";
import { CONDITIONS, conditionFaults, fromAwsConditions, toAwsConditions } from "./conditions.js";
import { readTags, tagsOrNone, updateTags } from "./shared.js";

export const listenerRule: ResourceType = {
  token: "aws:lb/listenerRule:ListenerRule",
  properties: {
    ...regional,
    ...tagged,
    listenerArn: text({ required: true, replace: true }),
    priority: integer({ computed: true, range: [1, 50000] }),
    actions: ACTIONS,
    conditions: CONDITIONS,
    arn: text({ output: true }),
  },

  validate: ({ actions, conditions }) => [...actionFaults("actions", actions), ...conditionFaults(conditions)],

  async create(call, planned) {
    const make = async (priority: number): Promise<string> => {
      const { Rules } = await call.aws.elbv2.send(
        new CreateRuleCommand({
          ListenerArn: planned.listenerArn,
          Priority: priority,
          Actions: toAwsActions(planned.actions),
          Conditions: toAwsConditions(planned.conditions),
          ...tagsOrNone(planned.tags),
        }),
      );
      const arn = Rules?.[0]?.RuleArn;
      if (!arn) throw new Error(`CreateRule answered without an ARN for ${planned.listenerArn}`);
      return arn;
    };
    if (planned.priority !== undefined) return await make(planned.priority);
    return await withFreePriority(call, planned.listenerArn, make);
  },

  async read(call, arn, known) {
    const answer = await unlessMissing(
      call.aws.elbv2.send(new DescribeRulesCommand({ RuleArns: [arn] })),
      "RuleNotFound",
      "ListenerNotFound",
    );
    const found: Rule | undefined = answer?.Rules?.[0];
    if (!found) return undefined;
    return {
      ...(await readTags(call, arn)),
      arn,
      listenerArn: known.listenerArn ?? listenerOf(arn),
      priority: Number(found.Priority),
      actions: fromAwsActions(found.Actions, known.actions),
      conditions: fromAwsConditions(found.Conditions),
    };
  },

  async update(call, update) {
    const { id, planned, changed } = update;
    if (changed.has("priority")) {
      const RulePriorities = [{ RuleArn: id, Priority: planned.priority }];
      await call.aws.elbv2.send(new SetRulePrioritiesCommand({ RulePriorities }));
    }
    if (changed.has("actions") || changed.has("conditions")) {
      await call.aws.elbv2.send(
        new ModifyRuleCommand({
          RuleArn: id,
          ...(changed.has("actions") ? { Actions: toAwsActions(planned.actions) } : {}),
          ...(changed.has("conditions") ? { Conditions: toAwsConditions(planned.conditions) } : {}),
        }),
      );
    }
    await updateTags(call, update);
  },

  async delete({ aws }, arn) {
    await unlessMissing(aws.elbv2.send(new DeleteRuleCommand({ RuleArn: arn })), "RuleNotFound");
  },
};

/** `listener-rule/app/n/lb/listener/rule` → `listener/app/n/lb/listener` */
function listenerOf(ruleArn: string): string {
  return ruleArn.replace(":listener-rule/", ":listener/").replace(/\/[^/]+$/, "");
}

/** Without a priority the real provider takes the highest plus one; another creation may take it in between. */
async function withFreePriority(
  { aws, waiter, deadlineSeconds }: Call,
  listenerArn: string,
  make: (priority: number) => Promise<string>,
): Promise<string> {
  return await waiter.until({
    what: `a free priority on ${listenerArn}`,
    deadlineSeconds: deadlineSeconds(300),
    everySeconds: 1,
    observe: async () => {
      const { Rules = [] } = await aws.elbv2.send(new DescribeRulesCommand({ ListenerArn: listenerArn }));
      const taken = Rules.map(({ Priority }: Values) => Number(Priority)).filter(Number.isFinite);
      try {
        const priority = Math.max(0, ...taken) + 1;
        return { done: await make(priority), progress: `priority ${priority}` };
      } catch (error) {
        if (!isCode(error, "PriorityInUse")) throw error;
        return { progress: "the priority was taken by another rule" };
      }
    },
  });
}
