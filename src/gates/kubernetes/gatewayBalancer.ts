import { refusal } from "../../errors/faults.js";
import { COMPONENT_LABEL, labelValue, PLACE_ANNOTATION, tagsOf } from "../../plan/kubernetesNames.js";
import type { AlarmCloud, AlarmView } from "../alarmCloud.js";
import type {
  BalancerCloud,
  BalancerWords,
  ForwardAction,
  ListenerView,
  RuleView,
  TargetView,
} from "../balancerCloud.js";
import { targetsOf } from "./endpoints.js";
import { JSON_PATCH, type KubeApi } from "./kubeApi.js";
import { GATE_MANAGER } from "./kubeFleets.js";
import { type ObjectMeta, splitId } from "./objects.js";

interface BackendRef {
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
}

interface HttpRoute {
  readonly metadata: ObjectMeta;
  readonly spec?: {
    readonly parentRefs?: readonly { readonly name: string; readonly namespace?: string; readonly kind?: string }[];
    readonly rules?: readonly {
      readonly matches?: readonly {
        readonly headers?: readonly { readonly name: string; readonly value: string }[];
      }[];
      readonly backendRefs?: readonly BackendRef[];
    }[];
  };
}

interface Gateway {
  readonly metadata: ObjectMeta;
  readonly spec?: { readonly listeners?: readonly { readonly port: number; readonly protocol: string }[] };
  readonly status?: { readonly addresses?: readonly { readonly value?: string }[] };
}

/** What a Gateway is looked at for. */
export interface GatewayView {
  /** `COMPONENT_TAG`'s value: whose routes have a place. */
  readonly component: string;
  /** The fleets' namespace: only routes there lead to their Services. */
  readonly namespace: string;
}

const ROUTES = "/apis/gateway.networking.k8s.io/v1";

/**
 * What the API server tells of a Gateway: routes with their weights, and the endpoints behind them. An entrance is an HTTPRoute with one rule,
 * a target is a Service, a listener the Gateway; each by `NAMESPACE/NAME`.
 */
export class GatewayBalancer implements BalancerCloud, AlarmCloud {
  readonly balancerWords: BalancerWords = {
    name: "the cluster",
    whoMoves:
      "`kubectl get httproute NAME -o yaml --show-managed-fields` names who changed it last; another stack, a GitOps controller, kubectl",
  };
  constructor(
    private readonly api: KubeApi,
    private readonly view: GatewayView,
  ) {}

  targets(serviceId: string): Promise<readonly TargetView[]> {
    return targetsOf(this.api, serviceId);
  }

  async forwardAction(routeId: string): Promise<ForwardAction | undefined> {
    const route = await this.#route(routeId);
    const refs = route?.spec?.rules?.[0]?.backendRefs;
    if (!route || !refs) return undefined;
    return { targets: refs.map((ref) => ({ targetGroupArn: idOf(ref, route), weight: ref.weight ?? 1 })) };
  }

  async setForwardAction(routeId: string, action: ForwardAction): Promise<void> {
    if (action.stickinessSeconds !== undefined) throw new Error("a Gateway has no stickiness"); // the front refuses it
    const route = await this.#route(routeId);
    if (!route) throw this.#gone(routeId);
    const present = route.spec?.rules?.[0]?.backendRefs ?? [];
    const port = present.find((ref) => ref.port !== undefined)?.port;
    const backendRefs = action.targets.map(({ targetGroupArn, weight }) => {
      const known = present.find((ref) => idOf(ref, route) === targetGroupArn);
      const { namespace, name } = splitId(targetGroupArn);
      const elsewhere = namespace !== route.metadata.namespace ? { namespace } : {};
      return { ...(known ?? { name, ...elsewhere, ...(port !== undefined ? { port } : {}) }), weight };
    });
    // One call: between two of them users would be sent by a mixture that nobody asked for.
    await this.api.call({
      method: "PATCH",
      path: pathOf(routeId),
      query: { fieldManager: GATE_MANAGER },
      contentType: JSON_PATCH,
      body: [{ op: "add", path: "/spec/rules/0/backendRefs", value: backendRefs }],
    });
  }

  async rules(gatewayId: string): Promise<readonly RuleView[]> {
    const { namespace, component } = this.view;
    const routes = await this.api.list<HttpRoute>(`${ROUTES}/namespaces/${namespace}/httproutes`);
    return routes.filter((route) => gatewayOf(route) === gatewayId).map((route) => ruleOf(route, component));
  }

  async listener(gatewayId: string): Promise<ListenerView | undefined> {
    const { namespace, name } = splitId(gatewayId);
    const gateway = await this.api.get<Gateway>(`${ROUTES}/namespaces/${namespace}/gateways/${name}`);
    const [first] = gateway?.spec?.listeners ?? [];
    const address = gateway?.status?.addresses?.[0]?.value;
    if (!first || address === undefined) return undefined;
    return { arn: gatewayId, protocol: first.protocol, port: first.port, dnsName: address };
  }

  async listenerArns(gatewayId: string): Promise<readonly string[]> {
    return [gatewayId];
  }

  async listenerOf(routeId: string): Promise<string> {
    const route = await this.#route(routeId);
    const gateway = route && gatewayOf(route);
    if (gateway === undefined) throw this.#gone(routeId);
    return gateway;
  }

  async entranceTags(routeId: string): Promise<Readonly<Record<string, string>>> {
    return tagsOf((await this.#route(routeId))?.metadata.annotations);
  }

  async alarms(names: readonly string[]): Promise<readonly AlarmView[]> {
    if (names.length > 0) throw new Error("a Gateway has no alarms"); // the front refuses alarmNames
    return [];
  }

  #route(routeId: string): Promise<HttpRoute | undefined> {
    return this.api.get<HttpRoute>(pathOf(routeId));
  }

  #gone(routeId: string) {
    return refusal(this.api.subject, {
      code: "HIT340",
      problem: `the cluster has no HTTPRoute ${routeId} of a Gateway.`,
      fix: "run `pulumi up --refresh` if it was deleted or changed by hand",
    });
  }
}

function pathOf(routeId: string): string {
  const { namespace, name } = splitId(routeId);
  return `${ROUTES}/namespaces/${namespace}/httproutes/${name}`;
}

function idOf(ref: BackendRef, route: HttpRoute): string {
  return `${ref.namespace ?? route.metadata.namespace}/${ref.name}`;
}

function gatewayOf(route: HttpRoute): string | undefined {
  const parent = route.spec?.parentRefs?.find(({ kind = "Gateway" }) => kind === "Gateway");
  return parent && `${parent.namespace ?? route.metadata.namespace}/${parent.name}`;
}

function ruleOf(route: HttpRoute, component: string): RuleView {
  const [rule] = route.spec?.rules ?? [];
  const headers: Record<string, string[]> = {};
  for (const { name, value } of rule?.matches?.flatMap((match) => match.headers ?? []) ?? []) {
    const key = name.toLowerCase();
    if (!headers[key]?.includes(value)) headers[key] = [...(headers[key] ?? []), value];
  }
  // Routes of other components have places of the same names.
  const own = route.metadata.labels?.[COMPONENT_LABEL] === labelValue(component);
  const place = own ? route.metadata.annotations?.[PLACE_ANNOTATION] : undefined;
  return {
    arn: `${route.metadata.namespace}/${route.metadata.name}`,
    priority: place ?? "none",
    targetGroupArns: (rule?.backendRefs ?? []).map((ref) => idOf(ref, route)),
    headers,
  };
}
