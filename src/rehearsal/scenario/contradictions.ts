import { ownHeaders } from "../load/ownHeaders.js";
import { requestName } from "../load/requestName.js";
import { interventionsOf, nameOf } from "./actions.js";
import type { ExpectedShares } from "./loadSchema.js";
import type { Scenario, ScenarioStep } from "./schema.js";

export interface Contradiction {
  readonly path: readonly (string | number)[];
  readonly problem: string;
  readonly fix: string;
}

/** What no single value is to blame for: steps that do two things at once, or could prove nothing. */
export function contradictions(scenario: Scenario): Contradiction[] {
  const found = [...inLoad(scenario), ...scenario.steps.flatMap((step, index) => inStep(step, index, scenario))];
  const first = scenario.steps[0];
  if (first !== undefined && first.up === undefined) {
    found.push({
      path: ["steps", 0],
      problem: `the first step, "${nameOf(first, 0)}", makes nothing`,
      fix: "begin with a step that has `up: success`.",
    });
  }
  return found;
}

function inLoad({ load }: Scenario): Contradiction[] {
  const names = load.requests.map(requestName);
  return load.requests.flatMap((request, index) => {
    const found: Contradiction[] = [];
    const add = (key: string, problem: string, fix: string): void => {
      found.push({ path: ["load", "requests", index, key], problem, fix });
    };
    if (request.name !== undefined && names.indexOf(request.name) !== names.lastIndexOf(request.name)) {
      add("name", `two requests are called "${request.name}"`, "give each a name of its own.");
    }
    if (request.users > 0 && Object.keys(request.headers).some((header) => header.toLowerCase() === "cookie")) {
      add("headers", "users keep their own cookies, and a Cookie header is given as well", "remove one of the two.");
    }
    const own = ownHeaders(request.headers);
    if (own.length > 0) {
      const problem = `the headers name ${own.join(", ")}, which the load generator itself decides about`;
      add("headers", problem, "take it out; a body is given by bodyBytes and bodySeconds.");
    }
    return found;
  });
}

function inStep(step: ScenarioStep, index: number, scenario: Scenario): Contradiction[] {
  const found: Contradiction[] = [];
  const add = (key: string | readonly string[], problem: string, fix: string): void => {
    found.push({
      path: ["steps", index, ...[key].flat()],
      problem: `${problem} in step "${nameOf(step, index)}"`,
      fix,
    });
  };
  const program = (["up", "preview", "kill"] as const).filter((action) => step[action] !== undefined);
  const actions = [...program, ...interventionsOf(step)];
  if (actions.length > 1) {
    const apart =
      program.length === 1 ? "make two steps of it, or put the latter into `during`." : "make two steps of it.";
    add(actions[1] ?? "", `${actions.join(" and ")} together`, apart);
  }
  const expects = step.shares !== undefined || Object.keys(step.sharesOf).length > 0;
  if (actions.length === 0 && step.faults === undefined && !expects) {
    found.push({
      path: ["steps", index],
      problem: `step "${nameOf(step, index)}" neither does nor expects anything`,
      fix: "give it `up`, `preview`, `kill`, `scale`, `weights`, `terminate` or `kubectl`, or `shares` to watch for.",
    });
  }
  const words = [step.kubectl, ...step.during.map(({ kubectl }) => kubectl)].find((given) => given !== undefined);
  if (words !== undefined && scenario.cluster === undefined) {
    add("kubectl", `kubectl ${words.join(" ")}, and no cluster`, "give the scenario `cluster`.");
  }
  if (step.up?.reason !== undefined && step.up.expect !== "refused") {
    add("up", "a reason for an update that is expected to succeed", "set `expect: refused` or drop `reason`.");
  }
  if (step.previewed === true && step.up === undefined) {
    add("previewed", "a preview to compare, and no update to compare it with,", "give the step `up`, or drop it.");
  }
  if (step.during.length > 0 && step.up === undefined && step.kill === undefined) {
    add("during", "something during an update, and no update", "give the step `up`, or make a step of it.");
  }
  if (step.shares !== undefined) inShares(step.shares, "shares", add);
  for (const [name, shares] of Object.entries(step.sharesOf)) {
    const named = scenario.load.requests.some((request) => requestName(request) === name);
    if (!named)
      add(["sharesOf", name], `shares of "${name}", which is no request of the load,`, "name one of load.requests.");
    inShares(shares, ["sharesOf", name], add);
  }
  if (expects && step.observeSeconds === 0 && step.observeRequests === 0) {
    add("observeSeconds", "shares, and no time to observe them,", "set observeSeconds or observeRequests above 0.");
  }
  if (step.versionChanges !== undefined && scenario.load.requests.every(({ users }) => users === 0)) {
    const problem = "version changes are expected, and the load has no users who could see them,";
    add("versionChanges", problem, "give a request of the load `users`.");
  }
  return found;
}

function inShares(
  shares: ExpectedShares,
  key: string | readonly string[],
  add: (key: string | readonly string[], problem: string, fix: string) => void,
): void {
  const sum = Object.values(shares).reduce((total, { share }) => total + share, 0);
  if (Math.abs(sum - 1) <= 1e-6) return;
  const fix = "shares are fractions of all answers: let their sum be 1.";
  add(key, `shares with the sum ${Number(sum.toFixed(6))}`, fix);
}
