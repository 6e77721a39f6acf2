/**
 * `pulumi.com/waitFor`: conditions that the program itself names, `jsonpath={.status.phase}=Running`, `jsonpath={.status.loadBalancer}`,
 * `condition=Ready` or `condition=Ready=False`, or a JSON list of such; they take the place of the kind's own.
 */
import type { Values } from "../../protocol/values.js";
import { at, type Step } from "../model/tree.js";
import { type Awaiter, conditionOf } from "./awaiter.js";

interface Condition {
  readonly text: string;
  isMet(live: Values): boolean;
}

/** @throws Error which says what cannot be read */
export function waitForAwaiter(value: string): Awaiter {
  const conditions = textsOf(value).map(parseCondition);
  return {
    deadlineSeconds: 600,
    onRead: false,
    look: async ({ live }) => {
      const open = conditions.filter((condition) => !condition.isMet(live));
      return { done: open.length === 0, progress: `waiting for ${open.map(({ text }) => text).join(" and ")}` };
    },
  };
}

function textsOf(value: string): string[] {
  if (!value.trim().startsWith("[")) return [value];
  let list: unknown;
  try {
    list = JSON.parse(value);
  } catch (cause) {
    throw new Error(`pulumi.com/waitFor is "${value}", which is no JSON list`, { cause });
  }
  if (!Array.isArray(list) || list.length === 0 || list.some((item) => typeof item !== "string")) {
    throw new Error(`pulumi.com/waitFor is "${value}", expected a JSON list of at least one text`);
  }
  return list;
}

function parseCondition(text: string): Condition {
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    const isMet = (live: Values): boolean =>
      String(conditionOf(live, type)?.status).toLowerCase() === status.toLowerCase();
    return { text, isMet };
  }
  const jsonpath = /^jsonpath=\{?(\.[^}]*)\}?(?:=(.*))?$/.exec(text.replace(/^jsonpath="(.*)"$/, "jsonpath=$1"));
  if (!jsonpath) {
    throw new Error(
      `pulumi.com/waitFor is "${text}", expected jsonpath={.path}, jsonpath={.path}=VALUE, condition=TYPE or condition=TYPE=STATUS`,
    );
  }
  const [, path = "", wanted] = jsonpath;
  const steps = stepsOf(path, text);
  const isMet = (live: Values): boolean => {
    const found = at(live, steps);
    if (wanted === undefined) return found !== undefined && found !== null;
    return (typeof found === "object" ? JSON.stringify(found) : String(found)) === wanted;
  };
  return { text, isMet };
}

function stepsOf(path: string, text: string): Step[] {
  const steps: Step[] = [];
  const pattern = /\.([\w-]+(?:\\\.[\w-]+)*)|\[(\d+)\]|\['([^']+)'\]/gy;
  let end = 0;
  for (let match = pattern.exec(path); match; match = pattern.exec(path)) {
    const [, plain, index, quoted] = match;
    if (plain !== undefined) steps.push(plain.replaceAll("\\.", "."));
    else steps.push(index === undefined ? (quoted ?? "") : Number(index));
    end = pattern.lastIndex;
  }
  if (end === path.length && steps.length > 0) return steps;
  throw new Error(
    `pulumi.com/waitFor is "${text}": of JSONPath the rehearsal provider implements .name, [0] and ['name'] only. ` +
      "Fix: write the condition with these, or as condition=TYPE",
  );
}
