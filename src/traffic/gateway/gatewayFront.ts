import type { CustomResource } from "@pulumi/kubernetes/apiextensions/customResource.js";
import * as pulumi from "@pulumi/pulumi";
import { gatewayLink } from "../../gates/kubernetes/gatewayLink.js";
import { settled } from "../../inputs/plain.js";
import { whenKnown } from "../../inputs/whenKnown.js";
import { PREVIEW_TAG, previewHeaders } from "../../plan/previewRoutes.js";
import type { Entrance } from "../entrance.js";
import type { Front } from "../front.js";
import { createPodService } from "../podService.js";
import { checkGateway, type GatewayPlan } from "./checkGateway.js";
import { checkGatewayAudience, checkGatewayPreview, refuseOnGateway } from "./checkRoutes.js";
import type { GatewayEntranceArgs } from "./gatewayArgs.js";
import { createHttpRoute, routeIn } from "./httpRoute.js";

/** A Gateway (Gateway API): an entrance is an HTTPRoute, and a target is a Service. */
export const gatewayFront: Front<GatewayPlan> = {
  checkEntrance: (args, faults, place) => checkGateway(args as GatewayEntranceArgs, place, faults),
  checkPreview: checkGatewayPreview,
  checkAudience: checkGatewayAudience,

  checkStickiness(args, faults) {
    const instead = "leave it out (`sessionPersistence` of the Gateway API is experimental)";
    refuseOnGateway("stickiness", args, faults, instead);
    return undefined;
  },

  checkAlarms(names, faults) {
    const none = Array.isArray(names) && names.length === 0;
    refuseOnGateway(
      "alarmNames",
      none ? undefined : names,
      faults,
      "leave it out, and watch with `verify` and bakeSeconds",
    );
  },

  claim: () => {},
  claimPreview: () => {},

  facts: (plan) =>
    whenKnown(plan.url ?? "", (url) => ({
      hosts: plan.hosts,
      headers: plan.headers,
      ...(url !== "" ? { hostName: new URL(url).host } : {}),
    })),

  place: ({ gateway, gatewayNamespace, namespace }) =>
    whenKnown({ gateway, namespace: gatewayNamespace ?? namespace }, (known) => ({
      id: `${known.namespace}/${known.gateway}`,
      priority: ENTRANCE,
    })),

  createTarget(name, { place, component }, opts) {
    const { namespace } = place;
    if (namespace === undefined) throw new Error("a Service stands in a namespace"); // checkGateway promises it
    const service = createPodService(name, { component, namespace }, opts);
    return { id: idOf(service), kind: "service", resource: service, nodes: { service } };
  },

  createEntrance(name, plan, targets, opts, { tags = {}, component }): Entrance {
    const { namespace } = plan;
    const route = createHttpRoute(name, { plan, namespace, component, place: ENTRANCE, targets, tags }, opts);
    const url = plan.url === undefined ? pulumi.output<string | undefined>(undefined) : pulumi.output(plan.url);
    return { resource: route, id: idOf(route), nodes: { httpRoute: route }, url };
  },

  createPreviewRoute(name, { route, plan, target, component, tags }, opts) {
    if (route.kind !== "header") throw new Error("a preview at a Gateway goes by a header"); // checkPreview promises it
    const previewRoute = createHttpRoute(
      name,
      {
        plan,
        namespace: plan.namespace,
        component,
        place: String(route.priority),
        more: { headers: [{ name: route.name, values: [route.value] }] },
        targets: [{ targetGroupArn: target.id, weight: 1 }],
        tags: { [PREVIEW_TAG]: route.value, ...tags },
      },
      opts,
    );
    return { previewRoute };
  },

  createAudienceRoute(name, { audience, plan, target, component }, opts) {
    const { header, query, priority } = audience;
    // checkAudience has seen to it that these are plain.
    const headers = header ? [{ name: header.name as string, values: header.values as string[] }] : [];
    const audienceRoute = createHttpRoute(
      name,
      {
        plan,
        namespace: plan.namespace,
        component,
        place: String(priority),
        more: { headers, ...(query ? { query: { name: query.key as string, values: query.values as string[] } } : {}) },
        targets: [{ targetGroupArn: target.id, weight: 1 }],
        tags: {},
      },
      opts,
    );
    return { audienceRoute };
  },

  previewAddress: (route, _plan, url) => ({ ...(url !== undefined ? { url } : {}), headers: previewHeaders(route) }),
  entranceIn: routeIn,
  tagPath: (tag) => `metadata.annotations["${tag.replace(/^hitless:/, "hitless.dev/")}"]`,
  inPlaceOf: async () => undefined, // each route has a name of its own
  link: (component, owner, { namespace }) => gatewayLink(component, owner, settled(namespace)),
};

/** The place of the route that holds the weights. */
const ENTRANCE = "entrance";

/** `NAMESPACE/NAME` of an object. */
function idOf(object: pulumi.CustomResource & Pick<CustomResource, "metadata">): pulumi.Output<string> {
  return (object.metadata as pulumi.Output<{ namespace?: string; name?: string }>).apply(
    ({ namespace, name }) => `${namespace}/${name}`,
  );
}
