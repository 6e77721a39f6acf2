import { randomBytes } from "node:crypto";

// Unique per process by its random part and per request by the counter: asking for 12 random bytes with every request costs more.
const processPart = randomBytes(6).toString("hex");
let counter = 0;
let secondOfStamp = -1;
let stamp = "";

function freshId(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== secondOfStamp) {
    secondOfStamp = second;
    stamp = second.toString(16);
  }
  counter = (counter + 1) % 2 ** 48;
  return `1-${stamp}-${processPart}${counter.toString(16).padStart(12, "0")}`;
}

/**
 * The value of X-Amzn-Trace-Id for a target: a new Root, or, where the request brought a Root, a new Self before it and everything
 * else kept (ALB guide, request tracing).
 */
export function traceId(incoming: string | undefined, nowMs: number): string {
  if (incoming === undefined || !/(?:^|;)\s*Root=/.test(incoming)) return `Root=${freshId(nowMs)}`;
  const kept = incoming.split(";").filter((field) => !field.trim().startsWith("Self="));
  return `Self=${freshId(nowMs)};${kept.join(";")}`;
}
