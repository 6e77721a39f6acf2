import type { CodeBook } from "./codes.js";

/** From HIT250 on: what Kubernetes would refuse, before anything is created. */
export const KUBERNETES_CODES = {
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
} as const satisfies CodeBook;
