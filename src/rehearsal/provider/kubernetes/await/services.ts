/** Services and Ingresses: whether they lead somewhere. */
import type { Values } from "../../protocol/values.js";
import type { Awaiter, Look, Seen } from "./awaiter.js";

const SLICE = { group: "discovery.k8s.io", version: "v1", kind: "EndpointSlice" };
const SERVICE = { group: "", version: "v1", kind: "Service" };

/**
 * A Service is ready when it has endpoints and none is unready (documentation of `kubernetes.core.v1.Service`); headless ones, external
 * names and those without a selector lead nowhere by themselves. The real provider waits ten seconds for stragglers after the
 * last change.
 */
export const service: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  settleSeconds: 10,
  look: async ({ objects, live }) => {
    const addressed = live.spec?.type !== "LoadBalancer" || hasIngress(live);
    if (!leadsToPods(live)) return { done: addressed, progress: "waiting for the load balancer's address" };
    const { ready, unready } = await endpointsOf(objects, live);
    const progress = `${ready} endpoints are ready, ${unready} are not`;
    if (ready === 0 || unready > 0) return { done: false, progress };
    return { done: addressed, progress: addressed ? progress : "waiting for the load balancer's address" };
  },
  problems: async ({ objects, live }) => {
    const { ready, unready } = leadsToPods(live) ? await endpointsOf(objects, live) : { ready: 1, unready: 0 };
    const selector = JSON.stringify(live.spec?.selector);
    return [
      ...(ready === 0
        ? [`the Service leads to no ready Pod: the Pods may not be ready, or .spec.selector ${selector} matches none`]
        : []),
      ...(unready > 0 ? [`${unready} of its endpoints are not ready`] : []),
      ...(live.spec?.type === "LoadBalancer" && !hasIngress(live)
        ? ["the Service was given no address: does something in the cluster provide load balancers?"]
        : []),
    ];
  },
};

/** An Ingress is ready when each of its backends has endpoints and a controller has given it an address. */
export const ingress: Awaiter = {
  deadlineSeconds: 600,
  onRead: true,
  look: async (look): Promise<Seen> => {
    const empty = await emptyBackends(look);
    if (empty.length > 0) return { done: false, progress: `no endpoints behind ${empty.join(", ")}` };
    return { done: hasIngress(look.live), progress: "waiting for the ingress controller to give it an address" };
  },
  problems: async (look) => [
    ...(await emptyBackends(look)).map(
      (name) => `the Service "${name}" behind the Ingress does not exist or has no endpoints`,
    ),
    ...(hasIngress(look.live)
      ? []
      : ["the Ingress was given no address: does an ingress controller run in the cluster?"]),
  ],
};

function hasIngress(live: Values): boolean {
  return (live.status?.loadBalancer?.ingress ?? []).length > 0;
}

function leadsToPods({ spec = {} }: Values): boolean {
  return spec.type !== "ExternalName" && spec.clusterIP !== "None" && Object.keys(spec.selector ?? {}).length > 0;
}

async function endpointsOf(objects: Look["objects"], live: Values): Promise<{ ready: number; unready: number }> {
  const { name, namespace } = live.metadata;
  const slices = await objects.list(SLICE, namespace, { labelSelector: `kubernetes.io/service-name=${name}` });
  // A pod that is on its way out is no straggler.
  const endpoints: Values[] = slices
    .flatMap((slice) => slice.endpoints ?? [])
    .filter(({ conditions }: Values) => !conditions?.terminating);
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false).length;
  return { ready, unready: endpoints.length - ready };
}

async function emptyBackends({ objects, live }: Look): Promise<string[]> {
  const paths: Values[] = (live.spec?.rules ?? []).flatMap((rule: Values) => rule.http?.paths ?? []);
  const backends = [live.spec?.defaultBackend, ...paths.map(({ backend }) => backend)];
  const names = [
    ...new Set(backends.flatMap((backend) => backend?.service?.name ?? backend?.serviceName ?? [])),
  ] as string[];
  const { namespace } = live.metadata;
  const leading = await Promise.all(
    names.map(async (name) => {
      const found = await objects.find({ kind: SERVICE, name, namespace });
      if (!found) return false;
      return !leadsToPods(found) || (await endpointsOf(objects, found)).ready > 0;
    }),
  );
  return names.filter((_name, index) => !leading[index]);
}
