/** Actions of listeners and rules. Weights are sent and read as they are: 0 is a weight, not an absent one. */
import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Values } from "../../protocol/values.js";
import { flag, integer, list, object, type Property, set, text } from "../../schema/property.js";

/** Ranges and quotas: botocore model. The default weight 1 is the real provider's. */
const ACTION = object({
  type: text({ required: true, oneOf: ["forward", "redirect", "fixed-response"] }),
  order: integer({ computed: true, range: [1, 50000] }),
  targetGroupArn: text({ conflictsWith: ["forward"] }),
  forward: object(
    {
      targetGroups: set(object({ arn: text({ required: true }), weight: integer({ default: 1, range: [0, 999] }) }), {
        required: true,
        key: "arn",
      }),
      stickiness: object({
        duration: integer({ required: true, range: [1, 604800] }),
        enabled: flag({ default: false }),
      }),
    },
    { conflictsWith: ["targetGroupArn"] },
  ),
  redirect: object({
    statusCode: text({ required: true, oneOf: ["HTTP_301", "HTTP_302"] }),
    host: text({ default: "#{host}" }),
    path: text({ default: "/#{path}" }),
    port: text({ default: "#{port}" }),
    protocol: text({ default: "#{protocol}", oneOf: ["HTTP", "HTTPS", "#{protocol}"] }),
    query: text({ default: "#{query}" }),
  }),
  fixedResponse: object({
    contentType: text({ required: true }),
    messageBody: text(),
    statusCode: text({ computed: true }),
  }),
});

/** The property `defaultActions` of a listener and `actions` of a rule. */
export const ACTIONS: Property = list(ACTION, { required: true });

export function toAwsActions(actions: readonly Values[]): Action[] {
  return actions.map((action, index) => {
    const { forward, redirect, fixedResponse } = action;
    const result: Action = { Type: action.type, Order: action.order ?? index + 1 };
    if (action.targetGroupArn !== undefined) result.TargetGroupArn = action.targetGroupArn;
    if (forward) {
      result.ForwardConfig = {
        TargetGroups: forward.targetGroups.map(({ arn, weight }: Values) => ({ TargetGroupArn: arn, Weight: weight })),
      };
      if (forward.stickiness) {
        const { enabled, duration } = forward.stickiness;
        result.ForwardConfig.TargetGroupStickinessConfig = { Enabled: enabled, DurationSeconds: duration };
      }
    }
    if (redirect) {
      const { statusCode, host, path, port, protocol, query } = redirect;
      result.RedirectConfig = {
        StatusCode: statusCode,
        Host: host,
        Path: path,
        Port: port,
        Protocol: protocol,
        Query: query,
      };
    }
    if (fixedResponse) {
      const { contentType, messageBody, statusCode } = fixedResponse;
      result.FixedResponseConfig = { ContentType: contentType, MessageBody: messageBody, StatusCode: statusCode };
    }
    return result;
  });
}

/**
 * @param known the actions as asked or read last: AWS answers a single group in both forms, and the program used one of them
 */
export function fromAwsActions(actions: readonly Action[] = [], known: readonly Values[] = []): Values[] {
  const sorted = [...actions].sort((left, right) => (left.Order ?? 0) - (right.Order ?? 0));
  return sorted.map((action, index) => {
    const asked = known[index];
    const result: Values = { type: action.Type, order: action.Order ?? index + 1 };
    if (action.Type === "forward") Object.assign(result, forwardOf(action, asked));
    if (action.RedirectConfig) {
      const { StatusCode, Host, Path, Port, Protocol, Query } = action.RedirectConfig;
      result.redirect = {
        statusCode: StatusCode,
        host: Host,
        path: Path,
        port: Port,
        protocol: Protocol,
        query: Query,
      };
    }
    if (action.FixedResponseConfig) {
      const { ContentType, MessageBody, StatusCode } = action.FixedResponseConfig;
      result.fixedResponse = { contentType: ContentType, messageBody: MessageBody, statusCode: StatusCode };
    }
    return result;
  });
}

function forwardOf(action: Action, asked: Values | undefined): Values {
  const groups = action.ForwardConfig?.TargetGroups ?? [];
  const sticky = action.ForwardConfig?.TargetGroupStickinessConfig;
  const single = action.TargetGroupArn ?? (groups.length === 1 ? groups[0]?.TargetGroupArn : undefined);
  if (single !== undefined && !asked?.forward && !sticky?.Enabled) return { targetGroupArn: single };
  const targetGroups = groups.length > 0 ? groups : [{ TargetGroupArn: single }];
  const forward: Values = {
    targetGroups: targetGroups.map(({ TargetGroupArn, Weight }) => ({ arn: TargetGroupArn, weight: Weight ?? 1 })),
  };
  // AWS answers "not sticky" also where no stickiness was asked for: an open bug of the real provider shows that as drift.
  if (sticky?.Enabled) forward.stickiness = { enabled: true, duration: sticky.DurationSeconds };
  else if (asked?.forward?.stickiness) {
    const { duration } = asked.forward.stickiness;
    forward.stickiness = { enabled: false, duration: sticky?.DurationSeconds ?? duration };
  }
  return { forward };
}

/** What AWS refuses only when called, said before. */
export function actionFaults(property: string, actions: unknown): { property: string; reason: string }[] {
  if (!Array.isArray(actions)) return [];
  return actions.flatMap((action: Values, index) => {
    const at = `${property}[${index}]`;
    const groups = action?.forward?.targetGroups;
    const missing = {
      forward: action?.targetGroupArn === undefined && action?.forward === undefined,
      redirect: action?.redirect === undefined,
      "fixed-response": action?.fixedResponse === undefined,
    }[action?.type as string];
    const faults = [];
    if (missing) {
      const needs = { forward: "`targetGroupArn` or `forward`", redirect: "`redirect`" }[action.type as string];
      faults.push({ property: at, reason: `\`${at}\` of type ${action.type} needs ${needs ?? "`fixedResponse`"}` });
    }
    if (Array.isArray(groups) && (groups.length < 1 || groups.length > 5)) {
      const reason = `\`${at}.forward.targetGroups\` has ${groups.length} target groups, expected 1 to 5`;
      faults.push({ property: at, reason });
    }
    return faults;
  });
}
