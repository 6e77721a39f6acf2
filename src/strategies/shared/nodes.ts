import { refusal } from "../../errors/faults.js";

/**
 * Nodes as a program sees them. They are typed for EC2 and an Application Load Balancer; those that do not exist where the component really
 * stands say so when they are read, instead of being `undefined` against their type.
 */
export function strictNodes<T extends object>(subject: string, nodes: object, names: readonly (keyof T & string)[]): T {
  for (const name of names) {
    if (name in nodes) continue;
    Object.defineProperty(nodes, name, { get: () => refuse(subject, `nodes.${name}`, nodes) });
  }
  return nodes as T;
}

/** An output that only one platform has. */
export function onlyThere<T>(subject: string, name: string, value: T | undefined): T {
  return value ?? refuse(subject, name, {});
}

function refuse(subject: string, name: string, nodes: object): never {
  const there = Object.keys(nodes);
  throw refusal(subject, {
    code: "HIT264",
    problem: `${name} does not exist where this component runs.`,
    fix: `use what it is made of there${there.length > 0 ? ` (${there.join(", ")})` : ""}: \`kubernetesNodes(component)\` of hitless/kubernetes has them with their types`,
  });
}
