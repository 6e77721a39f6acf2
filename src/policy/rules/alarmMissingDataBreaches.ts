import { TYPES } from "../model/resource.js";
import { isKnown, text, UNKNOWN } from "../model/values.js";
import { type Rule, unseen, violation } from "../rule.js";

/** The load balancer's error counts exist only while there are errors; an alarm on them takes silence for success. */
export const alarmMissingDataBreaches: Rule<object> = {
  name: "alarm-missing-data-breaches",
  title: "An alarm on the load balancer's error counts must take missing data for none.",
  severity: "medium",
  level: "mandatory",
  remediation: ['Set treatMissingData to "notBreaching".'],
  options: {},
  defaults: {},
  resource: {
    types: [TYPES.alarm],
    judge: (resource) => {
      const { props, name } = resource;
      const namespace = text(props, "namespace");
      const metric = text(props, "metricName");
      const missing = text(props, "treatMissingData");
      if (isKnown(namespace) && namespace !== "AWS/ApplicationELB") return [];
      if (isKnown(metric) && !ERRORS.test(metric)) return [];
      if (namespace === undefined || metric === undefined) return [];
      if (namespace === UNKNOWN || metric === UNKNOWN || missing === UNKNOWN)
        return [unseen(resource, `what ${name} watches`)];
      if (missing === "notBreaching") return [];
      const problem = `${name} watches ${metric} with treatMissingData "${missing ?? "missing"}", expected "notBreaching": the metric exists only while there are errors.`;
      return [violation(resource, problem)];
    },
  },
};

/** Reported only when nonzero (ALB user guide, CloudWatch metrics). */
const ERRORS =
  /^HTTPCode_.*5XX_Count$|^(TargetConnection|RejectedConnection|ClientTLSNegotiation|TargetTLSNegotiation)ErrorCount$/;
