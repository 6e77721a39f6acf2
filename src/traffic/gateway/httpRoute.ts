import { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../../inputs/whenKnown.js";
import {
  annotationsOf,
  COMPONENT_LABEL,
  labelValue,
  objectName,
  PLACE_ANNOTATION,
  tagsOf,
} from "../../plan/kubernetesNames.js";
import type { WeightedTarget } from "../entrance.js";
import type { EntranceView } from "../front.js";
import { SERVICE_PORT } from "../podService.js";
import type { GatewayPlan } from "./checkGateway.js";
import { matchesOf, type RouteConditions } from "./matches.js";

export interface HttpRouteWish {
  readonly plan: GatewayPlan;
  readonly namespace: pulumi.Input<string>;
  /** `COMPONENT_TAG`'s value. */
  readonly component: string;
  /** `entrance`, or what tells it apart from the component's other routes. */
  readonly place: string;
  /** On top of the entrance's own. */
  readonly more?: Partial<RouteConditions>;
  readonly targets: readonly WeightedTarget[];
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * An HTTPRoute with one rule, whose backends are Services with weights (Gateway API reference, HTTPRoute). Of several routes that match, a
 * Gateway takes the one that asks for more headers, then for more query parameters: so previews and audiences win over the entrance.
 */
export function createHttpRoute(name: string, wish: HttpRouteWish, opts: pulumi.CustomResourceOptions): CustomResource {
  const { plan, namespace, more = {} } = wish;
  const conditions: RouteConditions = {
    paths: plan.paths,
    headers: [...plan.headers, ...(more.headers ?? [])],
    ...(more.query ? { query: more.query } : {}),
  };
  return new CustomResource(
    objectName(name),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "HTTPRoute",
      metadata: {
        namespace,
        labels: { [COMPONENT_LABEL]: labelValue(wish.component) },
        annotations: {
          ...annotationsOf(wish.tags),
          [PLACE_ANNOTATION]: wish.place,
          // A gate moves the weights before the provider does: the program's word counts all the same.
          "pulumi.com/patchForce": "true",
        },
      },
      spec: {
        parentRefs: [
          {
            group: "gateway.networking.k8s.io",
            kind: "Gateway",
            name: plan.gateway,
            namespace: plan.gatewayNamespace ?? namespace,
            ...(plan.listener !== undefined ? { sectionName: plan.listener } : {}),
          },
        ],
        ...(plan.hosts.length > 0 ? { hostnames: [...plan.hosts] } : {}),
        rules: [
          {
            matches: matchesOf(conditions),
            backendRefs: wish.targets.map(({ targetGroupArn, weight }) => ({
              name: whenKnown(targetGroupArn, nameOf),
              port: SERVICE_PORT,
              weight,
            })),
          },
        ],
      },
    },
    opts,
  );
}

/** The name in `NAMESPACE/NAME`. */
function nameOf(id: string): string {
  return id.split("/").at(-1) ?? id;
}

interface RouteProperties {
  readonly metadata?: {
    readonly name?: unknown;
    readonly namespace?: unknown;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly rules?: readonly {
      readonly backendRefs?: readonly { readonly name?: unknown; readonly weight?: number }[];
    }[];
  };
}

/** An HTTPRoute's properties, as inputs or outputs of a hook. */
export function routeIn(properties: object): EntranceView {
  const { metadata = {}, spec = {} } = properties as RouteProperties;
  const idOf = (name: unknown): string | undefined =>
    typeof name === "string" && typeof metadata.namespace === "string" ? `${metadata.namespace}/${name}` : undefined;
  const id = idOf(metadata.name);
  return {
    ...(id !== undefined ? { id } : {}),
    targets: (spec.rules?.[0]?.backendRefs ?? []).map(({ name, weight = 1 }) => {
      const target = idOf(name);
      return { ...(target !== undefined ? { id: target } : {}), weight };
    }),
    tags: tagsOf(metadata.annotations),
  };
}
