import { invalid } from "../refusals.js";

/** Names of load balancers and target groups: 1 to 32 letters, digits and hyphens, no hyphen at either end (botocore model). */
export function requireName(kind: "Load balancer" | "Target group", name: string): string {
  const the = `${kind} name '${name}'`;
  if (name === "") throw invalid(`${kind} name cannot be empty`);
  if (name.length > 32) throw invalid(`${the} cannot be longer than '32' characters`);
  if (!/^[A-Za-z0-9-]+$/.test(name)) {
    throw invalid(`${the} can only contain characters that are alphanumeric characters or hyphens(-)`);
  }
  if (name.startsWith("-") || name.endsWith("-")) throw invalid(`${the} cannot begin or end with a hyphen(-)`);
  if (kind === "Load balancer" && name.startsWith("internal-")) throw invalid(`${the} cannot begin with 'internal-'`);
  return name;
}
