import { autoScalingGroups, instanceRefreshes } from "./autoScaling.js";
import { balancer } from "./balancer.js";
import { loadBalancing } from "./loadBalancing.js";
import type { Section, Statement } from "./model.js";
import { wire } from "./wire.js";

/** Every statement, in the order of docs/fidelity.md. */
export const sections: readonly Section[] = [loadBalancing, balancer, autoScalingGroups, instanceRefreshes, wire];

export const statements: readonly Statement[] = sections.flatMap((section) => section.statements);

/** The statement of that id; a mistyped id is an error. */
export function statementOf(id: string): Statement {
  const found = statements.find((one) => one.id === id);
  if (!found) throw new Error(`There is no statement ${id} in test/fidelity/statements.`);
  return found;
}

export type { Section, Statement } from "./model.js";
export { sources } from "./model.js";
