import { conditions, type JsonSchema, type KindDefinition } from "./definition.js";

/** Gateway API, the release whose kinds these are. */
const annotations = {
  // Groups that end in k8s.io are protected: the API server wants to know where the definition was agreed on.
  "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/3328",
  "gateway.networking.k8s.io/bundle-version": "v1.3.0",
  "gateway.networking.k8s.io/channel": "standard",
};
const group = "gateway.networking.k8s.io";
export const text: JsonSchema = { type: "string", minLength: 1, maxLength: 253 };
export const port: JsonSchema = { type: "integer", format: "int32", minimum: 1, maximum: 65_535 };
const count: JsonSchema = { type: "integer", format: "int32" };

export const gatewayClass: KindDefinition = {
  group,
  version: "v1",
  kind: "GatewayClass",
  plural: "gatewayclasses",
  scope: "Cluster",
  shortNames: ["gc"],
  categories: ["gateway-api"],
  annotations,
  spec: {
    type: "object",
    required: ["controllerName"],
    properties: {
      controllerName: text,
      description: { type: "string", maxLength: 64 },
      parametersRef: {
        type: "object",
        required: ["group", "kind", "name"],
        properties: { group: { type: "string" }, kind: text, name: text, namespace: text },
      },
    },
  },
  status: { type: "object", properties: { conditions } },
};

export const gateway: KindDefinition = {
  group,
  version: "v1",
  kind: "Gateway",
  plural: "gateways",
  scope: "Namespaced",
  shortNames: ["gtw"],
  categories: ["gateway-api"],
  annotations,
  spec: {
    type: "object",
    required: ["gatewayClassName", "listeners"],
    properties: {
      gatewayClassName: text,
      addresses: {
        type: "array",
        maxItems: 16,
        items: { type: "object", properties: { type: { ...text, default: "IPAddress" }, value: text } },
      },
      listeners: {
        type: "array",
        minItems: 1,
        maxItems: 64,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          required: ["name", "port", "protocol"],
          properties: {
            name: text,
            port,
            protocol: { ...text, maxLength: 255 },
            hostname: text,
            tls: {
              type: "object",
              properties: {
                mode: { type: "string", enum: ["Terminate", "Passthrough"], default: "Terminate" },
                certificateRefs: {
                  type: "array",
                  maxItems: 64,
                  items: {
                    type: "object",
                    required: ["name"],
                    properties: {
                      group: { type: "string", default: "" },
                      kind: { ...text, default: "Secret" },
                      name: text,
                      namespace: text,
                    },
                  },
                },
                options: { type: "object", additionalProperties: { type: "string" } },
              },
            },
            allowedRoutes: {
              type: "object",
              default: { namespaces: { from: "Same" } },
              properties: {
                namespaces: {
                  type: "object",
                  default: { from: "Same" },
                  properties: {
                    from: { type: "string", enum: ["All", "Selector", "Same"], default: "Same" },
                    selector: {
                      type: "object",
                      properties: { matchLabels: { type: "object", additionalProperties: { type: "string" } } },
                    },
                  },
                },
                kinds: {
                  type: "array",
                  maxItems: 8,
                  items: { type: "object", required: ["kind"], properties: { group: { type: "string" }, kind: text } },
                },
              },
            },
          },
        },
      },
    },
  },
  status: {
    type: "object",
    properties: {
      addresses: {
        type: "array",
        maxItems: 16,
        items: {
          type: "object",
          required: ["value"],
          properties: { type: { ...text, default: "IPAddress" }, value: text },
        },
      },
      conditions,
      listeners: {
        type: "array",
        maxItems: 64,
        "x-kubernetes-list-type": "map",
        "x-kubernetes-list-map-keys": ["name"],
        items: {
          type: "object",
          required: ["attachedRoutes", "conditions", "name"],
          properties: {
            name: text,
            attachedRoutes: count,
            conditions,
            supportedKinds: {
              type: "array",
              items: { type: "object", required: ["kind"], properties: { group: { type: "string" }, kind: text } },
            },
          },
        },
      },
    },
  },
};

export { annotations as gatewayApiAnnotations, group as gatewayApiGroup };
