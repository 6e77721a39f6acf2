import { openServices } from "../model/kubernetes/openServices.js";
import { isInside } from "../model/links.js";
import { type StackResource, TYPES } from "../model/resource.js";
import type { StackModel } from "../model/stack.js";
import { isKnown, list, number, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Only the load balancer reaches the servers. */
export const openToTheWorld: Rule<object> = {
  name: "open-to-the-world",
  title: "Servers behind a load balancer must not be reachable from everywhere.",
  severity: "critical",
  level: "mandatory",
  remediation: [
    "Let in the load balancer's security group instead of 0.0.0.0/0 or ::/0, on the servers' port only.",
    "Give pods that stand behind an entrance a Service of type ClusterIP, or one with loadBalancerSourceRanges.",
  ],
  options: {},
  defaults: {},
  stack: (model) => {
    const verdicts: Verdict[] = [];
    for (const group of serverGroups(model)) {
      const ingress = list(group.props, "ingress");
      if (ingress === UNKNOWN) verdicts.push(unseen(group, `who may reach ${group.name}`));
      else for (const rule of ingress) verdicts.push(...judge(group, group.name, rule));
    }
    const groups = new Set(serverGroups(model));
    for (const resource of model.resources) {
      const own = resource.type === TYPES.securityGroupIngressRule;
      const ingress = resource.type === TYPES.securityGroupRule && resource.props.type === "ingress";
      if (!own && !ingress) continue;
      const id = typeof resource.props.securityGroupId === "string" ? resource.props.securityGroupId : undefined;
      const group = model.links.follow(resource, "securityGroupId", id, TYPES.securityGroup);
      if (isInside(group) && groups.has(group)) verdicts.push(...judge(resource, group.name, resource.props));
    }
    for (const { service, fleet, hidden } of openServices(model)) {
      const problem = `${service.name} (type LoadBalancer) lets everybody reach the pods of ${fleet}, past its entrance.`;
      verdicts.push(hidden ? unseen(service, `${hidden} of ${service.name}`) : violation(service, problem));
    }
    return verdicts;
  },
};

/** The security groups of templates and instances; the load balancer's own may be open. */
function serverGroups({ resources, links }: StackModel): StackResource[] {
  const found = resources
    .filter(({ type }) => type === TYPES.launchTemplate || type === TYPES.instance)
    .flatMap((server) => links.followAll(server, "vpcSecurityGroupIds", TYPES.securityGroup));
  return [...new Set(found.filter(isInside))];
}

function judge(resource: StackResource, group: string, rule: unknown): Verdict[] {
  const sources = ["cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"].flatMap((key) => {
    const found = list(rule, key);
    return found === UNKNOWN ? [UNKNOWN] : found.flatMap((_, index) => list(found, index));
  });
  const open = sources.filter((source) => source === "0.0.0.0/0" || source === "::/0");
  if (open.length > 0) {
    const port = number(rule, "fromPort");
    const where = isKnown(port) ? ` on port ${port}` : "";
    return [
      violation(
        resource,
        `${group} lets everybody (${open.join(", ")}) reach the servers${where}, past the load balancer.`,
      ),
    ];
  }
  return sources.includes(UNKNOWN) ? [unseen(resource, `who may reach ${group}`)] : [];
}
