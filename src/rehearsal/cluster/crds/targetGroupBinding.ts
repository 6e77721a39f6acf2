import type { JsonSchema, KindDefinition } from "./definition.js";

const text: JsonSchema = { type: "string" };
const selector: JsonSchema = {
  type: "object",
  properties: {
    matchLabels: { type: "object", additionalProperties: text },
    matchExpressions: {
      type: "array",
      items: {
        type: "object",
        required: ["key", "operator"],
        properties: { key: text, operator: text, values: { type: "array", items: text } },
      },
    },
  },
};

/**
 * TargetGroupBinding of the AWS Load Balancer Controller, as its guide describes it.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/targetgroupbinding/spec/
 */
export const targetGroupBinding: KindDefinition = {
  group: "elbv2.k8s.aws",
  version: "v1beta1",
  kind: "TargetGroupBinding",
  plural: "targetgroupbindings",
  scope: "Namespaced",
  columns: [
    { name: "SERVICE-NAME", type: "string", jsonPath: ".spec.serviceRef.name" },
    { name: "SERVICE-PORT", type: "string", jsonPath: ".spec.serviceRef.port" },
    { name: "TARGET-TYPE", type: "string", jsonPath: ".spec.targetType" },
  ],
  spec: {
    type: "object",
    required: ["serviceRef"],
    properties: {
      targetGroupARN: { type: "string", minLength: 1 },
      targetGroupName: text,
      targetType: { type: "string", enum: ["instance", "ip"] },
      serviceRef: {
        type: "object",
        required: ["name", "port"],
        properties: { name: text, port: { "x-kubernetes-int-or-string": true } },
      },
      ipAddressType: { type: "string", enum: ["ipv4", "ipv6"] },
      vpcID: { type: "string", pattern: "^vpc-[0-9a-f]+$" },
      networking: {
        type: "object",
        properties: {
          ingress: {
            type: "array",
            items: {
              type: "object",
              required: ["from", "ports"],
              properties: {
                from: {
                  type: "array",
                  items: {
                    type: "object",
                    properties: {
                      ipBlock: { type: "object", required: ["cidr"], properties: { cidr: text } },
                      securityGroup: { type: "object", required: ["groupID"], properties: { groupID: text } },
                    },
                  },
                },
                ports: {
                  type: "array",
                  items: {
                    type: "object",
                    properties: {
                      port: { "x-kubernetes-int-or-string": true },
                      protocol: { type: "string", enum: ["TCP", "UDP"] },
                    },
                  },
                },
              },
            },
          },
        },
      },
      nodeSelector: selector,
      multiClusterTargetGroup: { type: "boolean" },
      iamRoleArnToAssume: text,
      assumeRoleExternalId: text,
      targetGroupProtocol: { type: "string", enum: ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"] },
    },
  },
  status: { type: "object", properties: { observedGeneration: { type: "integer", format: "int64" } } },
};
