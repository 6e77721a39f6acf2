/**
 * Every fault that Hitless's components and gates report. A code never changes its meaning and is never used again for another
 * fault: people search for it and pipelines match on it. `docs/errors.md` is checked against this registry by a test.
 *
 * HIT1xx: what a program asks for is refused, before anything is created. HIT2xx: two releases cannot run side by side.
 * HIT3xx: a gate held back or refused an update that was already under way.
 */
export const CODES = {
  HIT100: {
    title: "component name that AWS refuses",
    why: "target group names are at most 32 characters of letters, digits and hyphens, and Pulumi adds 8 of its own",
  },
  HIT101: { title: "empty release version", why: "the version tells servers of two releases apart" },
  HIT102: {
    title: "release version that is no fixed name",
    why: "`$Latest` and `$Default` change their meaning behind the program's back, and AWS cannot roll back to them",
  },
  HIT103: { title: "user data over 16 KB", why: "EC2 takes at most 16,384 bytes of user data before base64" },
  HIT105: {
    title: "data contract that is not usable",
    why: "schema versions are whole numbers, and a release has to read what it writes itself",
  },
  HIT106: { title: "missing argument", why: "Hitless has no default that would be right for everybody" },
  HIT107: { title: "unknown argument", why: "an argument that is silently ignored is worse than one that is refused" },
  HIT108: {
    title: "image that AWS looks up by itself",
    why: "EC2 Auto Scaling cannot roll back a launch template whose image comes from an SSM parameter",
  },
  HIT110: { title: "batchSize that is no whole number of at least 1", why: "servers are replaced whole" },
  HIT111: { title: "batchSize larger than the fleet", why: "more servers than there are cannot be replaced at once" },
  HIT112: { title: "batchSize together with batchPercentage", why: "only one of the two can decide" },
  HIT113: { title: "batchPercentage outside 1 to 100", why: "it is a share of the fleet" },
  HIT114: {
    title: "no server left during a rollout without surge",
    why: "without extra servers the batch is taken out of service first, so the others have to carry the load",
  },
  HIT115: { title: "fleet sizes out of order", why: "AWS requires minSize <= desiredCapacity <= maxSize" },
  HIT116: { title: "fleet size that is no whole number", why: "servers are counted whole" },
  HIT120: {
    title: "health check path without a leading slash",
    why: "the load balancer sends it as the request target",
  },
  HIT121: {
    title: "health check interval not longer than its timeout",
    why: "AWS refuses a check that may still be running when the next one starts",
  },
  HIT122: { title: "health check number out of range", why: "the Elastic Load Balancing API sets these limits" },
  HIT123: {
    title: "health check matcher not understood",
    why: "AWS takes codes from 200 to 499, single, listed or as a range",
  },
  HIT130: {
    title: "drainSeconds outside 0 to 3600",
    why: "the deregistration delay of a target group has these limits",
  },
  HIT131: { title: "duration out of range", why: "the EC2 Auto Scaling API sets these limits" },
  HIT134: { title: "more than ten alarms", why: "an instance refresh watches at most ten" },
  HIT135: { title: "unknown whenBusy", why: "only these three reactions exist" },
  HIT136: { title: "tolerated failures that are no whole number", why: "servers are counted whole" },
  HIT140: {
    title: "both listener and load balancer",
    why: "a fleet has one entrance: its own listener or a rule on yours",
  },
  HIT141: {
    title: "neither listener nor load balancer",
    why: "without an entrance no request and no health check arrives",
  },
  HIT142: { title: "rule priority outside 1 to 50000", why: "the Elastic Load Balancing API sets these limits" },
  HIT143: { title: "port out of range", why: "TCP ports go from 1 to 65535" },
  HIT144: { title: "rule conditions that AWS refuses", why: "AWS sets these limits on the conditions of a rule" },
  HIT145: {
    title: "protocol and certificate do not match",
    why: "an HTTPS listener needs a certificate, and an HTTP one cannot use it",
  },
  HIT146: {
    title: "entrance argument of the other kind",
    why: "it would be ignored: listener arguments go with loadBalancerArn, rule arguments with listenerArn",
  },
  HIT151: {
    title: "no security group for the servers",
    why: "without one that lets the load balancer in, no server ever gets healthy",
  },
  HIT152: { title: "no subnet", why: "servers need a subnet to start in" },
  HIT160: { title: "scaling arguments that AWS refuses", why: "a target-tracking policy follows exactly one measure" },
  HIT161: {
    title: "escape hatch that overrides what Hitless owns",
    why: "the rollout would no longer know what it replaces",
  },
  HIT201: {
    title: "releases that cannot share their data",
    why: "a rolling update serves users from both releases at once, so each has to read what the other writes",
  },
  HIT301: {
    title: "fleet not found",
    why: "the gate looks at the group that Pulumi's state names, and AWS does not know it",
  },
  HIT302: {
    title: "gate in another account or region than the fleet",
    why: "a gate must look at the very resource that it guards",
  },
  HIT303: { title: "another rollout is running", why: "an update with whenBusy `fail` leaves it alone" },
  HIT304: { title: "waited too long for another rollout", why: "the one that was running did not end in time" },
  HIT305: { title: "group processes suspended", why: "an instance refresh stalls while they are suspended" },
  HIT310: {
    title: "new release refused: its servers fail",
    why: "servers that fail must not replace servers that work",
  },
  HIT311: {
    title: "new release refused: no progress",
    why: "its servers did not become healthy in the time a replacement may take",
  },
  HIT312: { title: "rollout ended by AWS", why: "EC2 Auto Scaling ended the instance refresh without success" },
  HIT313: { title: "rollout took too long", why: "it did not end before timeoutSeconds" },
  HIT314: {
    title: "new release refused after its rollout",
    why: "its servers failed when the last of them had just been replaced, too late for AWS to roll back by itself",
  },
  HIT320: { title: "fleet not serving in time", why: "too few servers are healthy in the load balancer's own eyes" },
  HIT321: {
    title: "target group about to be replaced",
    why: "all users would be sent to a group without a healthy server",
  },
  HIT330: {
    title: "engine lost",
    why: "nobody is there any more to see the result, and the next `pulumi up` may already be at work",
  },
  HIT331: { title: "AWS call refused", why: "a gate that cannot see the fleet lets nothing pass" },
} as const satisfies Record<`HIT${number}`, { readonly title: string; readonly why: string }>;

/** A stable code of Hitless's components and gates. */
export type ErrorCode = keyof typeof CODES;
