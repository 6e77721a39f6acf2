import { fleetSlug } from "./fleetSlug.js";

/** What is ours among labels and annotations of Kubernetes objects. */
const PREFIX = "hitless.dev/";
const TAG_PREFIX = "hitless:";

/** The longest value of a label, and the longest name of a Service (Kubernetes documentation, "Labels and Selectors"). */
export const LONGEST_LABEL = 63;

/** The label of which component an object is; its value is short, the annotation of the same name has the whole. */
export const COMPONENT_LABEL = `${PREFIX}component`;
export const FLEET_LABEL = `${PREFIX}fleet`;
export const VERSION_LABEL = "app.kubernetes.io/version";

/** On a Deployment: the target that its pods stand behind (a target group's ARN, or `NAMESPACE/NAME` of a Service). */
export const TARGET_ANNOTATION = `${PREFIX}target`;
/** On a Deployment: the fewest and the most pods that the program allows. */
export const MIN_SIZE_ANNOTATION = `${PREFIX}min-size`;
export const MAX_SIZE_ANNOTATION = `${PREFIX}max-size`;
/** On a route of a Gateway: `entrance`, or its place among the other routes. */
export const PLACE_ANNOTATION = `${PREFIX}place`;

/**
 * The labels by which a Service and a Deployment find the pods of one fleet. A Deployment's selector can never change
 * (Kubernetes documentation, "Deployments"), so it holds nothing that a release changes.
 * @param component `COMPONENT_TAG`'s value
 * @param name the fleet's logical name
 */
export function fleetSelector(component: string, name: string): Record<string, string> {
  return { [COMPONENT_LABEL]: labelValue(component), [FLEET_LABEL]: labelValue(name) };
}

/** A text as the value of a label: as it is where Kubernetes takes it, else shortened, with a digest. */
export function labelValue(text: string): string {
  if (/^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(text) && text.length <= LONGEST_LABEL) return text;
  return fleetSlug(text, LONGEST_LABEL);
}

/**
 * A fleet's logical name as the beginning of the names of its objects: in lower case, with a digest where that alone would make two
 * names one (a version may have capitals; names of objects may not).
 */
export function objectName(name: string): string {
  const lower = name.toLowerCase();
  // Behind a character that no lower-case name has, so that the digest of another text cannot be met.
  return lower === name ? name : `${lower}-${fleetSlug(`/${name}`, 7).split("-").at(-1)}`;
}

/** What is kept with a fleet (`hitless:version` …) as annotations: as text they may be as long and have whatever they like. */
export function annotationsOf(tags: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [
      key.startsWith(TAG_PREFIX) ? PREFIX + key.slice(TAG_PREFIX.length) : key,
      value,
    ]),
  );
}

/** The same the other way round; annotations of others are left out. */
export function tagsOf(annotations: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(annotations ?? {}).flatMap(([key, value]) =>
      key.startsWith(PREFIX) ? [[TAG_PREFIX + key.slice(PREFIX.length), value]] : [],
    ),
  );
}
