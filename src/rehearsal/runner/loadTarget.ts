import { LoadProcess } from "../load/loadProcess.js";
import type { LoadOptions } from "../load/model.js";
import { badInput } from "../scenario/codes.js";
import type { ScenarioLoad } from "../scenario/schema.js";

/**
 * Idle connections are dropped well before the balancer's idle time-out (60 AWS seconds by default) would close them under a
 * request, as clients in front of a load balancer do.
 */
const IDLE_CONNECTION_AWS_SECONDS = 20;

/**
 * Starts the load on the URL that the program exports.
 *
 * @param trust certificates (PEM) that an HTTPS URL may serve
 * @throws HitlessError HIT420 when it exports none
 */
export function startLoad(
  load: ScenarioLoad,
  outputs: Readonly<Record<string, unknown>>,
  speed: number,
  trust: string,
): Promise<LoadProcess> {
  return LoadProcess.start({ ...loadOptions(load, targetUrl(load.output, outputs), speed), trust });
}

function loadOptions(load: ScenarioLoad, url: string, speed: number): LoadOptions {
  const { rate, requests, versionHeader, versionField, maxConnections } = load;
  const idleConnectionMs = Math.round((IDLE_CONNECTION_AWS_SECONDS * 1000) / speed);
  return { url, rate, requests, versionHeader, versionField, maxConnections, idleConnectionMs };
}

function targetUrl(output: string, outputs: Readonly<Record<string, unknown>>): string {
  const value = outputs[output];
  if (typeof value === "string" && /^https?:\/\//.test(value) && URL.canParse(value)) return value;
  const found = Object.keys(outputs);
  throw badInput([
    {
      code: "HIT420",
      subject: `output "${output}"`,
      problem:
        value === undefined
          ? `the program exports no such output (it exports ${found.length === 0 ? "none" : found.join(", ")})`
          : `its value is ${JSON.stringify(value)}, expected a URL that begins with http:// or https://`,
      fix: "export the load balancer's URL, or name the right output in load.output of the scenario.",
    },
  ]);
}
