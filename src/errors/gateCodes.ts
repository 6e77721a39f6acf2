import type { CodeBook } from "./codes.js";

/** HIT3xx: a gate held back or refused an update that was already under way; from HIT380 on, in a cluster. */
export const GATE_CODES = {
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
    title: "pods without readiness gates",
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
} as const satisfies CodeBook;
