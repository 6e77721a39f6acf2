import { refusal } from "../../errors/faults.js";
import { headerCondition, type PreviewRoute, previewHeaders } from "../../plan/previewRoutes.js";
import type { ListenerView, RuleView } from "../balancerCloud.js";
import type { GateCloud } from "../gateCloud.js";
import type { ProbeTarget } from "./probe.js";

/** A preview route, and where it has to lead. */
export interface PreviewWish {
  /** What messages begin with, such as `BlueGreenPair "shop"`. */
  readonly subject: string;
  /** What messages call the release behind it, such as `green (v2)`. */
  readonly label: string;
  readonly route: PreviewRoute;
  readonly targetGroupArn: string;
  /** The listener of the entrance. */
  readonly listenerArn: string;
  /** The load balancer, for a route with a port of its own. */
  readonly loadBalancerArn?: string;
  /** What requests of the entrance have to bring along. */
  readonly entrance: EntranceFacts;
}

/** What a request must look like to be let in by the entrance. */
export interface EntranceFacts {
  /** The name that users come by; none when the program did not tell. */
  readonly hostName?: string;
  readonly hosts: readonly string[];
  readonly headers: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/** A preview route as AWS has it. */
export interface PreviewFound {
  /** The rule or the listener that leads on: the one that carries the route's tags. */
  readonly arn: string;
  readonly listener: ListenerView;
}

/** Looks for the preview route in AWS; nothing when it is not there or leads elsewhere. */
export async function findPreview(
  wish: PreviewWish,
  cloud: GateCloud,
): Promise<PreviewFound | { readonly why: string }> {
  const { route, targetGroupArn } = wish;
  if (route.kind === "port") return findPort(wish, route.port, cloud);
  const rules = await cloud.rules(wish.listenerArn);
  const rule = rules.find(({ priority }) => priority === String(route.priority));
  if (!rule) return { why: `the listener has no rule of priority ${route.priority}` };
  const { httpHeaderName, values } = headerCondition(route);
  const asked = rule.headers[httpHeaderName.toLowerCase()] ?? [];
  if (!values.every((value) => asked.includes(value))) {
    return { why: `the rule of priority ${route.priority} does not ask for ${httpHeaderName}: ${values.join(", ")}` };
  }
  if (!leadsOnlyTo(rule, targetGroupArn)) return { why: leadsTo(rule, targetGroupArn) };
  const listener = await cloud.listener(wish.listenerArn);
  return listener ? { arn: rule.arn, listener } : { why: `there is no listener ${wish.listenerArn}` };
}

async function findPort(
  { route, targetGroupArn, loadBalancerArn }: PreviewWish,
  port: number,
  cloud: GateCloud,
): Promise<PreviewFound | { readonly why: string }> {
  for (const arn of await cloud.listenerArns(loadBalancerArn ?? "")) {
    const listener = await cloud.listener(arn);
    if (listener?.port !== port) continue;
    const wanted = route.sourceCidrs ? "1" : "default";
    const rule = (await cloud.rules(arn)).find(({ priority }) => priority === wanted);
    if (!rule) return { why: `the listener on port ${port} has no rule that leads on` };
    if (!leadsOnlyTo(rule, targetGroupArn)) return { why: leadsTo(rule, targetGroupArn) };
    return { arn, listener };
  }
  return { why: `the load balancer has no listener on port ${port}` };
}

/**
 * Where checks of a release go. Refuses when the preview route in AWS does not lead to that very release: a check that reaches another
 * one proves nothing.
 */
export async function requirePreview(wish: PreviewWish, cloud: GateCloud): Promise<ProbeTarget> {
  const found = await findPreview(wish, cloud);
  if ("why" in found) {
    throw refusal(wish.subject, {
      code: "HIT362",
      problem: `the preview route of ${wish.label} does not lead there: ${found.why}. No weight was moved for it.`,
      fix: "run `pulumi up --refresh` if it was changed by hand; a change of `preview` goes into an `up` of its own, before the switch",
    });
  }
  return probeTarget(wish, found.listener);
}

/** The address is the load balancer's own, whatever users' name leads to just now; the name goes along as the host. */
function probeTarget({ route, entrance }: PreviewWish, listener: ListenerView): ProbeTarget {
  const scheme = listener.protocol === "HTTPS" ? "https" : "http";
  const usual = scheme === "https" ? 443 : 80;
  const port = listener.port === usual ? "" : `:${listener.port}`;
  const host = entrance.hosts.map(plainest)[0] ?? entrance.hostName;
  const own = entrance.headers.map(({ name, values }) => [name, plainest(values[0] ?? "")]);
  return {
    url: `${scheme}://${listener.dnsName}${port}`,
    headers: { ...Object.fromEntries(own), ...(host !== undefined ? { host } : {}), ...previewHeaders(route) },
    ...(host !== undefined && scheme === "https" ? { serverName: host } : {}),
  };
}

/** A value that a pattern matches: a wildcard stands for anything, also for this. */
function plainest(pattern: string): string {
  return pattern.replace(/\*/g, "preview").replace(/\?/g, "x");
}

function leadsOnlyTo(rule: RuleView, targetGroupArn: string): boolean {
  return rule.targetGroupArns.length === 1 && rule.targetGroupArns[0] === targetGroupArn;
}

function leadsTo(rule: RuleView, targetGroupArn: string): string {
  const there = rule.targetGroupArns.join(", ") || "no target group";
  return `the rule of priority ${rule.priority} leads to ${there}, expected ${targetGroupArn}`;
}
