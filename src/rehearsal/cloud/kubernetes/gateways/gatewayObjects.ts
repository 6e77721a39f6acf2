import type { Condition, KubeObject } from "../api/kubeObjects.js";

/** The parts of the Gateway API's kinds that the controller reads. */

export interface GatewayClass extends KubeObject {
  readonly spec: { readonly controllerName: string };
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface GatewayListener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly allowedRoutes?: {
    readonly namespaces?: {
      readonly from?: "All" | "Same" | "Selector";
      readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    };
  };
}

export interface Gateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly addresses?: readonly { readonly type?: string; readonly value?: string }[];
    readonly listeners: readonly GatewayListener[];
  };
  readonly status?: object;
}

export interface ParentRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly sectionName?: string;
}

/** Of a header or a query parameter. */
export interface NamedMatch {
  readonly name: string;
  readonly value: string;
  readonly type?: "Exact" | "RegularExpression";
}

export interface RouteMatch {
  readonly path?: { readonly type?: "Exact" | "PathPrefix" | "RegularExpression"; readonly value?: string };
  readonly headers?: readonly NamedMatch[];
  readonly queryParams?: readonly NamedMatch[];
  readonly method?: string;
}

export interface BackendRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly object[];
}

export interface RouteFilter {
  readonly type: string;
  readonly requestRedirect?: {
    readonly scheme?: string;
    readonly hostname?: string;
    readonly port?: number;
    readonly statusCode?: number;
  };
}

export interface RouteRule {
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendRef[];
}

export interface ParentStatus {
  readonly parentRef: ParentRef;
  readonly controllerName: string;
  readonly conditions?: readonly Condition[];
}

export interface HttpRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentRef[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly ParentStatus[] };
}

export interface Namespace extends KubeObject {}

/** How the controller calls itself in GatewayClasses and in the status of routes. */
export const CONTROLLER_NAME = "hitless.dev/gateway-controller";

const GROUP_PATH = "/apis/gateway.networking.k8s.io/v1";
export const CLASSES_PATH = `${GROUP_PATH}/gatewayclasses`;
export const GATEWAYS_PATH = `${GROUP_PATH}/gateways`;
export const ROUTES_PATH = `${GROUP_PATH}/httproutes`;

export function gatewayPath({ metadata: { namespace, name } }: Gateway): string {
  return `${GROUP_PATH}/namespaces/${namespace}/gateways/${name}`;
}

export function routePath({ metadata: { namespace, name } }: HttpRoute): string {
  return `${GROUP_PATH}/namespaces/${namespace}/httproutes/${name}`;
}
