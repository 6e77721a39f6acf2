import type {
  ReportViolation,
  ResourceValidation,
  ResourceValidationPolicy,
  StackValidation,
  StackValidationPolicy,
} from "@pulumi/policy";
import { plainType } from "./model/resource.js";
import { readStack } from "./model/stack.js";
import { configurationFaults, jsonSchema } from "./options.js";
import { type Level, pageOf, type Rule, type Verdict } from "./rule.js";
import { singleResource, stackResources } from "./stackResources.js";

/** What a team sets for one rule in a pack of its own: its level, and its options. */
export type RuleSettings<O extends object> = Partial<O> & { readonly enforcementLevel?: Level | "disabled" };

type PulumiPolicy = ResourceValidationPolicy & Partial<StackValidationPolicy>;

/** How a violation is reported with a level of its own; `@pulumi/policy` takes it, its types do not tell. */
type ReportWithLevel = (violation: { message: string; urn?: string; enforcementLevel?: Level }) => void;

/**
 * Makes a policy of Pulumi's of a rule. A rule may judge resources before their operation, the stack afterwards, or both.
 *
 * @param settings checked here, so that a pack with a bad configuration does not even start
 * @throws RangeError with every fault, each naming rule, key and range
 */
export function toPulumi(
  rule: Rule,
  settings: RuleSettings<object> = {},
  clock: () => Date = () => new Date(),
): PulumiPolicy {
  const { enforcementLevel = rule.level, ...own } = settings;
  const faults = configurationFaults(rule, own);
  if (!["advisory", "mandatory", "disabled"].includes(enforcementLevel)) {
    faults.push(
      `${rule.name}: enforcementLevel is ${JSON.stringify(enforcementLevel)}, expected advisory, mandatory or disabled`,
    );
  }
  if (faults.length > 0)
    throw new RangeError(`Bad configuration of a policy.\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  const defaults = { ...rule.defaults, ...own };
  const misconfigured = { told: false };

  /** The options, also those of Pulumi's configuration file; nothing when they are bad, which is told once. */
  const optionsFor = (given: Record<string, unknown>, report: ReportViolation) => {
    const bad = configurationFaults(rule, given);
    if (bad.length === 0) return { ...defaults, ...given };
    if (!misconfigured.told) {
      misconfigured.told = true;
      (report as unknown as ReportWithLevel)({
        message: `Bad configuration.\n${bad.join("\n")}`,
        enforcementLevel: "mandatory",
      });
    }
    return undefined;
  };
  const tell = (report: ReportViolation, verdicts: readonly Verdict[]): void => {
    for (const verdict of verdicts) (report as unknown as ReportWithLevel)(asViolation(rule, verdict));
  };

  const { resource, stack } = rule;
  return {
    name: rule.name,
    description: rule.title,
    enforcementLevel,
    severity: rule.severity,
    remediationSteps: rule.remediation.map((step, index) => `${index + 1}. ${step}`).join("\n"),
    ...schemaOf(rule, defaults),
    ...(resource
      ? {
          validateResource: withType<ResourceValidation>(resource.types, (args, report) => {
            if (!resource.types.includes(plainType(args.type))) return;
            const options = optionsFor(args.getConfig(), report);
            if (options) tell(report, resource.judge(singleResource(args), options));
          }),
        }
      : {}),
    ...(stack
      ? {
          validateStack: withType<StackValidation>(rule.needs === undefined ? [] : [rule.needs], (args, report) => {
            const options = optionsFor(args.getConfig(), report);
            if (options) tell(report, stack(readStack(stackResources(args.resources)), options, { now: clock() }));
          }),
        }
      : {}),
  } satisfies PulumiPolicy;
}

function asViolation(rule: Rule, { problem, urn, unseen, level }: Verdict) {
  const about = urn === undefined ? {} : { urn };
  if (unseen) {
    const message = `Not judged yet: ${problem}. \`pulumi up\` judges it when it is known.`;
    return { message, enforcementLevel: "advisory" as const, ...about };
  }
  const message = `${problem}\n  Fix: ${rule.remediation[0]}\n  See: ${pageOf(rule.name)}`;
  return { message, ...(level ? { enforcementLevel: level } : {}), ...about };
}

function schemaOf(rule: Rule, defaults: Readonly<Record<string, unknown>>) {
  const entries = Object.entries(rule.options);
  if (entries.length === 0) return {};
  const properties = Object.fromEntries(
    entries.map(([key, spec]) => [
      key,
      { ...jsonSchema(spec), ...(defaults[key] === undefined ? {} : { default: defaults[key] }) },
    ]),
  );
  return { configSchema: { properties: properties as never } };
}

/** Lets `@pulumi/policy` pass over resources of other types, or stacks without that type, before it unpacks them, where a rule is about just one. */
function withType<V extends ResourceValidation | StackValidation>(types: readonly string[], validate: V): V {
  if (types.length === 1) Object.assign(validate, { __pulumiType: types[0] });
  return validate;
}
