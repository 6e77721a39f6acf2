/**
 * How long a pod that is taken away may still be sent requests: its address leaves the EndpointSlices, the load balancer's controller sees
 * that and deregisters the target, and every part of the load balancer learns of it. AWS promises no figure.
 */
export const LEAVING_SECONDS = 15;

/** How long an app may need to end once it is told to, when a program says nothing: Kubernetes' own grace period. */
export const DEFAULT_SHUTDOWN_SECONDS = 30;

/** How often a pod that starts is looked at: each second more is a second that every batch of a rollout waits. */
export const STARTUP_PERIOD_SECONDS = 2;

export interface PodTimes {
  /** The wait before the app is told to end: it goes on serving what comes and what it has. */
  readonly preStopSeconds: number;
  /** From the deletion of the pod to its being killed, that wait included (Kubernetes documentation, "Pod Lifecycle"). */
  readonly terminationGracePeriodSeconds: number;
}

/**
 * A pod outlives its last request: for as long as new ones may come, then as long as the load balancer lets those under way finish
 * (the deregistration delay), and only then it is told to end.
 */
export function podTimes(drainSeconds: number, shutdownSeconds: number): PodTimes {
  const preStopSeconds = LEAVING_SECONDS + drainSeconds;
  return { preStopSeconds, terminationGracePeriodSeconds: preStopSeconds + shutdownSeconds };
}

/** How often a startup probe may fail: until then no other probe runs and the container is not restarted. */
export function startupFailures(startupSeconds: number): number {
  return Math.max(1, Math.ceil(startupSeconds / STARTUP_PERIOD_SECONDS));
}

/** The provider's own limit for one operation on a Deployment; deleting one takes as long as its pods need to leave. */
const PROVIDER_SECONDS = 600;
const OVERHEAD_SECONDS = 120;

/** How long the provider may wait for a Deployment to be made, changed or deleted. */
export function providerTimeout(graceSeconds: number, creationSeconds: number): number {
  return Math.max(PROVIDER_SECONDS, creationSeconds, graceSeconds + OVERHEAD_SECONDS);
}
