import { isInside } from "../model/links.js";
import { TYPES } from "../model/resource.js";
import { flag, isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, type Verdict, violation } from "../rule.js";

/** Users of a public load balancer are served over TLS. */
export const plainHttpInPublic: Rule<{ always: boolean }> = {
  name: "plain-http-in-public",
  title: "A public load balancer must not serve over plain HTTP what it serves over HTTPS.",
  severity: "medium",
  level: "advisory",
  remediation: ["Let the HTTP listener redirect to HTTPS, and forward only in the HTTPS listener."],
  options: {
    always: {
      type: "boolean",
      description:
        "Judge also a load balancer that has no HTTPS listener at all, such as one behind a content delivery network.",
    },
  },
  defaults: { always: false },
  stack: ({ entrances, links }, { always }) => {
    const listeners = entrances.filter(({ kind }) => kind === "listener");
    const balancerOf = (resource: (typeof entrances)[number]["resource"]) =>
      links.follow(resource, "loadBalancerArn", text(resource.props, "loadBalancerArn"), TYPES.loadBalancer);
    const withTls = new Set(
      listeners
        .filter(({ resource }) => text(resource.props, "protocol") === "HTTPS")
        .map(({ resource }) => balancerOf(resource)),
    );
    return listeners.flatMap(({ resource, forwards, unseen: hidden }): Verdict[] => {
      const protocol = text(resource.props, "protocol");
      if (isKnown(protocol) && protocol !== "HTTP") return [];
      if (!hidden && forwards.length === 0) return []; // a redirect or a fixed answer
      const balancer = balancerOf(resource);
      if (balancer === UNKNOWN) return [unseen(resource, `the load balancer of ${resource.name}`)];
      if (!isInside(balancer)) return []; // another stack's: its own policies judge whether it is public
      const internal = flag(balancer.props, "internal");
      if (internal === true || (!always && !withTls.has(balancer))) return [];
      if (protocol === UNKNOWN || hidden || internal === UNKNOWN)
        return [unseen(resource, `what ${resource.name} serves to whom`)];
      return [
        violation(resource, `${resource.name} forwards plain HTTP on the public load balancer ${balancer.name}.`),
      ];
    });
  },
};
