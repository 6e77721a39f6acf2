/**
 * Every fault that Hitless's components and gates report. A code never changes its meaning and is never used again for another
 * fault: people search for it and pipelines match on it. `docs/errors.md` is checked against this registry by a test.
 *
 * HIT1xx: what a program asks for is refused, before anything is created. HIT2xx: two releases cannot run side by side; from HIT250
 * on, what Kubernetes would refuse.
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
  HIT250: {
    title: "name that Kubernetes refuses",
    why: "names of objects are lower-case letters, digits and hyphens, and begin with a letter",
  },
  HIT251: {
    title: "namespace not understood",
    why: "a namespace is a name of at most 63 lower-case letters, digits and hyphens",
  },
  HIT252: {
    title: "resources not understood",
    why: "Kubernetes takes amounts such as `500m` of a processor and `256Mi` of memory",
  },
  HIT253: {
    title: "limit below the request",
    why: "Kubernetes refuses a container that is promised more than it may have",
  },
  HIT254: {
    title: "autoscaler without its request",
    why: "it aims at a share of what the pods request, so there has to be a request",
  },
  HIT255: {
    title: "grace period shorter than the drain",
    why: "pods would be killed while their last requests are still under way",
  },
  HIT256: {
    title: "image that is no fixed one",
    why: "an image whose tag moves starts other code without a diff, and going back does not bring the old code back",
  },
  HIT257: {
    title: "health check that a probe cannot make",
    why: "Kubernetes takes every answer from 200 to 399 for a pass, and nothing else",
  },
  HIT258: {
    title: "label or annotation that Kubernetes refuses",
    why: "Kubernetes sets these limits on keys and values",
  },
  HIT259: {
    title: "environment variable that Kubernetes refuses",
    why: "names of environment variables are printable characters without `=`",
  },
  HIT260: {
    title: "selector that would change",
    why: "a Deployment's selector can never change, and a Service with another one would lose every pod",
  },
  HIT261: {
    title: "argument that a Gateway has nothing for",
    why: "the Gateway API has weights and exact matches of headers and query parameters; cookies, source addresses and alarms it has not",
  },
  HIT262: {
    title: "Gateway entrance that Kubernetes refuses",
    why: "the Gateway API sets these limits",
  },
  HIT263: { title: "servers behind a Gateway", why: "a Gateway leads to Services, which find pods" },
  HIT264: {
    title: "resource of another platform",
    why: "a fleet on Kubernetes has no launch template and no Auto Scaling group, and one behind a Gateway no target group",
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
  HIT340: {
    title: "entrance without weights",
    why: "the gate looks at the listener or rule that Pulumi's state names, and AWS has nothing there that forwards",
  },
  HIT341: {
    title: "weights moved by somebody else",
    why: "two that move the weights of one entrance undo each other, and neither knows whom users reach",
  },
  HIT342: {
    title: "more than five releases in an entrance",
    why: "a forward action of a load balancer has at most five target groups",
  },
  HIT343: {
    title: "fleet may not grow as far as its share needs",
    why: "users are carried by more servers now than its maxSize allows, so it would be overloaded",
  },
  HIT344: {
    title: "fleet not ready for its share in time",
    why: "a fleet gets users only when enough of its servers are healthy to carry them",
  },
  HIT345: {
    title: "weight for a fleet without healthy servers",
    why: "the load balancer would answer those users with 503, as it does not turn to another target group",
  },
  HIT346: {
    title: "alarm in ALARM before a shift",
    why: "nothing could tell whether the new release is the cause",
  },
  HIT347: {
    title: "alarm that does not exist",
    why: "an alarm that is not there never rings",
  },
  HIT348: {
    title: "shift taken back: alarm",
    why: "an alarm went into ALARM while the new weights were watched",
  },
  HIT349: {
    title: "shift taken back: servers fail under load",
    why: "a fleet that has just got users lost more than half of the servers that its share needs",
  },
  HIT350: {
    title: "gate could not keep its time",
    why: "AWS answered so slowly that what was to be watched could not be watched",
  },
  HIT351: {
    title: "target group without a fleet",
    why: "there is no Auto Scaling group that could be made large enough for its share",
  },
  HIT352: {
    title: "servers not warm in time",
    why: "they did not stay healthy for warmupSeconds",
  },
  HIT353: {
    title: "nobody would have users",
    why: "a load balancer has nowhere to send users when every weight is 0",
  },
  HIT360: {
    title: "switch to the version that is live",
    why: "users would get what they have, and there would be nothing else to go back to",
  },
  HIT361: {
    title: "release for the live environment",
    why: "users are on it, and nothing has verified the new release; the idle environment is there for that",
  },
  HIT362: {
    title: "preview route leads elsewhere",
    why: "a check that reaches another release than the one that gets users proves nothing",
  },
  HIT363: {
    title: "switch refused: verification failed",
    why: "the release that was to get users does not answer as the program says it must",
  },
  HIT364: {
    title: "switch refused: a verifyWith function failed",
    why: "the program's own check of the release threw an error, or did not end in time",
  },
  HIT365: {
    title: "switch taken back: alarm in the rollback window",
    why: "an alarm went into ALARM after all users had moved, while the old environment could still take them back",
  },
  HIT366: {
    title: "servers about to be taken from users",
    why: "capacity leaves only after traffic has left it",
  },
  HIT370: { title: "step skipped", why: "each step is to be seen with real users before the next one" },
  HIT371: {
    title: "promotion before the last step",
    why: "a version becomes stable when it has been seen with as many users as the last step says",
  },
  HIT372: { title: "share grown by more than maxStep", why: "one update may move only so many users to a version" },
  HIT380: { title: "namespace missing", why: "pods need a namespace to run in" },
  HIT381: {
    title: "namespace without readiness gates",
    why: "without them a rollout does not wait for the load balancer, so old pods go before new ones get requests",
  },
  HIT382: {
    title: "kind that the cluster does not know",
    why: "the controller that brings it is not installed, so nobody would carry requests to the pods",
  },
  HIT383: { title: "Kubernetes call refused", why: "a gate that cannot see the fleet lets nothing pass" },
  HIT384: {
    title: "Deployment not found",
    why: "the gate looks at the Deployment that Pulumi's state names, and the cluster does not have it",
  },
  HIT385: { title: "rollout paused", why: "a paused Deployment replaces no pod" },
  HIT386: { title: "pod template refused by the cluster", why: "what the cluster does not take cannot be rolled out" },
  HIT387: {
    title: "rollout taken back: alarm",
    why: "an alarm went into ALARM while pods were replaced or watched",
  },
} as const satisfies Record<`HIT${number}`, { readonly title: string; readonly why: string }>;

/** A stable code of Hitless's components and gates. */
export type ErrorCode = keyof typeof CODES;
