/** What tells one kind of our own from another. */
export interface KindDefinition {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly scope: "Namespaced" | "Cluster";
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  /** Annotations of the definition itself. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec: JsonSchema;
  readonly status: JsonSchema;
  readonly columns?: readonly { readonly name: string; readonly type: string; readonly jsonPath: string }[];
}

/** As far as OpenAPI v3 goes in a CustomResourceDefinition. */
export interface JsonSchema {
  readonly type?: "object" | "array" | "string" | "integer" | "boolean";
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema;
  readonly enum?: readonly (string | number)[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly nullable?: boolean;
  readonly "x-kubernetes-int-or-string"?: boolean;
  readonly "x-kubernetes-list-type"?: "map" | "atomic" | "set";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-validations"?: readonly { readonly rule: string; readonly message: string }[];
}

interface CustomResourceDefinition {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations: object };
  readonly spec: object;
}

/** A CustomResourceDefinition as the API server takes it. */
export function customResourceDefinition(definition: KindDefinition): CustomResourceDefinition {
  const { group, version, kind, plural, scope, spec, status } = definition;
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, annotations: definition.annotations ?? {} },
    spec: {
      group,
      scope,
      names: {
        kind,
        plural,
        singular: kind.toLowerCase(),
        listKind: `${kind}List`,
        shortNames: definition.shortNames ?? [],
        categories: definition.categories ?? [],
      },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: definition.columns ?? [],
          schema: { openAPIV3Schema: { type: "object", required: ["spec"], properties: { spec, status } } },
        },
      ],
    },
  };
}

/** Conditions as Kubernetes' own types have them (`metav1.Condition`). */
export const conditions: JsonSchema = {
  type: "array",
  maxItems: 8,
  "x-kubernetes-list-type": "map",
  "x-kubernetes-list-map-keys": ["type"],
  items: {
    type: "object",
    required: ["lastTransitionTime", "message", "reason", "status", "type"],
    properties: {
      lastTransitionTime: { type: "string", format: "date-time" },
      message: { type: "string" },
      observedGeneration: { type: "integer", format: "int64" },
      reason: { type: "string" },
      status: { type: "string", enum: ["True", "False", "Unknown"] },
      type: { type: "string" },
    },
  },
};
