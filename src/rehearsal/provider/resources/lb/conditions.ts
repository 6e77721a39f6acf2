/** Conditions of listener rules. Limits: ALB guide and botocore model. */
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { hasUnknown, type Values } from "../../protocol/values.js";
import { object, type Property, set, text } from "../../schema/property.js";

const VALUES = { values: set(text({ range: [1, 128] }), { required: true }) };

/** The property `conditions` of a rule: all must hold; of several values of one condition, any. */
export const CONDITIONS: Property = set(
  object({
    hostHeader: object(VALUES),
    pathPattern: object(VALUES),
    httpRequestMethod: object(VALUES),
    httpHeader: object({ httpHeaderName: text({ required: true, range: [1, 40] }), ...VALUES }),
    sourceIp: object(VALUES),
    queryStrings: set(object({ key: text(), value: text({ required: true }) })),
  }),
  { required: true },
);

const KINDS = ["hostHeader", "pathPattern", "httpRequestMethod", "httpHeader", "sourceIp", "queryStrings"];

export function toAwsConditions(conditions: readonly Values[]): RuleCondition[] {
  return conditions.map((condition) => {
    const { hostHeader, pathPattern, httpRequestMethod, httpHeader, sourceIp, queryStrings } = condition;
    if (hostHeader) return { Field: "host-header", HostHeaderConfig: { Values: hostHeader.values } };
    if (pathPattern) return { Field: "path-pattern", PathPatternConfig: { Values: pathPattern.values } };
    if (httpRequestMethod) {
      return { Field: "http-request-method", HttpRequestMethodConfig: { Values: httpRequestMethod.values } };
    }
    if (httpHeader) {
      const { httpHeaderName, values } = httpHeader;
      return { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: httpHeaderName, Values: values } };
    }
    if (sourceIp) return { Field: "source-ip", SourceIpConfig: { Values: sourceIp.values } };
    const pairs = (queryStrings ?? []).map(({ key, value }: Values) => ({
      ...(key ? { Key: key } : {}),
      Value: value,
    }));
    return { Field: "query-string", QueryStringConfig: { Values: pairs } };
  });
}

export function fromAwsConditions(conditions: readonly RuleCondition[] = []): Values[] {
  return conditions.map((condition) => {
    const { Field, Values: old } = condition;
    switch (Field) {
      case "host-header":
        return { hostHeader: { values: condition.HostHeaderConfig?.Values ?? old } };
      case "path-pattern":
        return { pathPattern: { values: condition.PathPatternConfig?.Values ?? old } };
      case "http-request-method":
        return { httpRequestMethod: { values: condition.HttpRequestMethodConfig?.Values } };
      case "http-header": {
        const { HttpHeaderName, Values: values } = condition.HttpHeaderConfig ?? {};
        return { httpHeader: { httpHeaderName: HttpHeaderName, values } };
      }
      case "source-ip":
        return { sourceIp: { values: condition.SourceIpConfig?.Values } };
      case "query-string": {
        const pairs = condition.QueryStringConfig?.Values ?? [];
        return { queryStrings: pairs.map(({ Key, Value }) => ({ ...(Key ? { key: Key } : {}), value: Value })) };
      }
      default:
        throw new Error(`AWS answers a rule condition on "${Field}", which the rehearsal provider does not know`);
    }
  });
}

export function conditionFaults(conditions: unknown): { property: string; reason: string }[] {
  if (!Array.isArray(conditions) || hasUnknown(conditions)) return [];
  return conditions.flatMap((condition: Values, index) => {
    const given = KINDS.filter((kind) => condition?.[kind] !== undefined);
    if (given.length === 1) return [];
    const property = `conditions[${index}]`;
    return [
      { property, reason: `\`${property}\` has ${given.join(", ") || "nothing"}, expected one of ${KINDS.join(", ")}` },
    ];
  });
}
