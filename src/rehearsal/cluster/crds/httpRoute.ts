import { conditions, type JsonSchema, type KindDefinition } from "./definition.js";
import { gatewayApiAnnotations, gatewayApiGroup, port, text } from "./gateway.js";

const parentReference: JsonSchema = {
  type: "object",
  required: ["name"],
  properties: {
    group: { type: "string", default: gatewayApiGroup },
    kind: { ...text, default: "Gateway" },
    name: text,
    namespace: text,
    port,
    sectionName: text,
  },
};
const value: JsonSchema = { type: "string", minLength: 1, maxLength: 4096 };
/** Of headers and of query parameters. */
const namedMatches: JsonSchema = {
  type: "array",
  maxItems: 16,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["name"],
  items: {
    type: "object",
    required: ["name", "value"],
    properties: {
      name: { type: "string", minLength: 1, maxLength: 256 },
      type: { type: "string", enum: ["Exact", "RegularExpression"], default: "Exact" },
      value,
    },
  },
};
const pathMatch: JsonSchema = {
  type: "object",
  default: { type: "PathPrefix", value: "/" },
  properties: {
    type: { type: "string", enum: ["Exact", "PathPrefix", "RegularExpression"], default: "PathPrefix" },
    value: { type: "string", maxLength: 1024, default: "/" },
  },
};
const methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"];
const headers: JsonSchema = {
  type: "array",
  maxItems: 16,
  items: { type: "object", required: ["name", "value"], properties: { name: text, value } },
};
const headerModifier: JsonSchema = {
  type: "object",
  properties: { set: headers, add: headers, remove: { type: "array", maxItems: 16, items: { type: "string" } } },
};
const filters: JsonSchema = {
  type: "array",
  maxItems: 16,
  items: {
    type: "object",
    required: ["type"],
    properties: {
      type: {
        type: "string",
        enum: [
          "RequestHeaderModifier",
          "ResponseHeaderModifier",
          "RequestMirror",
          "RequestRedirect",
          "URLRewrite",
          "ExtensionRef",
        ],
      },
      requestHeaderModifier: headerModifier,
      responseHeaderModifier: headerModifier,
      requestRedirect: {
        type: "object",
        properties: {
          scheme: { type: "string", enum: ["http", "https"] },
          hostname: text,
          port,
          statusCode: { type: "integer", enum: [301, 302], default: 302 },
        },
      },
    },
  },
};
const backend: JsonSchema = {
  type: "object",
  required: ["name"],
  properties: {
    group: { type: "string", default: "" },
    kind: { ...text, default: "Service" },
    name: text,
    namespace: text,
    port,
    weight: { type: "integer", format: "int32", minimum: 0, maximum: 1_000_000, default: 1 },
    filters,
  },
  "x-kubernetes-validations": [
    {
      message: "Must have port for Service reference",
      rule: "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
    },
  ],
};
const duration: JsonSchema = { type: "string", pattern: "^([0-9]{1,5}(h|m|s|ms)){1,4}$" };

/** @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute */
export const httpRoute: KindDefinition = {
  group: gatewayApiGroup,
  version: "v1",
  kind: "HTTPRoute",
  plural: "httproutes",
  scope: "Namespaced",
  categories: ["gateway-api"],
  annotations: gatewayApiAnnotations,
  spec: {
    type: "object",
    properties: {
      parentRefs: { type: "array", maxItems: 32, items: parentReference },
      hostnames: { type: "array", maxItems: 16, items: text },
      rules: {
        type: "array",
        minItems: 1,
        maxItems: 16,
        default: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }],
        items: {
          type: "object",
          properties: {
            name: text,
            matches: {
              type: "array",
              maxItems: 64,
              default: [{ path: { type: "PathPrefix", value: "/" } }],
              items: {
                type: "object",
                properties: {
                  path: pathMatch,
                  headers: namedMatches,
                  queryParams: namedMatches,
                  method: { type: "string", enum: methods },
                },
              },
            },
            filters,
            backendRefs: { type: "array", maxItems: 16, items: backend },
            timeouts: { type: "object", properties: { request: duration, backendRequest: duration } },
          },
        },
      },
    },
  },
  status: {
    type: "object",
    required: ["parents"],
    properties: {
      parents: {
        type: "array",
        maxItems: 32,
        items: {
          type: "object",
          required: ["controllerName", "parentRef"],
          properties: { controllerName: text, parentRef: parentReference, conditions },
        },
      },
    },
  },
};
