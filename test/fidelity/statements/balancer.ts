import type { Section, Statement } from "./model.js";

/** What application load balancers do with requests (the data plane). */
const statements: readonly Statement[] = [
  {
    id: "A-03",
    says: "a target group's share of new clients is its weight over the sum of weights",
    source: "ALB guide",
  },
  {
    id: "A-12",
    says: "the cookies of group stickiness are AWSALBTG and AWSALBTGCORS; while in date they lead to their group whatever the weights",
    source: "ALB guide",
  },
  {
    id: "A-14",
    says: "application cookie stickiness does not work with weighted target groups",
    source: "ALB guide",
  },
  { id: "A-17", says: "a target group at weight 0 gets no clients without a cookie", source: "model" },
  {
    id: "A-18",
    says: "an empty target group keeps its share and answers 503: health never moves traffic between groups",
    source: "field: re:Post, accepted answer",
  },
  { id: "A-19", says: "with all weights 0 requests get 503", source: "unverified" },
  {
    id: "A-20",
    says: "a rule update does not take effect at once, and requests in flight are completed",
    source: "ALB guide, listener-update-rules",
  },
  {
    id: "A-26",
    says: "host, header and query conditions ignore case, path and method do not; * and ? are wildcards",
    source: "model",
  },
  { id: "A-27", says: "a cookie is matched by the Cookie header with *name=value*", source: "ALB guide" },
  { id: "A-28", says: "source-ip is the connection's peer, not X-Forwarded-For", source: "model" },
  { id: "A-35", says: "a newly registered target is healthy after one passing check", source: "ALB guide" },
  {
    id: "A-36",
    says: "the healthy threshold governs the way from unhealthy to healthy, the unhealthy threshold the way back",
    source: "ALB guide",
  },
  { id: "A-37", says: "the interval between checks does not depend on how long a response takes", source: "ALB guide" },
  {
    id: "A-38",
    says: "a health check is a GET with User-Agent ELB-HealthChecker/2.0 and Host ip:port, and closes its connection",
    source: "ALB guide",
  },
  {
    id: "A-40",
    says: "unhealthy targets have the reasons Target.ResponseCodeMismatch, Target.Timeout and Target.FailedHealthChecks",
    source: "model",
  },
  {
    id: "A-45",
    says: "a group fails open when fewer targets are healthy than its minimum, a count of 1 by default, or than its percentage, off by default: either is enough",
    source: "ALB guide",
  },
  {
    id: "A-70",
    says: "a weighted group whose targets are all unhealthy keeps its share and fails open",
    source: "unverified: follows from the choice of the group by weight alone",
  },
  { id: "A-49", says: "a request that outlives the deregistration delay gets 502", source: "ALB guide" },
  {
    id: "A-50",
    says: "deregistered targets may get requests for a while longer",
    source: "field: aws-load-balancer-controller issue 1064",
    notServed: "AWS gives no number; a drain of the local cloud counts from the moment of the call",
  },
  {
    id: "A-52",
    says: "slow start raises a new target's share linearly; targets registered together into an empty group skip it",
    source: "ALB guide",
  },
  {
    id: "A-72",
    says: "least_outstanding_requests sends a request to the target with the fewest in flight",
    source: "ALB guide",
  },
  {
    id: "A-54",
    says: "anomaly detection works from three healthy targets on",
    source: "field: AWS architecture blog",
    notServed: "the attribute is kept and shown; AWS does not say how anomalies are judged",
  },
  {
    id: "A-56",
    says: "target stickiness uses the cookies AWSALB and AWSALBCORS, or AWSALBAPP-n beside the application's own",
    source: "ALB guide",
  },
  {
    id: "A-58",
    says: "a target that closes an idle connection under a request makes that request a 502",
    source: "ALB guide",
  },
  {
    id: "A-59",
    says: "502 is a reset, refused or closed connection to the target, a failed TLS handshake with it, a malformed response or headers over 32 KB",
    source: "ALB guide, troubleshooting",
  },
  { id: "A-60", says: "503 is a target group without registered targets", source: "ALB guide, troubleshooting" },
  {
    id: "A-61",
    says: "504 is a target silent for the idle timeout, also one that sends less than its Content-Length promised",
    source: "ALB guide, troubleshooting",
  },
  {
    id: "A-74",
    says: "504 is also a connection to the target that takes more than 10 seconds to make",
    source: "ALB guide, troubleshooting",
  },
  {
    id: "A-75",
    says: "400 is a malformed request: one without a Host header, or with two",
    source: "ALB guide, troubleshooting; RFC 9112, section 3.2",
  },
  {
    id: "A-86",
    says: "lines over 16 KB or heads over 64 KB are 400 (the target line 414), TRACE is 405, more than 30 addresses in X-Forwarded-For 463, an unknown Transfer-Encoding 501 (identity as well here)",
    source: "ALB guide, troubleshooting; quotas",
  },
  { id: "A-87", says: "408 is a client that sends nothing for the idle timeout", source: "ALB guide, troubleshooting" },
  {
    id: "A-76",
    says: "requests in a row on one connection are answered in order, and reach targets one at a time on each connection",
    source: "ELB guide, HTTP connections: pipelining in front, none behind",
  },
  {
    id: "A-77",
    says: "a target is told X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Port and X-Amzn-Trace-Id; X-Forwarded-For is appended to, preserved or removed",
    source: "ALB guide, HTTP headers",
  },
  {
    id: "A-78",
    says: "a connection may be upgraded to WebSocket, and is closed when nothing moves for the idle timeout",
    source: "ALB guide, listeners; connection idle timeout",
  },
  {
    id: "A-79",
    says: "connections of clients and to targets are closed after the idle timeout",
    source: "ALB guide, connection idle timeout",
  },
  {
    id: "A-80",
    says: "an HTTPS listener ends TLS with the certificate that it names, and targets of HTTPS are not asked for a valid one",
    source: "ALB guide, HTTPS listeners; target groups",
  },
  {
    id: "A-81",
    says: "a request whose length can be read in two ways is 400 and reaches no target",
    source: "ALB guide, desync mitigation: as in the mode strictest (the local cloud has no other)",
  },
  { id: "A-62", says: "460 is a client that left before the response", source: "ALB guide, troubleshooting" },
];

export const balancer: Section = { title: "A. Application load balancers: requests", statements };
