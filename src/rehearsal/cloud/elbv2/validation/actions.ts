import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../../awsError.js";
import { notServed, requireOneOf, requireRange } from "../refusals.js";

const invalidAction = (message: string): AwsError => new AwsError("InvalidLoadBalancerAction", message);

/**
 * A rule's actions as AWS reads them back: a forward action always carries its ForwardConfig, and with one group its
 * TargetGroupArn as well.
 */
export function normalizeActions(actions: readonly Action[]): Action[] {
  if (actions.length === 0) throw invalidAction("A rule must have at least one action");
  const ordered = [...actions].sort((a, b) => (a.Order ?? 1) - (b.Order ?? 1));
  for (const action of ordered) {
    if (action.Type?.startsWith("authenticate-") || action.Type === "jwt-validation") {
      throw notServed(`actions of type '${action.Type}'`);
    }
  }
  if (ordered.length > 1) {
    throw invalidAction("Exactly one of the actions 'forward', 'redirect' and 'fixed-response' must be specified");
  }
  return ordered.map(normalizeAction);
}

function normalizeAction(action: Action): Action {
  const order = action.Order === undefined ? {} : { Order: requireRange("Action order", action.Order, 1, 50000) };
  switch (action.Type) {
    case "forward":
      return { Type: "forward", ...order, ...forward(action) };
    case "redirect":
      return { Type: "redirect", ...order, RedirectConfig: redirect(action) };
    case "fixed-response":
      return { Type: "fixed-response", ...order, FixedResponseConfig: fixedResponse(action) };
    default:
      throw invalidAction(`Action type '${action.Type}' must be one of 'forward, redirect, fixed-response'`);
  }
}

function forward(action: Action): Pick<Action, "TargetGroupArn" | "ForwardConfig"> {
  const { TargetGroupArn: single, ForwardConfig: config } = action;
  if (single === undefined && config === undefined) throw invalidAction("A forward action must name a target group");
  const groups = config?.TargetGroups ?? [{ TargetGroupArn: single }];
  const [first] = groups;
  if (first === undefined) throw invalidAction("A forward action must name a target group");
  if (single !== undefined && (groups.length > 1 || first.TargetGroupArn !== single)) {
    throw invalidAction(
      "TargetGroupArn and ForwardConfig may be given together only if both name the same single target group",
    );
  }
  // ALB guide, quotas: at most five target groups per action.
  if (groups.length > 5) throw invalidAction(`A forward action can name at most 5 target groups, not ${groups.length}`);
  const arns = groups.map((group) => group.TargetGroupArn ?? "");
  if (new Set(arns).size < arns.length)
    throw invalidAction("A target group may be named only once in a forward action");
  const TargetGroups = groups.map((group) => {
    if (group.Weight === undefined && groups.length > 1) {
      throw invalidAction("Weight must be specified for every target group of a forward action with more than one");
    }
    return { TargetGroupArn: group.TargetGroupArn ?? "", Weight: requireRange("Weight", group.Weight ?? 1, 0, 999) };
  });
  return {
    ...(groups.length === 1 && { TargetGroupArn: first.TargetGroupArn }),
    ForwardConfig: { TargetGroups, TargetGroupStickinessConfig: groupStickiness(config?.TargetGroupStickinessConfig) },
  };
}

function groupStickiness(config: { Enabled?: boolean; DurationSeconds?: number } | undefined): {
  Enabled: boolean;
  DurationSeconds?: number;
} {
  const Enabled = config?.Enabled ?? false;
  if (config?.DurationSeconds === undefined) {
    if (Enabled) throw invalidAction("DurationSeconds must be specified when target group stickiness is enabled");
    return { Enabled };
  }
  return { Enabled, DurationSeconds: requireRange("Stickiness duration", config.DurationSeconds, 1, 604800) };
}

function redirect(action: Action): NonNullable<Action["RedirectConfig"]> {
  const config = action.RedirectConfig;
  if (!config) throw invalidAction("A redirect action must have a RedirectConfig");
  const result = {
    Protocol: config.Protocol ?? "#{protocol}",
    Port: config.Port ?? "#{port}",
    Host: config.Host ?? "#{host}",
    Path: config.Path ?? "/#{path}",
    Query: config.Query ?? "#{query}",
    StatusCode: requireOneOf("Redirect status code", config.StatusCode ?? "", ["HTTP_301", "HTTP_302"]),
  };
  if (!/^(HTTPS?|#\{protocol\})$/.test(result.Protocol))
    throw invalidAction(`Redirect protocol '${result.Protocol}' is not valid`);
  if (!result.Path.startsWith("/"))
    throw invalidAction(`Redirect path '${result.Path}' must begin with a '/' character`);
  const unchanged =
    result.Protocol === "#{protocol}" &&
    result.Port === "#{port}" &&
    result.Host === "#{host}" &&
    result.Path === "/#{path}" &&
    result.Query === "#{query}";
  if (unchanged)
    throw invalidAction("The redirect must change the protocol, port, host, path or query, or it would loop");
  return result;
}

const contentTypes = ["text/plain", "text/css", "text/html", "application/javascript", "application/json"] as const;

function fixedResponse(action: Action): NonNullable<Action["FixedResponseConfig"]> {
  const config = action.FixedResponseConfig;
  if (!config) throw invalidAction("A fixed-response action must have a FixedResponseConfig");
  const StatusCode = config.StatusCode ?? "";
  if (!/^[245]\d\d$/.test(StatusCode))
    throw invalidAction(`Fixed response status code '${StatusCode}' must be 2XX, 4XX or 5XX`);
  if ((config.MessageBody ?? "").length > 1024)
    throw invalidAction("The message body must be at most 1024 characters long");
  return {
    StatusCode,
    ...(config.MessageBody !== undefined && { MessageBody: config.MessageBody }),
    ...(config.ContentType !== undefined && {
      ContentType: requireOneOf("Content type", config.ContentType, contentTypes),
    }),
  };
}
