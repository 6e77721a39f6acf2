import { plainType, type StackResource } from "../model/resource.js";
import { isKnown, text } from "../model/values.js";

/** What Pulumi writes about a resource, in a state and in a preview alike. */
interface Written {
  readonly urn: string;
  readonly id?: string;
  readonly type: string;
  readonly custom?: boolean;
  readonly delete?: boolean;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
  readonly propertyDependencies?: Record<string, string[] | null>;
}

/** The resources of `pulumi stack export`. @throws Error when the text is something else */
export function fromState(json: unknown): StackResource[] {
  const resources = (json as { deployment?: { resources?: Written[] } } | null)?.deployment;
  if (resources === undefined || resources === null) {
    throw new Error('this is no state of `pulumi stack export`: it has no "deployment"');
  }
  // What is marked for deletion is left over from an interrupted update, and still there: it still costs.
  return (resources.resources ?? []).map(asResource);
}

/** The resources that a preview (`pulumi preview --json`) leaves behind. @throws Error when the text is something else, or failed */
export function fromPreview(json: unknown): StackResource[] {
  const steps = (json as { steps?: { op: string; newState?: Written }[] } | null)?.steps;
  if (!Array.isArray(steps)) {
    throw new Error('this is no preview of `pulumi preview --json`: it has no "steps" (did the preview fail?)');
  }
  const gone = new Set(["delete", "delete-replaced", "discard", "discard-replaced"]);
  const left = new Map<string, StackResource>();
  for (const { op, newState } of steps) if (newState && !gone.has(op)) left.set(newState.urn, asResource(newState));
  return [...left.values()];
}

/** What made a preview fail, by itself or by a policy: what it had not come to by then is missing from it. */
export function previewFaults(json: unknown): string[] {
  const { diagnostics = [] } = json as { diagnostics?: { severity: string; message: string }[] };
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return errors.map(({ message }) => message.trim().replace(/^error: /, ""));
}

function asResource({ urn, id, type, inputs = {}, outputs = {}, propertyDependencies = {} }: Written): StackResource {
  const props = { ...(id ? { id } : {}), ...inputs, ...outputs };
  const region = text(props, "region");
  return {
    urn,
    type: plainType(type),
    name: urn.slice(urn.lastIndexOf("::") + 2),
    props,
    references: Object.fromEntries(
      Object.entries(propertyDependencies).map(([key, urns]) => [key, [...(urns ?? [])].sort()]),
    ),
    ignoreChanges: [],
    ...(isKnown(region) ? { region } : {}),
  };
}
