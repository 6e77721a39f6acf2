import type * as pulumi from "@pulumi/pulumi";
import type { Faults } from "../errors/faults.js";
import { onlyKnown, required, wholeNumber } from "../errors/known.js";

/** Keeps a user on the release that served first, by the load balancer's own cookie (`AWSALBTG`). */
export interface StickinessArgs {
  /** For how many seconds, 1 to 604800 (a week). A change updates the entrance in place. */
  readonly seconds: pulumi.Input<number>;
}

/** How long the cookie may last (botocore model, TargetGroupStickinessConfig). */
const LIMITS = [1, 604_800] as const;

/** The seconds, checked; nothing when users are not kept. */
export function checkStickiness(given: StickinessArgs | undefined, faults: Faults): pulumi.Input<number> | undefined {
  if (given === undefined) return undefined;
  const cookies = Object.keys(given).filter((key) => /cookie/i.test(key));
  for (const key of cookies) {
    const problem = `stickiness.${key} is set, but a cookie of the app does not work where weights share users out.`;
    faults.add({ code: "HIT177", problem, fix: "set stickiness.seconds: the load balancer's own cookie keeps users" });
  }
  const others = Object.fromEntries(Object.entries(given).filter(([key]) => !cookies.includes(key)));
  onlyKnown(faults, "stickiness.", others, ["seconds"]);
  required(faults, "stickiness.", given, ["seconds"]);
  if (given.seconds === undefined || given.seconds === null) return undefined;
  return faults.input(given.seconds, wholeNumber("stickiness.seconds", "HIT177", ...LIMITS));
}
