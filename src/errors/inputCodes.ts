import type { CodeBook } from "./codes.js";

/** HIT1xx: what a program asks for is refused, before anything is created. HIT201: two releases cannot run side by side. */
export const INPUT_CODES = {
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
  HIT170: { title: "unknown environment", why: "a pair has two environments, and their names are blue and green" },
  HIT171: {
    title: "idle environment that cannot be had so",
    why: "it is either warm (as many servers as the live one) or cold (none), and a cold one must be able to wake",
  },
  HIT172: {
    title: "preview route that cannot be made",
    why: "a preview route leads to one environment by a header, a cookie or a port of its own",
  },
  HIT173: {
    title: "priority of a preview route",
    why: "its rules have to be looked at before the public's, and each has a place of its own",
  },
  HIT174: { title: "two rules on one priority of a listener", why: "AWS takes only one (`PriorityInUse`)" },
  HIT175: { title: "verification that checks nothing", why: "a check that cannot fail or cannot pass proves nothing" },
  HIT176: {
    title: "stages of a shift out of order",
    why: "users move one way, and the last stage is the switch as a whole",
  },
  HIT177: {
    title: "stickiness that does not work with weights",
    why: "only the load balancer's own cookie, with a duration from 1 to 604800 seconds, works where weights share users out",
  },
  HIT185: {
    title: "weight that is no percentage in steps of 0.1",
    why: "a weight is a share of new sessions, and AWS takes whole numbers from 0 to 999",
  },
  HIT186: { title: "weights over 100 % in sum", why: "nothing would be left for the stable version" },
  HIT187: {
    title: "one version in two roles",
    why: "fleets are told apart by their version, and one fleet has one role and one weight",
  },
  HIT188: { title: "audience that AWS refuses", why: "AWS sets these limits on the conditions of a rule" },
  HIT189: { title: "more than five versions", why: "a load balancer's action forwards to at most five target groups" },
  HIT190: { title: "steps that do not ascend", why: "a version's share grows from one step to the next" },
  HIT191: {
    title: "maxStep out of range",
    why: "it is the most percentage points that a share may grow in one update",
  },
  HIT192: {
    title: "capacity of a version not understood",
    why: "it follows the weight, is that of the whole fleet, or a number of servers",
  },
  HIT193: {
    title: "versions whose fleets would have one name",
    why: "a name has few characters, so versions are shortened, and each fleet needs a name of its own",
  },
  HIT194: {
    title: "audience priority that would not work",
    why: "rules are tried in the order of their priorities, so that of the public must come after that of an audience",
  },
  HIT195: {
    title: "audience rule left behind",
    why: "an engine that is killed cannot write down what it has just made, and AWS takes no second rule of that priority",
  },
  HIT201: {
    title: "releases that cannot share their data",
    why: "a rolling update serves users from both releases at once, so each has to read what the other writes",
  },
} as const satisfies CodeBook;
